/** The average gradient outer product and its alignment. */
import { claim, Draw, Exact, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Agop from "../../features/Agop.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { topOfKernel } from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { aligned, ranked } from "../support/ExactAgop.ts"
import { expand, normals, sized } from "../support/Expand.ts"
import { scaled } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived, recalled } from "../support/Paper.ts"

/** Pre-activations this close to a kink have no derivative that differences could find. */
const kink = 1e-3

export const agopOfNetworks = claim({
  id: "catapults/agop",
  statement:
    "The average gradient outer product is symmetric and positive semidefinite, does not depend on how samples are batched, and is what differences of the predictions show.",
  inFloatingPoint: "agreement",
  source: recalled("definition of the AGOP"),
  instances: sized([12, 8, 24], { batch: Draw.integer(1, 12) }),
  value: Agop.agop,
  margin: ({ instance, kernels, value: sum }) => {
    const { architecture, features, start } = expand(instance, kernels)
    const { inputs: d, samples: n, width } = instance
    const network = ntkNetwork({ architecture, features, kernels })
    const whole = sum(network, start)
    const batched = sum(network, start, { batchSize: instance.batch })
    const predict = (moved: Float64Array) => {
      const out = new Float64Array(n)
      ntkNetwork({ architecture, features: moved, kernels }).predict(start, out)
      return out
    }
    const isNearKink = Array.from({ length: n * width }, (_, at) => {
      const [k, i] = [Math.floor(at / width), at % width]
      return Math.abs(
        Vector.dot(features.subarray(k * d, (k + 1) * d), start.subarray(i * d, (i + 1) * d)),
      )
    }).some((z) => z < kink)
    const h = 1e-5
    const rows = new Float64Array(n * d)
    for (let j = 0; j < d; j++) {
      const shifted = (by: number) =>
        Float64Array.from(features, (x, at) => (at % d === j ? x + by : x))
      const [up, down] = [predict(shifted(h)), predict(shifted(-h))]
      for (let k = 0; k < n; k++) rows[k * d + j] = (up[k]! - down[k]!) / (2 * h)
    }
    const differences = new Float64Array(d * d)
    kernels.syrk(true, d, n, 1 / n, rows, 0, differences)
    const transposed = whole.map((_, at) => whole[(at % d) * d + Math.floor(at / d)]!)
    // positive semidefinite: the smallest eigenvalue is the largest of -G, taken from above
    const least = -topOfKernel(scaled(whole, -1), d, { route: "dense", kernels }).values[0]!
    return Margin.all(
      nearVector(whole, transposed, 1e-12),
      nearVector(batched, whole, 1e-12),
      isNearKink ? Margin.holds(true) : nearVector(whole, differences, 1e-6),
      Margin.atLeast(least + 1e-12 * Math.max(1, Vector.norm(whole)), 0),
    )
  },
  controls: [
    {
      name: "a sum that is not divided",
      value: (model, parameters, options) =>
        Agop.agop(model, parameters, options).map((entry) => entry * model.size),
    },
    {
      name: "every batch divided by its own size, and not weighed",
      value: (model, parameters, options) => {
        const size = options?.batchSize ?? model.size
        return Agop.agop(model, parameters, options).map(
          (entry) => (entry * Math.ceil(model.size / size) * size) / model.size,
        )
      },
    },
  ],
})

const wishart = (seed: Seed.Seed, d: number, rank: number, kernels: Kernels.Kernels) => {
  const out = new Float64Array(d * d)
  kernels.syrk(true, d, rank, 1, normals(seed, d * rank), 0, out)
  return out
}

const rotated = (matrix: Float64Array, q: Float64Array, d: number, { gemm }: Kernels.Kernels) => {
  const half = new Float64Array(d * d)
  const out = new Float64Array(d * d)
  gemm(false, false, d, d, d, 1, q, matrix, 0, half)
  gemm(false, true, d, d, d, 1, half, q, 0, out)
  return out
}

/** A scale at which products of entries underflow, and the entries do not. */
const tiny = 1e-170

const same = { absolute: 1e-12 }

/** Of two numbers that are further apart than `same` one is further than this from what both should be. */
const halfOfSame = { absolute: 5e-13 }

const matrices = Draw.record({
  dimension: Draw.integer(2, 20),
  rank: Draw.integer(1, 20),
  scale: Draw.logarithmic(1, 1e6),
  seed: Draw.seed(),
})

