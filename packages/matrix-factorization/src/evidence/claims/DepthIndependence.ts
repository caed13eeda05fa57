import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { lowRank, total } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"

const pairs = Draw.record({
  size: Draw.integer(2, 6),
  ranks: Draw.list(Draw.integer(1, 6), 2, 2).map(([a, b]) => [a!, b!] as const),
  /** Ratio of the Frobenius norms. */
  ratio: Draw.logarithmic(1, 3),
  seed: Draw.seed(),
})

type Pair = Draw.Drawn<typeof pairs>

const depths = [2, 3, 4, 5, 6] as const

/**
 * Relative difference of nuclear norms that counts as a tie: two matrices of rank 1 with equal Frobenius norm have equal
 * nuclear norms. Each of n singular values has an error of a few n ulp of the largest, which is at most their sum.
 */
const tie = (size: number) => 32 * size * size * Number.EPSILON

/** Tests whether a penalty orders two random matrices in the same way at every depth, and as the nuclear norm does. */
const sameOrder = (
  { ranks, ratio, seed, size }: Pair,
  { kernels }: Given,
  penalty: (depth: number, values: Float64Array) => number,
): Margin.Comparison => {
  const root = Seed.root(seed)
  const values = ranks.map((rank, k) => {
    const m = lowRank(size, size, Math.min(rank, size), root.child(k), kernels)
    Vector.scale((k === 0 ? ratio : 1) / Vector.norm(m), m)
    return Svd.singularValues(m, size, size, kernels)
  })
  const [first, second] = [values[0]!, values[1]!]
  const [one, other] = [total(first), total(second)]
  if (Math.abs(one - other) <= tie(size) * (one + other)) return Margin.holds(true)
  const [less, more] = one < other ? [first, second] : [second, first]
  return Margin.all(
    ...depths.map((depth) => Margin.atMost(penalty(depth, less), penalty(depth, more))),
  )
}

export const depthIndependence = claim({
  id: "matrix-factorization/depth-independence",
  statement:
    "For an isotropic design the least sharpness orders any two matrices as their nuclear norms do, at every depth from 2 to 6.",
  inFloatingPoint: "spectrum",
  source: recalled("all depths above one (abstract)"),
  instances: pairs,
  margin: ({ instance: pair, kernels }) =>
    sameOrder(pair, { kernels }, (depth, values) =>
      Theory.inducedIsotropic(depth, pair.size, pair.size, total(values)),
    ),
  controls: [
    {
      name: "weight decay in place of flatness",
      margin: ({ instance: pair, kernels }) => sameOrder(pair, { kernels }, Theory.schattenPenalty),
    },
  ],
})
