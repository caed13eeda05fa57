import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { completion, flattestInterpolant } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import { traceNorm } from "../../flatness/TraceNorm.ts"

export const flattestCorner = claim({
  id: "matrix-factorization/flattest-corner",
  statement:
    "The flattest completion of [[x, 1], [1, 0]] has x = 0 in 2, 3 and 4 layers, with T = 1.885618, 2.686642 and 3.441029, and in two layers T = (2/3) sqrt(x^2 + 8).",
  inFloatingPoint: "run",
  source: Kind.observation(derived("where the theory does not reach")),
  instances: Draw.record({
    depth: Draw.integer(2, 4),
    x: Draw.linear(-5, 5),
    seed: Draw.seed(),
  }),
  /** Minimum of T over x for L = 2, 3, 4: the first is `(2/3) sqrt 8`, the others were found numerically. */
  value: [1.885618, 2.686642, 3.441029] as ReadonlyArray<number>,
  margin: ({ instance: { depth, seed, x }, kernels, value: values }) => {
    const seen = completion({
      rows: 2,
      columns: 2,
      entries: [
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      kernels,
    })
    const found = flattestInterpolant(seen, Float64Array.of(1, 1, 0), {
      depth,
      starts: 2,
      seed: Seed.root(seed),
    })
    return Margin.all(
      Margin.atMost(Math.abs(found.matrix[0]!), 1e-4),
      Margin.equal(found.sharpness, values[depth - 2]!, { absolute: 1e-5 }),
      Margin.equal(
        traceNorm(seen).value(Float64Array.of(x, 1, 1, 0)),
        Theory.hiddenCornerFlatness(x),
        { relative: 1e-12 },
      ),
    )
  },
  controls: [
    {
      name: "the values of an isotropic design",
      value: [2, 3, 4].map((depth) => Theory.inducedIsotropic(depth, 2, 2, 2) / 4),
    },
  ],
})
