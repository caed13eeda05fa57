/**
 * Curvature tracked over a run: measured every few steps while the run is calm, and at both ends of a spike.
 *
 * Source: derived here. Measurements are cheap, because each starts from the top eigenvector of the previous one.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as Seed from "@nonconvex/numerics/Seed"

/** A symmetric operator at the current parameters; `scale` times its top eigenvalue is the top eigenvalue of the Hessian of the loss. */
export interface Curvature {
  readonly operator: Operator.Operator
  readonly dimension: number
  /** Scale: 1 for a Hessian or Gauss-Newton matrix of the loss, 2 c for a tangent kernel; default 1. */
  readonly scale?: number
}

const fresh = () => ({
  /** Curvature of the calm run, or at the onset of a spike. */
  calm: undefined as number | undefined,
  /** Last measured value. */
  latest: undefined as number | undefined,
  sinceLook: Number.POSITIVE_INFINITY,
  /** Top eigenvector of the last measurement, from which the next one starts. */
  vector: undefined as Float64Array | undefined,
})

/** State of a gauge: plain data. */
export type GaugeState = ReturnType<typeof fresh>

/** Largest residual, as a share of the eigenvalue, of a valid measurement; diagnoses depend on differences of 10 %. */
const resolution = 0.05

/** Top eigenvalue of a curvature; undefined if the iteration did not converge. */
const look = (
  state: GaugeState,
  { dimension, operator, scale = 1 }: Curvature,
  kernels: Kernels.Kernels | undefined,
) => {
  const known = state.vector?.length === dimension ? state.vector : undefined
  const { residuals, values, vectors } = Lanczos.topEigenpairs(operator, {
    dimension,
    count: 1,
    seed: Seed.root("catapults/monitor"),
    tolerance: 1e-3,
    maxProducts: Math.max(3, Math.min(60, 2 * dimension + 3)),
    ...(known === undefined ? {} : { start: known }),
    ...(kernels === undefined ? {} : { kernels }),
  })
  const isFound = residuals[0]! <= resolution * Math.abs(values[0]!)
  state.vector = vectors
  state.latest = isFound ? scale * values[0]! : undefined
  state.sinceLook = 0
  return state.latest
}

/** A gauge that measures every `probeEvery` steps of a calm run. */
export const curvatureGauge = (probeEvery: number, kernels: Kernels.Kernels | undefined) => {
  const state = fresh()
  return {
    state,
    /** A step of a calm run; measures the curvature if that is due. */
    probe: (curvature: Curvature | undefined): void => {
      if (curvature !== undefined && ++state.sinceLook >= probeEvery) {
        state.calm = look(state, curvature, kernels)
      }
    },
    /** Measures the curvature at the onset of a spike, and returns the larger of the current and the previous value. */
    begin: (curvature: Curvature | undefined) => {
      const before = state.calm
      // a spike of the data leaves the curvature of before as the better measure, a rise of the curvature the one of now
      const now = curvature === undefined ? undefined : look(state, curvature, kernels)
      if (before === undefined) state.calm = now
      return before === undefined || now === undefined ? (before ?? now) : Math.max(before, now)
    },
    /** Measures at the end of a spike; returns the current curvature, also relative to that before the spike. */
    end: (curvature: Curvature | undefined) => {
      const before = state.calm
      if (curvature === undefined) return { now: undefined, ratio: undefined }
      const now = look(state, curvature, kernels)
      state.calm = now
      const isKnown = now !== undefined && before !== undefined && before > 0
      return { now, ratio: isKnown ? now / before : undefined }
    },
  }
}