/** Two matrices, three pairs that are aligned as they are, and a matrix with a multiple of it. */
const pairsOf = (
  { dimension: d, rank, scale, seed }: Draw.Drawn<typeof matrices>,
  { kernels }: Given,
): ReadonlyArray<readonly [Float64Array, Float64Array]> => {
  const root = Seed.root(seed)
  const a = wishart(root.child("a"), d, Math.min(rank, d), kernels)
  const b = wishart(root.child("b"), d, d, kernels)
  const q = Orthogonal.haar(d, RandomStream.make(root.child("rotation")))
  return [
    [a, b],
    [scaled(a, scale), b],
    [scaled(a, tiny), scaled(b, tiny)],
    [rotated(a, q, d, kernels), rotated(b, q, d, kernels)],
    [a, scaled(a, scale)],
  ]
}

export const alignmentOfAgops = claim({
  id: "catapults/alignment",
  statement:
    "The alignment of two positive semidefinite matrices is in [0, 1], does not depend on their scale or on a common rotation, is 1 for multiples, and sqrt(r / d) of the identity and a projection of rank r.",
  source: recalled("Definition 2: AGOP alignment"),
  instances: matrices,
  value: Agop.alignment,
  margin: ({ instance, kernels, value: alignment }) => {
    const [value, ...alike] = pairsOf(instance, { kernels }).map((pair) => alignment(...pair))
    const { dimension: d } = instance
    const rank = Math.min(instance.rank, d)
    const itself = alike.pop()!
    return Margin.all(
      Margin.atLeast(value!, 0),
      Margin.atMost(value!, 1),
      ...alike.map((each) => Margin.equal(each, value!, same)),
      Margin.equal(itself, 1, same),
      Margin.equal(
        alignment(Agop.ofProduct(d, d), Agop.ofProduct(rank, d)),
        Theory.isotropicAlignment(rank, d),
        same,
      ),
    )
  },
  exactly: ({ instance, kernels, value: alignment }) => {
    const { dimension: d } = instance
    const rank = Math.min(instance.rank, d)
    const pairs = [
      ...pairsOf(instance, { kernels }),
      [Agop.ofProduct(d, d), Agop.ofProduct(rank, d)] as const,
    ]
    const found = pairs.map((pair) => alignment(...pair))
    const share = Exact.sqrt(Exact.divide(Exact.of(rank), Exact.of(d)))
    const first = Exact.computed(found[0]!)
    return Exact.worst(
      Exact.atLeast(first, Exact.zero),
      Exact.atMost(first, Exact.one),
      ...pairs.map((pair, k) => aligned(found[k]!, ...pair, halfOfSame)),
      Exact.near(Exact.computed(Theory.isotropicAlignment(rank, d)), share, halfOfSame),
    )
  },
  controls: [
    { name: "the inner product, without norms", value: Vector.dot },
    {
      name: "the product of the norms",
      value: (a, b) => {
        const scale = Vector.norm(a) * Vector.norm(b)
        return scale === 0 ? 0 : Math.min(1, Vector.dot(a, b) / scale)
      },
    },
    { name: "its square", value: (a, b) => Elementary.square(Agop.alignment(a, b)) },
    {
      name: "traces in place of norms",
      value: (a, b) => {
        const d = Math.round(Math.sqrt(a.length))
        const trace = (m: Float64Array) =>
          Array.from({ length: d }, (_, j) => m[j * d + j]!).reduce((sum, x) => sum + x, 0)
        return Vector.dot(a, b) / trace(a) / trace(b)
      },
    },
  ],
})

const samples = 20_000

/** A bound of six standard errors: by the normal law 25 entries fail by chance once in 2e7 runs. */
export const productTask = claim({
  id: "catapults/agop-of-a-product",
  statement:
    "The expected AGOP of x_1 ... x_k on standard normal inputs is the projection on the first k coordinates.",
  inFloatingPoint: "statistical",
  source: derived("expected gradient outer product of a product of coordinates"),
  instances: Draw.record({
    factors: Draw.integer(1, 3),
    inputs: Draw.integer(3, 5),
    seed: Draw.seed(),
  }),
  value: Agop.ofProduct,
  margin: ({ instance: { factors, inputs: d, seed }, value: expected }) => {
    const stream = RandomStream.make(Seed.root(seed))
    const x = new Float64Array(d)
    const gradient = new Float64Array(d)
    const sum = new Float64Array(d * d)
    const squares = new Float64Array(d * d)
    for (let s = 0; s < samples; s++) {
      stream.fillNormal(x)
      for (let j = 0; j < factors; j++) {
        let product = 1
        for (let i = 0; i < factors; i++) if (i !== j) product *= x[i]!
        gradient[j] = product
      }
      for (let i = 0; i < factors; i++) {
        for (let j = 0; j < factors; j++) {
          const value = gradient[i]! * gradient[j]!
          sum[i * d + j]! += value
          squares[i * d + j]! += value * value
        }
      }
    }
    const truth = expected(factors, d)
    return Margin.all(
      ...Array.from(sum, (total, at) => {
        const mean = total / samples
        const error = Math.sqrt(Math.max(0, squares[at]! / samples - mean * mean) / samples)
        return Margin.equal(mean, truth[at]!, { absolute: 6 * error + 1e-12 })
      }),
    )
  },
  controls: [
    {
      name: "k times the projection",
      value: (factors, inputs) => Agop.ofProduct(factors, inputs).map((x) => x * (factors + 1)),
    },
    {
      name: "one coordinate more",
      value: (factors, inputs) => Agop.ofProduct(Math.min(inputs, factors + 1), inputs),
    },
  ],
})

