import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { Positive } from "@nonconvex/problems/Fields"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { extragradient } from "../../methods/Extragradient.ts"
import { projectedGradient } from "../../methods/GradientDescentAscent.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import { printed } from "../support/Paper.ts"
import { randomMatrix } from "../support/RandomMatrix.ts"
import * as SideBySide from "../support/SideBySide.ts"

export const figure2 = Experiment.table({
  id: "reproducible-minimax/figure-2",
  title: "Inexact gradients in a bilinear game",
  source: printed("Figure 2; radius and start are ours, and we report last iterates"),
  question:
    "Which gap do extragradient and GDA reach, plain and regularised, and how far do they deviate?",
  paperSeconds: 7,
  paperScale:
    "The paper has 500 dimensions and 10,000 steps, as the paper preset has; it states neither the radius of its balls nor its start.",
  config: Schema.Struct({
    ...SideBySide.settings,
    /** Radius of the two balls; the paper only says that their diameter is 2 D. */
    radius: Positive,
  }),
  columns: Schema.Struct(SideBySide.columns),
  presets: {
    smoke: { dimension: 10, steps: 2000, delta: 0.1, strength: 0.05, radius: 10 },
    fast: { dimension: 60, steps: 4000, delta: 0.1, strength: 0.05, radius: 10 },
    paper: { dimension: 500, steps: 10_000, delta: 0.1, strength: 0.05, radius: 10 },
  },
  prepare: ({ config, seed }) => Effect.sync(() => randomMatrix(config.dimension, seed)),
  cases: ({ strength }): ReadonlyArray<SideBySide.Method> => [
    { name: "EG", scheme: extragradient({ step: 0.1 }), strength: 0 },
    { name: "Reg-EG", scheme: extragradient({ step: 0.05 }), strength },
    { name: "GDA", scheme: projectedGradient({ step: 0.001 }), strength: 0 },
    { name: "Reg-GDA", scheme: projectedGradient({ step: 0.0001 }), strength },
  ],
  row: (method, { config, kernels, seed, shared }) => {
    const { delta, dimension: d, radius, steps } = config
    const roomy = Kernels.withRoom(kernels, 8 * d * d)
    return roomy.arena.scoped((workspace) => {
      const matrix = workspace.f64(d * d)
      matrix.set(shared.matrix)
      const feasible = FeasibleSet.ball(radius)
      const game = bilinearGame({ matrix, columns: d, feasible, kernels: roomy })
      // the smoothness that the figure takes, for its singular values are at most 10
      const exact = saddlePoint(game, { smoothness: 10, error: 0 })
      const start = new Float64Array(2 * d)
      const draw = RandomStream.make(seed.child("start"))
      for (const half of [start.subarray(0, d), start.subarray(d)]) {
        draw.fillSphere(half)
        Vector.scale(radius, half)
      }
      // every coordinate of both gradients errs by delta
      const errors = ErrorStrategy.constant(new Float64Array(2 * d).fill(1, 0, d).fill(-1, d))
      return SideBySide.sideBySide(method, {
        exact,
        inexact: inexact(exact, errors, delta * Math.sqrt(2 * d)),
        start,
        steps,
        perDecade: 6,
        measure: (one, other) => ({
          gap: game.dualityGap(other),
          deviation: Vector.distance(one, other),
        }),
      })
    })
  },
  figures: () =>
    SideBySide.figures({
      gap: ["Duality gap", "Extragradient reaches the bias of the errors; GDA circles."],
      deviation: [
        "Deviation from the run with exact gradients",
        "Regularisation removes most of the deviation.",
      ],
    }),
  expectations: (rows, { delta, dimension, radius, steps }) => {
    const last = SideBySide.after(rows, steps)
    const floor = 2 * radius * delta * Math.sqrt(dimension)
    const extragradients = last("Reg-EG", "deviation") / last("EG", "deviation")
    // a step of GDA is ten of Reg-GDA: compared over the same way
    const many = Elementary.pow(10, Math.floor(Elementary.log10(steps)))
    const descents =
      SideBySide.after(rows, many)("Reg-GDA", "deviation") /
      SideBySide.after(rows, many / 10)("GDA", "deviation")
    return [
      Expectation.atMost("deviation of extragradient, regularised / plain", extragradients, 0.8, {
        control: "GDA, over the same distance",
        observed: descents,
      }),
      Expectation.within(
        "deviation of GDA with the printed steps, regularised / plain, over the same distance",
        descents,
        1,
        { relative: 0.1 },
        { control: "extragradient", observed: extragradients },
      ),
      Expectation.atMost(
        "final gap of extragradient / 2 R delta sqrt(d), the bias of the errors",
        last("EG", "gap") / floor,
        // the smallest singular values need some ten thousand steps
        steps < 10_000 ? 3 : 1.1,
        { control: "GDA", observed: last("GDA", "gap") / floor },
      ),
    ]
  },
})
