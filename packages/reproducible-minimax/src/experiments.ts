/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { amplification } from "./experiments/Amplification.ts"
import { figure1 } from "./experiments/Figure1.ts"
import { figure2 } from "./experiments/Figure2.ts"
import { rates } from "./experiments/Rates.ts"
import { realRounding } from "./experiments/RealRounding.ts"
import { stochasticDescentAscent } from "./experiments/Stochastic.ts"
import { tradeOff } from "./experiments/TradeOff.ts"
import { window } from "./experiments/Window.ts"

export const experiments: ReadonlyArray<Experiment> = [
  figure1,
  figure2,
  rates,
  amplification,
  tradeOff,
  realRounding,
  stochasticDescentAscent,
  window,
]
