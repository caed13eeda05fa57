import { Margin, type MarginInput } from "@nonconvex/evidence"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { near } from "./Near.ts"
import { expand, type Expanded, type Problem } from "./RandomNetwork.ts"
import type { Subject } from "./Subject.ts"

/** Another network and start, with the maps from the limit and pre-activations of the first to those expected. */
export interface Image {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly limit: (theta: Float64Array) => Float64Array
}

export const margin = ({
  instance: { problem },
  kernels,
  subject: { flatLimit },
  value: image,
}: MarginInput<Problem, (expanded: Expanded) => Image, Subject>): Margin.Comparison => {
  const expanded = expand(problem, { kernels })
  const here = flatLimit(expanded.network, expanded.theta)
  const { limit, network, theta } = image(expanded)
  const there = flatLimit(network, theta)
  return Margin.all(
    near(there.theta, limit(here.theta)),
    near(there.preactivations, here.preactivations),
  )
}
