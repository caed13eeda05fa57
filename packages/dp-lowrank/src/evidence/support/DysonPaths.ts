import { Draw } from "@nonconvex/evidence"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import { streamOf } from "./Structures.ts"

/** `wider` is the excess of the gaps of the second start. */
export const paths = (timeStep = Draw.logarithmic(1, 1e-3)) =>
  Draw.record({
    dimension: Draw.integer(2, 8),
    beta: Draw.oneOf(1, 2),
    timeStep,
    steps: Draw.integer(1, 10),
    wider: Draw.linear(1, 0),
    seed: Draw.seed(),
  })

type Path = Draw.Drawn<ReturnType<typeof paths>>

/** Descending starts; every gap of the second is at least that of the first. */
export const starts = ({ dimension, seed, wider }: Path) => {
  const stream = streamOf(seed, "start")
  const narrow = new Float64Array(dimension)
  const wide = new Float64Array(dimension)
  for (let i = 1; i < dimension; i++) {
    const gap = stream.uniform() < 0.3 ? 0 : stream.uniform()
    narrow[i] = narrow[i - 1]! - gap
    wide[i] = wide[i - 1]! - gap - wider * stream.uniform()
  }
  return { narrow, wide }
}

export type Step = (flow: DysonBrownianMotion.DysonBrownianMotion, normals: Float64Array) => void

export const follow = (
  instance: Path,
  start: Float64Array,
  step: Step = DysonBrownianMotion.step,
  sign = 1,
) => {
  const { beta, dimension, seed, steps, timeStep } = instance
  const flow = DysonBrownianMotion.make(start, { beta, timeStep })
  const stream = streamOf(seed, "noise")
  const normals = new Float64Array(dimension)
  for (let k = 0; k < steps; k++) {
    stream.fillNormal(normals)
    step(flow, sign === 1 ? normals : normals.map((x) => -x).toReversed())
  }
  return flow.position
}
