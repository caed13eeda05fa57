/** How a release turns, moves and scales with its data: with the matrix and its spectrum, with units, features that are 0 and more privacy, and in any order. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { scatterOf } from "../../audit/AuditSubject.ts"
import { derived } from "../support/Paper.ts"
import {
  expand,
  normalsOf,
  plus,
  product,
  realNoise,
  spiked,
  type Spiked,
  streamOf,
  transposed,
} from "../support/Structures.ts"
import { type Calibrated, mutant, type Subject, dpLowrank } from "../support/Subject.ts"

/** A control whose matrices are changed before the top of them is taken. */
const withLowRank = (
  name: string,
  change: (matrix: Float64Array, dimension: number) => Float64Array,
) =>
  mutant(name, ({ lowRank }) => ({
    lowRank: (matrix, dimension, rank, kernels) =>
      lowRank(change(matrix, dimension), dimension, rank, kernels),
  }))

const traceOf = (matrix: Float64Array, d: number): number =>
  matrix.reduce((sum, x, at) => (at % (d + 1) === 0 ? sum + x : sum), 0)

/** A noisy matrix with a gap after its rank. */
const noisyOf = (instance: Spiked) => {
  const { dimension: d, matrix, rank, scale } = expand({ ...instance, shape: "zeros", share: 0.5 })
  const noise = realNoise(d, Elementary.square(0.001 * scale), streamOf(instance.seed, "noise"))
  return {
    dimension: d,
    rank: Math.max(1, Math.floor(rank / 2)),
    scale,
    noisy: plus(matrix, noise),
  }
}

export const equivariance = claim({
  id: "dp-lowrank/orthogonal-equivariance",
  statement: "The top k of Q S Q^T is Q (top k of S) Q^T.",
  inFloatingPoint: "agreement",
  source: derived("invariance of the truncation"),
  subject: dpLowrank,
  instances: spiked(2),
  margin: ({ instance, kernels, subject: { lowRank } }) => {
    const { dimension: d, noisy, rank, scale } = noisyOf(instance)
    const q = Orthogonal.haar(d, streamOf(instance.seed, "rotation"))
    const rotate = (a: Float64Array) => product(product(q, a, d), transposed(q, d), d)
    const topOfRotated = lowRank(rotate(noisy), d, rank, kernels)
    const rotatedTop = rotate(lowRank(noisy, d, rank, kernels))
    return Margin.equal(Vector.distance(topOfRotated, rotatedTop), 0, {
      absolute: 1e-6 * scale * d,
    })
  },
  controls: [withLowRank("entries clipped at 0", (matrix) => matrix.map((x) => Math.max(0, x)))],
})

export const shift = claim({
  id: "dp-lowrank/shift-of-the-spectrum",
  statement: "Adding a I shifts the kept eigenvalues by a and leaves the subspace.",
  inFloatingPoint: "agreement",
  source: derived("invariance of eigenvectors"),
  subject: dpLowrank,
  instances: spiked(2),
  margin: ({ instance, kernels, subject: { lowRank } }) => {
    const { dimension: d, noisy, rank, scale } = noisyOf(instance)
    const shifted = noisy.map((x, at) => (at % (d + 1) === 0 ? x + 3 * scale : x))
    const moved = lowRank(shifted, d, rank, kernels)
    const kept = lowRank(noisy, d, rank, kernels)
    const projector = moved.map((x, i) => (x - kept[i]!) / (3 * scale))
    const squared = product(projector, projector, d)
    const tolerance = { absolute: 1e-6 * d }
    return Margin.all(
      Margin.equal(Vector.distance(squared, projector), 0, tolerance),
      Margin.equal(traceOf(projector, d), rank, tolerance),
    )
  },
  controls: [
    withLowRank("a spectrum normalised by its trace", (matrix, d) => {
      const trace = traceOf(matrix, d)
      return matrix.map((x) => x / trace)
    }),
  ],
})

const withScale = (name: string, scale: (subject: Subject, options: Calibrated) => number) =>
  mutant(name, (subject) => ({ scale: (options) => scale(subject, options) }))

const calibrated = () =>
  Draw.record<Calibrated & { readonly factor: number }>({
    epsilon: Draw.logarithmic(1, 10),
    delta: Draw.oneOf(1e-6, 1e-9, 1e-3),
    neighbours: Draw.oneOf("replace", "add-remove"),
    bound: Draw.oneOf(1, 0.5, 4),
    dimension: Draw.integer(1, 30),
    factor: Draw.integer(2, 8),
  })

