/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { amplification } from "./Amplification.ts"
import { figure1 } from "./Figure1.ts"
import { figure2 } from "./Figure2.ts"
import { logisticInFloat32 } from "./LogisticInFloat32.ts"
import { rates } from "./Rates.ts"
import { realRounding } from "./RealRounding.ts"
import { stochasticGradients } from "./StochasticGradients.ts"
import { tradeOff } from "./TradeOff.ts"
import { whereItCostsNothing } from "./WhereItCostsNothing.ts"
import { window } from "./Window.ts"
import { worstCases } from "./WorstCases.ts"

export const experiments: ReadonlyArray<Experiment> = [
  figure1,
  figure2,
  rates,
  amplification,
  tradeOff,
  realRounding,
  stochasticGradients,
  window,
  whereItCostsNothing,
  logisticInFloat32,
  worstCases,
]
