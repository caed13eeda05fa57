import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { minimiseNuclearNorm } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { searchFlattest } from "../support/FlattestSearch.ts"
import { derived } from "../support/Paper.ts"
import { gaugeDescent } from "../../flatness/GaugeDescent.ts"
import { rankOneInterval } from "../../measurements/RestrictedIsometry.ts"

export const nuclearNormFactor = claim({
  id: "matrix-factorization/nuclear-norm-factor",
  statement:
    "Of two interpolants in two or three layers, the flatter has a nuclear norm of at most (hi / lo)^(L / (2 (L - 1))) times that of the other. This holds even if the other has the smallest nuclear norm of all interpolants.",
  inFloatingPoint: "limit",
  source: derived("nuclear norm of the flattest interpolant"),
  /** From far too few measurements, where the flattest interpolant is not the truth, to enough. */
  instances: Draw.record({
    /** Rows and columns, at most 6 in three layers, where a search is slow. */
    size: Draw.integer(3, 8),
    rank: Draw.integer(1, 2),
    depth: Draw.integer(2, 3),
    /** Measurements for each degree of freedom of the truth. */
    ratio: Draw.linear(1, 3),
    seed: Draw.seed(),
  }),
  value: (depth: number, lo: number, hi: number) =>
    Math.min(Theory.nuclearNormFactor(depth, lo, hi), 1e100),
  margin: ({ instance, kernels, value: allowed }) => {
    const { depth, rank, ratio, seed } = instance
    const size = depth === 2 ? instance.size : Math.min(instance.size, 6)
    const count = Math.ceil(ratio * Theory.degreesOfFreedom(size, size, rank))
    const sized = { rows: size, columns: size, rank, count }
    const found = searchFlattest(sized, depth, Seed.root(seed), kernels)
    const { flattest: first, isFound, measurements, targets } = found
    // of all interpolants the one with the least nuclear norm: what holds against it holds against any
    const least = minimiseNuclearNorm(measurements, targets).matrix
    const { sharpness } = gaugeDescent(measurements, first.shape, least)
    // a search from one start can end at a local minimum, above the other interpolant
    const both = [first.matrix, least] as const
    const [flatter, other] = first.sharpness <= sharpness ? both : [both[1], both[0]]
    const { hi, lo } = rankOneInterval(measurements, { starts: 4 })
    return Margin.all(
      isFound,
      Margin.atMost(
        Matrix.nuclearNorm(flatter, size, size, kernels),
        allowed(depth, lo, hi) * Matrix.nuclearNorm(other, size, size, kernels),
        1e-6,
      ),
    )
  },
  controls: [
    {
      name: "the ends exchanged",
      value: (depth, lo, hi) => Theory.nuclearNormFactor(depth, hi, lo),
    },
    {
      name: "no more than the least itself, from few measurements",
      value: () => 1,
      instances: Draw.record({
        size: Draw.integer(6, 8),
        rank: Draw.oneOf(1),
        depth: Draw.oneOf(2),
        ratio: Draw.linear(1, 1.3),
        seed: Draw.seed(),
      }),
    },
  ],
})
