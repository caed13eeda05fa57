/** How a private covariance transforms with its data, its units and its parameters: laws for any implementation. */
import { Draw, type Law, law, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "../support/Paper.ts"
import {
  expand,
  plus,
  product,
  realNoise,
  type Spiked,
  spiked,
  streamOf,
  transposed,
} from "../support/Structures.ts"
import type { Calibrated, Subject } from "../support/Subject.ts"

const withLowRank =
  (change: (matrix: Float64Array, dimension: number) => Float64Array) =>
  (subject: Subject): Subject => ({
    ...subject,
    lowRank: (matrix, dimension, rank) =>
      subject.lowRank(change(matrix, dimension), dimension, rank),
  })

const withScale =
  (scale: (subject: Subject, options: Calibrated) => number) =>
  (subject: Subject): Subject => ({ ...subject, scale: (options) => scale(subject, options) })

/** A noisy matrix with a gap after its rank. */
const noisyOf = (instance: Spiked) => {
  const { dimension: d, matrix, rank, scale } = expand({ ...instance, shape: "zeros", share: 0.5 })
  const noise = realNoise(d, (0.001 * scale) ** 2, streamOf(instance.seed, "noise"))
  return {
    dimension: d,
    rank: Math.max(1, Math.floor(rank / 2)),
    scale,
    noisy: plus(matrix, noise),
  }
}

export const equivariance = law<Subject, Spiked>({
  id: "dp-lowrank/orthogonal-equivariance",
  statement: "The top k of Q S Q^T is Q (top k of S) Q^T.",
  source: derived("invariance of the truncation"),
  instances: spiked(2),
  margin: ({ lowRank }, instance) => {
    const { dimension: d, noisy, rank, scale } = noisyOf(instance)
    const q = Orthogonal.haar(d, streamOf(instance.seed, "rotation"))
    const turn = (a: Float64Array) => product(product(q, a, d), transposed(q, d), d)
    const [one, other] = [lowRank(turn(noisy), d, rank), turn(lowRank(noisy, d, rank))]
    return Margin.equal(Vector.distance(one, other), 0, { absolute: 1e-6 * scale * d })
  },
  controls: [
    {
      name: "entries clipped at 0",
      subject: withLowRank((matrix) => matrix.map((x) => Math.max(0, x))),
    },
  ],
})

interface Noisy {
  readonly dimension: number
  readonly scale: number
  readonly seed: number
}

export const isotropy = law<Subject, Noisy>({
  id: "dp-lowrank/isotropic-noise",
  statement:
    "The noise has one variance along every unit direction of symmetric matrices, a coordinate one or a rotated one (a false alarm in 1e9 trials).",
  source: derived("orthogonal equivariance in law"),
  instances: Draw.record<Noisy>({
    dimension: Draw.integer(2, 5),
    scale: Draw.logarithmic(1, 100),
    seed: Draw.seed(),
  }),
  margin: ({ noise }, { dimension: d, scale, seed }) => {
    const n = 1000
    const stream = streamOf(seed, "noise")
    let [along, across] = [0, 0]
    for (let k = 0; k < n; k++) {
      const e = noise(d, scale, stream)
      along += (e[0]! / scale) ** 2 / n
      // the direction (e_1 e_2^T + e_2 e_1^T) / sqrt 2
      across += ((Math.SQRT2 * e[1]!) / scale) ** 2 / n
    }
    const tolerance = { absolute: 6.5 * Math.sqrt(2 / n) }
    return Margin.all(Margin.equal(along, 1, tolerance), Margin.equal(across, 1, tolerance))
  },
  controls: [
    {
      name: "one variance on the upper triangle",
      subject: (subject) => ({
        ...subject,
        noise: (d, scale, stream) =>
          subject.noise(d, scale, stream).map((x, at) => (at % (d + 1) === 0 ? x : Math.SQRT2 * x)),
      }),
    },
  ],
})

const calibrated = () =>
  Draw.record<Calibrated & { readonly factor: number }>({
    epsilon: Draw.logarithmic(1, 10),
    delta: Draw.oneOf(1e-6, 1e-9, 1e-3),
    neighbours: Draw.oneOf("replace", "add-remove"),
    bound: Draw.oneOf(1, 0.5, 4),
    dimension: Draw.integer(1, 30),
    factor: Draw.integer(2, 8),
  })

type Rescaled = Calibrated & { readonly factor: number }

export const units = law<Subject, Rescaled>({
  id: "dp-lowrank/units-of-the-rows",
  statement:
    "Rows and bound multiplied by a power of two c multiply the noise by c^2, bit for bit.",
  source: derived("homogeneity of the sensitivity"),
  instances: calibrated(),
  margin: ({ scale }, { factor, ...options }) => {
    const c = 2 ** factor
    return Margin.holds(scale({ ...options, bound: c * options.bound }) === c * c * scale(options))
  },
  controls: [
    {
      name: "a sensitivity linear in the bound",
      subject: withScale(({ scale }, options) => options.bound * scale({ ...options, bound: 1 })),
    },
  ],
})

export const padding = law<Subject, Rescaled>({
  id: "dp-lowrank/zero-features-cost-nothing",
  statement:
    "Features that are 0 change the dimension and neither sensitivity nor scale, but for the rounding to the grid (1e-6).",
  source: derived("sensitivity does not depend on the dimension"),
  instances: calibrated(),
  margin: ({ scale }, { factor, ...options }) =>
    Margin.equal(scale({ ...options, dimension: factor * options.dimension }), scale(options), {
      relative: 1e-5,
    }),
  controls: [
    {
      name: "a sensitivity by entries",
      subject: withScale(({ scale }, options) => Math.sqrt(options.dimension) * scale(options)),
    },
  ],
})

export const monotonicity = law<Subject, Rescaled>({
  id: "dp-lowrank/more-privacy-more-noise",
  statement:
    "Smaller epsilon or delta takes more noise, and a replaced row sqrt 2 times that of one row more or less.",
  source: derived("monotonicity of the calibration"),
  instances: calibrated(),
  margin: ({ scale }, { factor, ...options }) => {
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
    {
      name: "one delta for all",
      subject: withScale(({ scale }, options) => scale({ ...options, delta: 1e-6 })),
    },
    {
      name: "one sensitivity for both relations",
      subject: withScale(({ scale }, options) => scale({ ...options, neighbours: "replace" })),
    },
  ],
})

export const shift = law<Subject, Spiked>({
  id: "dp-lowrank/shift-of-the-spectrum",
  statement: "Adding a I shifts the kept eigenvalues by a and leaves the subspace.",
  source: derived("invariance of eigenvectors"),
  instances: spiked(2),
  margin: ({ lowRank }, instance) => {
    const { dimension: d, noisy, rank, scale } = noisyOf(instance)
    const shifted = noisy.map((x, at) => (at % (d + 1) === 0 ? x + 3 * scale : x))
    const moved = lowRank(shifted, d, rank)
    const kept = lowRank(noisy, d, rank)
    const projector = moved.map((x, i) => (x - kept[i]!) / (3 * scale))
    const squared = product(projector, projector, d)
    return Margin.all(
      Margin.equal(Vector.distance(squared, projector), 0, { absolute: 1e-6 * d }),
      Margin.equal(
        projector.reduce((sum, x, at) => (at % (d + 1) === 0 ? sum + x : sum), 0),
        rank,
        { absolute: 1e-6 * d },
      ),
    )
  },
  controls: [
    {
      name: "a spectrum normalised by its trace",
      subject: withLowRank((matrix, d) => {
        const trace = matrix.reduce((sum, x, at) => (at % (d + 1) === 0 ? sum + x : sum), 0)
        return matrix.map((x) => x / trace)
      }),
    },
  ],
})

interface Rows {
  readonly dimension: number
  readonly rows: number
  readonly bound: number
  readonly seed: number
}

export const permutation = law<Subject, Rows>({
  id: "dp-lowrank/permutations",
  statement:
    "Permuting the rows changes no bit of the sum, permuting the columns conjugates it, and zero columns pad it.",
  source: derived("exact accumulation"),
  instances: Draw.record<Rows>({
    dimension: Draw.integer(2, 5),
    rows: Draw.integer(2, 40),
    bound: Draw.oneOf(1, 0.3, 7),
    seed: Draw.seed(),
  }),
  margin: ({ scatter }, { bound, dimension: d, rows: n, seed }) => {
    const values = new Float64Array(n * d)
    streamOf(seed, "rows").fillNormal(values)
    const order = streamOf(seed, "order").permutation(n)
    const columns = streamOf(seed, "columns").permutation(d)
    const sum = scatter(values, d, bound)
    const byRows = scatter(
      values.map((_, at) => values[order[Math.floor(at / d)]! * d + (at % d)]!),
      d,
      bound,
    )
    const byColumns = scatter(
      values.map((_, at) => values[Math.floor(at / d) * d + columns[at % d]!]!),
      d,
      bound,
    )
    const padded = scatter(
      Float64Array.from({ length: n * (d + 1) }, (_, at) =>
        at % (d + 1) === d ? 0 : values[Math.floor(at / (d + 1)) * d + (at % (d + 1))]!,
      ),
      d + 1,
      bound,
    )
    return Margin.holds(
      sum.every((x, i) => x === byRows[i]) &&
        byColumns.every(
          (x, at) =>
            Math.abs(x - sum[columns[Math.floor(at / d)]! * d + columns[at % d]!]!) <
            1e-4 * bound ** 2,
        ) &&
        sum.every(
          (x, at) =>
            Math.abs(x - padded[Math.floor(at / d) * (d + 1) + (at % d)]!) < 1e-4 * bound ** 2,
        ),
    )
  },
  controls: [
    {
      name: "sums in floating point",
      subject: (subject) => ({
        ...subject,
        scatter: (rows, d, bound) => {
          const out = new Float64Array(d * d)
          for (let from = 0; from < rows.length; from += d) {
            const row = rows.subarray(from, from + d)
            const factor = Math.min(1, bound / Vector.norm(row))
            for (let i = 0; i < d; i++) {
              for (let j = 0; j < d; j++) {
                out[i * d + j]! += factor * row[i]! * (factor * row[j]!)
              }
            }
          }
          return out
        },
      }),
    },
  ],
})

export const metamorphic: ReadonlyArray<Law<Subject>> = [
  equivariance,
  isotropy,
  units,
  padding,
  monotonicity,
  shift,
  permutation,
]
