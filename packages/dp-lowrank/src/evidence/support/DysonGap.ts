import { Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
export const fields = {
  beta: Draw.oneOf(1, 2),
  m: Draw.oneOf(0, 1, 5),
  variance: Draw.oneOf(1, 0.5, 2),
}

export const twoByTwo = Draw.record(fields)

export type TwoByTwo = Draw.Drawn<typeof twoByTwo>

/** Gap after one step of the flow with the given normals, and the duration of that step. */
const gapAfterStep = ({ beta, m, variance }: TwoByTwo, normals: Float64Array) => {
  const flow = DysonBrownianMotion.make(Float64Array.of(m, 0), {
    beta,
    variance: NoiseEnsemble.ensembleVariance(beta, variance),
    timeStep: 0.1,
  })
  DysonBrownianMotion.step(flow, normals)
  return { gap: flow.position[0]! - flow.position[1]!, time: flow.timeStep }
}

/** Drift coefficient in units of the variance: without noise, a step has gap = m + 2 c h / gap. */
export const coefficientOf = (instance: TwoByTwo): number => {
  const { gap, time } = gapAfterStep(instance, Float64Array.of(0, 0))
  return (gap * (gap - instance.m)) / (2 * time * instance.variance)
}

/** Variance of an eigenvalue in the same units, from a step with opposite normals: gap = m + 2 s sqrt(h) + 2 c h / gap. */
const eigenvalueVariance = (instance: TwoByTwo): number => {
  const { gap, time } = gapAfterStep(instance, Float64Array.of(1, -1))
  const driftAndOverlap = (2 * coefficientOf(instance) * instance.variance * time) / gap
  return Elementary.square(gap - instance.m - driftAndOverlap) / (4 * time * instance.variance)
}

/** Compares E gap^2 of the flow with drift coefficient c and variance s^2, d gap^2 = 4 c + 2 s^2, with that of the matrix. */
export const gapSquareMargin = (instance: TwoByTwo, coefficient: number): Margin.Comparison => {
  const { beta, m, variance } = instance
  const growth = (4 * coefficient + 2 * eigenvalueVariance(instance)) * variance
  return Margin.equal(m * m + growth, GapLaws.meanSquareGapOfTwo(beta, m, variance), {
    relative: 1e-9,
  })
}
