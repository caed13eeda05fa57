import { claim, Draw, Exact, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Agop from "../../features/Agop.ts"
import { aligned, ranked } from "../support/ExactAgop.ts"
import { scaled } from "../support/MetamorphicRun.ts"
import { derived } from "../support/Paper.ts"
import { rotated, wishart } from "../support/RandomAgop.ts"

/** Scale at which products of entries underflow while the entries do not. */
const tiny = 1e-170

/**
 * Tolerance for one of two numbers: if they differ by more than `same`, at least one is farther than this from the
 * common value.
 */
const halfOfSame = { absolute: 5e-13 }

const looked = Draw.record({
  dimension: Draw.integer(1, 20),
  rank: Draw.integer(1, 20),
  scale: Draw.logarithmic(1, 1e6),
  lag: Draw.integer(1, 3),
  seed: Draw.seed(),
})

type Looked = Draw.Drawn<typeof looked>

/** Reported progress of each of five AGOPs: each is compared with the one `lag` observations earlier, if any. */
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

/** Matrix of a given rank, with others of the same effective rank: multiples of it, and the matrix in another basis. */
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

export const effectiveRankClaim = claim({
  id: "catapults/effective-rank",
  statement:
    "The effective rank tr(G)^2 / |G|^2 of a positive semidefinite matrix is r for a projection of rank r, from 1 to the rank, and does not depend on scale or rotation. The feature progress is the alignment with the matrix a given number of measurements earlier, and 0 before there is one.",
  source: Kind.identity(derived("participation ratio of the eigenvalues")),
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