export const units = claim({
  id: "dp-lowrank/units-of-the-rows",
  statement:
    "Rows and bound multiplied by a power of two c multiply the noise by c^2, bit for bit.",
  inFloatingPoint: "bits",
  source: derived("homogeneity of the sensitivity"),
  subject: dpLowrank,
  instances: calibrated(),
  margin: ({ instance: { factor, ...options }, subject: { scale } }) => {
    const c = Elementary.powerOfTwo(factor)
    return Margin.holds(scale({ ...options, bound: c * options.bound }) === c * c * scale(options))
  },
  controls: [
    withScale(
      "a sensitivity linear in the bound",
      ({ scale }, options) => options.bound * scale({ ...options, bound: 1 }),
    ),
  ],
})

export const padding = claim({
  id: "dp-lowrank/zero-features-cost-nothing",
  statement:
    "Features that are 0 change the dimension and neither sensitivity nor scale, but for the rounding to the grid (1e-6).",
  inFloatingPoint: "functions",
  source: derived("sensitivity does not depend on the dimension"),
  subject: dpLowrank,
  instances: calibrated(),
  margin: ({ instance: { factor, ...options }, subject: { scale } }) =>
    Margin.equal(scale({ ...options, dimension: factor * options.dimension }), scale(options), {
      relative: 1e-5,
    }),
  controls: [
    withScale(
      "a sensitivity by entries",
      ({ scale }, options) => Math.sqrt(options.dimension) * scale(options),
    ),
  ],
})

export const monotonicity = claim({
  id: "dp-lowrank/more-privacy-more-noise",
  statement:
    "Smaller epsilon or delta takes more noise, and a replaced row sqrt 2 times that of one row more or less.",
  inFloatingPoint: "functions",
  source: derived("monotonicity of the calibration"),
  subject: dpLowrank,
  instances: calibrated(),
  margin: ({ instance: { factor, ...options }, subject: { scale } }) => {
    const base = scale(options)
    return Margin.all(
      Margin.holds(scale({ ...options, epsilon: options.epsilon / factor }) > base),
      Margin.holds(scale({ ...options, delta: options.delta / factor }) > base),
      Margin.holds(
        scale({ ...options, neighbours: "replace" }) >=
          1.41 * scale({ ...options, neighbours: "add-remove" }),
      ),
    )
  },
  controls: [
    withScale("one delta for all", ({ scale }, options) => scale({ ...options, delta: 1e-6 })),
    withScale("one sensitivity for both relations", ({ scale }, options) =>
      scale({ ...options, neighbours: "replace" }),
    ),
  ],
})

export const permutation = claim({
  id: "dp-lowrank/permutations",
  statement:
    "Permuting the rows changes no bit of the sum, permuting the columns conjugates it, and zero columns pad it.",
  inFloatingPoint: "bits",
  source: derived("exact accumulation"),
  subject: dpLowrank,
  instances: Draw.record({
    dimension: Draw.integer(2, 5),
    rows: Draw.integer(2, 40),
    bound: Draw.oneOf(1, 0.3, 7),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { bound, dimension: d, rows: n, seed }, kernels, subject: { scatter } }) => {
    const values = normalsOf(seed, "rows", n * d)
    const order = streamOf(seed, "order").permutation(n)
    const columns = streamOf(seed, "columns").permutation(d)
    const sum = scatter(values, d, bound, kernels)
    const near = (x: number, y: number) => Math.abs(x - y) < 1e-4 * (bound * bound)
    const rearranged = (width: number, entry: (row: number, column: number) => number) => {
      const at = (k: number) => entry(Math.floor(k / width), k % width)
      const entries = Float64Array.from({ length: n * width }, (_, k) => at(k))
      return scatter(entries, width, bound, kernels)
    }
    const byRows = rearranged(d, (i, j) => values[order[i]! * d + j]!)
    const byColumns = rearranged(d, (i, j) => values[i * d + columns[j]!]!)
    const padded = rearranged(d + 1, (i, j) => (j === d ? 0 : values[i * d + j]!))
    return Margin.holds(
      sum.every((x, at) => {
        const [i, j] = [Math.floor(at / d), at % d]
        const permuted = sum[columns[i]! * d + columns[j]!]!
        return (
          x === byRows[at] && near(byColumns[at]!, permuted) && near(padded[i * (d + 1) + j]!, x)
        )
      }),
    )
  },
  controls: [
    mutant("sums in floating point", () => ({
      scatter: (rows, d, bound) => {
        const clipped = rows.slice()
        for (let from = 0; from < rows.length; from += d) {
          const row = clipped.subarray(from, from + d)
          Vector.scale(Math.min(1, bound / Vector.norm(row)), row)
        }
        return scatterOf(clipped, d)
      },
    })),
  ],
})