const looked = Draw.record({
  dimension: Draw.integer(1, 20),
  rank: Draw.integer(1, 20),
  scale: Draw.logarithmic(1, 1e6),
  lag: Draw.integer(1, 3),
  seed: Draw.seed(),
})
type Looked = Draw.Drawn<typeof looked>

/** What progress says of each of five AGOPs: beside it the one `lag` looks before, of which the first looks have none. */
const progressOf = ({ dimension, lag, seed }: Looked, { kernels }: Given) => {
  const root = Seed.root(seed).child("looks")
  const seen = Array.from({ length: 5 }, (_, k) =>
    wishart(root.child(k), dimension, dimension, kernels),
  )
  const look = Agop.featureProgress(dimension, lag)
  return seen.map((matrix, k) => {
    // what is looked at is copied: a caller may go on in the same array
    const own = matrix.slice()
    const progress = look(own)
    own.fill(0)
    return { ...progress, before: seen[k - lag], matrix }
  })
}

/** A matrix of a rank, and others of the same effective rank: multiples of it, and it in another basis. */
const alikeOf = ({ dimension: d, rank, scale, seed }: Looked, { kernels }: Given) => {
  const root = Seed.root(seed)
  const matrix = wishart(root.child("a"), d, Math.min(rank, d), kernels)
  const q = Orthogonal.haar(d, RandomStream.make(root.child("rotation")))
  return {
    matrix,
    multiples: [scaled(matrix, scale), scaled(matrix, tiny)],
    turned: rotated(matrix, q, d, kernels),
  }
}

export const effectiveRankOfAgops = claim({
  id: "catapults/effective-rank",
  statement:
    "The effective rank tr(G)^2 / |G|^2 of a positive semidefinite matrix is r for a projection of rank r, from 1 to the rank, and does not depend on scale or rotation; the progress of features is the alignment with the matrix of so many looks ago, and 0 before there is one.",
  source: derived("participation ratio of the eigenvalues"),
  instances: looked,
  value: Agop.effectiveRank,
  margin: ({ instance, kernels, value: effectiveRank }) => {
    const { dimension: d } = instance
    const r = Math.min(instance.rank, d)
    const { matrix: a, multiples, turned } = alikeOf(instance, { kernels })
    const value = effectiveRank(a, d)
    const close = { relative: 1e-12 }
    return Margin.all(
      Margin.atLeast(value, 1, 1e-12),
      Margin.atMost(value, r, 1e-12 * r),
      Margin.equal(effectiveRank(Agop.ofProduct(r, d), d), r, close),
      ...multiples.map((each) => Margin.equal(effectiveRank(each, d), value, close)),
      Margin.equal(effectiveRank(turned, d), value, { relative: 1e-11 }),
      Margin.equal(effectiveRank(new Float64Array(d * d), d), 0, {}),
      ...progressOf(instance, { kernels }).flatMap(({ before, matrix, ...progress }) => [
        Margin.equal(
          progress.stability,
          before === undefined ? 0 : Agop.alignment(before, matrix),
          {},
        ),
        Margin.equal(progress.effectiveRank, Agop.effectiveRank(matrix, d), {}),
      ]),
    )
  },
  exactly: ({ instance, kernels, value: effectiveRank }) => {
    const { dimension: d } = instance
    const r = Math.min(instance.rank, d)
    const { matrix, multiples, turned } = alikeOf(instance, { kernels })
    const close = { relative: 5e-13 }
    const of = (each: Float64Array) => ranked(effectiveRank(each, d), each, d, close)
    const none = new Float64Array(d * d)
    return Exact.worst(
      ...[matrix, Agop.ofProduct(r, d), ...multiples, turned, none].map(of),
      ...progressOf(instance, { kernels }).flatMap(({ before, matrix: seen, ...progress }) => [
        aligned(progress.stability, before ?? none, seen, halfOfSame),
        ranked(progress.effectiveRank, seen, d, close),
      ]),
    )
  },
  controls: [
    { name: "the trace over the norm", value: (a, d) => Math.sqrt(Agop.effectiveRank(a, d)) },
    { name: "one more", value: (a, d) => Agop.effectiveRank(a, d) + 1 },
    { name: "the number of inputs", value: (a, d) => (Vector.norm(a) === 0 ? 0 : d) },
  ],
})
