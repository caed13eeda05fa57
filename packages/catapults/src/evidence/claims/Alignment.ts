import { claim, Draw, Exact, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Agop from "../../features/Agop.ts"
import * as Theory from "../../theory/index.ts"
import { aligned } from "../support/ExactAgop.ts"
import { scaled } from "../support/MetamorphicRun.ts"
import { recalled } from "../support/Paper.ts"
import { rotated, wishart } from "../support/RandomAgop.ts"

/** Scale at which products of entries underflow while the entries do not. */
const tiny = 1e-170

const same = { absolute: 1e-12 }

/**
 * Tolerance for one of two numbers: if they differ by more than `same`, at least one is farther than this from the
 * common value.
 */
const halfOfSame = { absolute: 5e-13 }

const matrices = Draw.record({
  dimension: Draw.integer(2, 20),
  rank: Draw.integer(1, 20),
  scale: Draw.logarithmic(1, 1e6),
  seed: Draw.seed(),
})

/** Two matrices, three pairs with the same alignment, and a matrix with a multiple of itself. */
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

export const alignmentClaim = claim({
  id: "catapults/alignment",
  statement:
    "The alignment of two positive semidefinite matrices is in [0, 1] and does not depend on their scale or on a common rotation. It is 1 for multiples, and sqrt(r / d) for the identity and a projection of rank r.",
  source: Kind.identity(recalled("Definition 2: AGOP alignment")),
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
