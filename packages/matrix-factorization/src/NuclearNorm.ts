import { Require, Vector } from "@nonconvex/numerics"
import { consistencyTolerance, constraints } from "./Constraints.ts"
import * as Matrix from "./Matrix.ts"
import type { Measurements } from "./Measurements.ts"
import { operatorNorm, shrinkage } from "./Shrinkage.ts"

interface Options {
  /** Duality gap to stop at, relative to the nuclear norm; 1e-9 unless told. */
  readonly tolerance?: number
  /** 20,000 unless told. */
  readonly maxIterations?: number
}

/** An interpolant, and the proof of how far its nuclear norm is from the least. */
export interface NuclearNormSolution {
  /** rows x columns; interpolates to rounding unless `status` is "inconsistent". */
  readonly matrix: Float64Array
  readonly nuclearNorm: number
  /** No interpolant has a smaller nuclear norm than this: `<Y, X>` for the certificate Y. */
  readonly lowerBound: number
  /** `nuclearNorm - lowerBound`: at least 0 up to rounding. */
  readonly gap: number
  /** A combination of the measurements with operator norm at most 1. */
  readonly certificate: Float64Array
  /** `|A(X) - b| / |b|` of the least squares solution. */
  readonly inconsistency: number
  readonly iterations: number
  /** "certified": the gap is within the tolerance. "budget": it is not, yet. "inconsistent": no matrix has these measurements. */
  readonly status: "certified" | "budget" | "inconsistent"
}

/** Iterations between two looks at the gap grow with their number, so that looking stays cheap. */
const nextLook = (iteration: number): number => iteration + Math.max(10, Math.floor(iteration / 10))

/** Over-relaxed, within (0, 2): what converges fastest on average in our trials. */
const relaxation = 1.6

/**
 * The interpolant of least nuclear norm, by Douglas-Rachford splitting with a dual certificate (algorithm 2.6): the answer carries
 * its own proof, and where the tolerance was not reached it says so.
 *
 * Throws InvalidInput on targets of the wrong length or not finite and on bad options.
 */
export const minimiseNuclearNorm = (
  measurements: Measurements,
  targets: Float64Array,
  options: Options = {},
): NuclearNormSolution => {
  const { maxIterations = 20_000, tolerance = 1e-9 } = options
  const { columns, rows } = measurements
  Require.vector("minimiseNuclearNorm", "targets", targets, measurements.count)
  Require.positive("minimiseNuclearNorm", "tolerance", tolerance)
  Require.count("minimiseNuclearNorm", "maxIterations", maxIterations)
  const space = constraints(measurements, targets)
  const { inconsistency, minimumNorm, project } = space
  const scale = operatorNorm(minimumNorm, rows, columns)
  if (inconsistency > consistencyTolerance || scale === 0) {
    const nuclearNorm = Matrix.nuclearNorm(minimumNorm, rows, columns)
    const zero = scale === 0 && inconsistency <= consistencyTolerance
    return {
      matrix: minimumNorm,
      nuclearNorm,
      lowerBound: 0,
      gap: nuclearNorm,
      certificate: new Float64Array(rows * columns),
      inconsistency,
      iterations: 0,
      status: zero ? "certified" : "inconsistent",
    }
  }
  const gamma = scale / 2
  const shrink = shrinkage(rows, columns)
  const z = minimumNorm.slice()
  const x = z.slice()
  const reflected = z.slice()
  const y = z.slice()
  const look = (iterations: number): NuclearNormSolution => {
    const certificate = x.slice()
    Vector.axpy(-1, z, certificate)
    const norm = operatorNorm(certificate, rows, columns)
    if (norm > 0) Vector.scale(1 / Math.max(gamma, norm), certificate)
    const nuclearNorm = Matrix.nuclearNorm(x, rows, columns)
    const lowerBound = Vector.dot(certificate, x)
    const gap = nuclearNorm - lowerBound
    return {
      matrix: x.slice(),
      nuclearNorm,
      lowerBound,
      gap,
      certificate,
      inconsistency,
      iterations,
      status: gap <= tolerance * nuclearNorm ? "certified" : "budget",
    }
  }
  let due = nextLook(0)
  for (let iteration = 1; ; iteration++) {
    Vector.copy(z, x)
    project(x)
    if (iteration === due || iteration > maxIterations) {
      due = nextLook(iteration)
      const found = look(iteration - 1)
      if (found.status === "certified" || iteration > maxIterations) return found
    }
    for (let k = 0; k < z.length; k++) reflected[k] = 2 * x[k]! - z[k]!
    shrink(reflected, gamma, y)
    for (let k = 0; k < z.length; k++) z[k]! += relaxation * (y[k]! - x[k]!)
  }
}
