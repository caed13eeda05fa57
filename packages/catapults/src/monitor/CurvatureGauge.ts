/**
 * A curvature, watched over a run: looked at now and then while the run is calm, and at both ends of a spike.
 *
 * Source: derived here. Looks are cheap, for each starts from the top vector of the last.
 */
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as Seed from "@nonconvex/numerics/Seed"

/** A symmetric operator at the current parameters; `scale` times its top eigenvalue is that of the Hessian of the loss. */
export interface Curvature {
  readonly operator: Operator.Operator
  readonly dimension: number
  /** 1 of a Hessian or Gauss-Newton matrix of the loss (the default), 2 c of a tangent kernel. */
  readonly scale?: number
}

export interface Gauge {
  /** A step of a calm run: looks, where that is due. */
  readonly probe: (curvature: Curvature | undefined) => void
  /** Looks where a spike begins, and returns the larger of the curvatures of now and of before. */
  readonly begin: (curvature: Curvature | undefined) => number | undefined
  /** Looks where a spike is over, and returns the curvature of now, also as a multiple of that before the spike. */
  readonly end: (curvature: Curvature | undefined) => {
    readonly now: number | undefined
    readonly ratio: number | undefined
  }
  /** Of the calm run, or as it was where a spike began. */
  readonly calm: () => number | undefined
  /** As last looked at. */
  readonly latest: () => number | undefined
}

/** A look with a residual past this share of the eigenvalue measures nothing: diagnoses hang on differences of 10 %. */
const resolution = 0.05

/** The top eigenvalue of a curvature, each look starting from the vector of the last; undefined where it was not found. */
const lookout = () => {
  let vector: Float64Array | undefined
  return ({ dimension, operator, scale = 1 }: Curvature): number | undefined => {
    const known = vector?.length === dimension ? vector : undefined
    const { residuals, values, vectors } = Lanczos.topEigenpairs(operator, {
      dimension,
      count: 1,
      seed: Seed.root("catapults/monitor"),
      tolerance: 1e-3,
      maxProducts: Math.max(3, Math.min(60, 2 * dimension + 3)),
      ...(known === undefined ? {} : { start: known }),
    })
    vector = vectors
    return residuals[0]! <= resolution * Math.abs(values[0]!) ? scale * values[0]! : undefined
  }
}

/** A gauge that looks every `probeEvery` steps of a calm run. */
export const gauge = (probeEvery: number): Gauge => {
  const topOf = lookout()
  let calm: number | undefined
  let latest: number | undefined
  let sinceLook = Number.POSITIVE_INFINITY

  const look = (curvature: Curvature) => {
    latest = topOf(curvature)
    sinceLook = 0
    return latest
  }

  return {
    probe: (curvature) => {
      if (curvature !== undefined && ++sinceLook >= probeEvery) calm = look(curvature)
    },
    begin: (curvature) => {
      const before = calm
      // a spike of the data leaves the curvature of before as the better measure, a rise of the curvature the one of now
      const now = curvature === undefined ? undefined : look(curvature)
      if (before === undefined) calm = now
      return before === undefined || now === undefined ? (before ?? now) : Math.max(before, now)
    },
    end: (curvature) => {
      const before = calm
      if (curvature === undefined) return { now: undefined, ratio: undefined }
      calm = look(curvature)
      return {
        now: calm,
        ratio: calm !== undefined && before !== undefined && before > 0 ? calm / before : undefined,
      }
    },
    calm: () => calm,
    latest: () => latest,
  }
}
