import { Expectation, experiment, LogLog, Rows } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import { Schema, type Stream } from "effect"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import { projectedGradient } from "../../methods/ProjectedGradient.ts"
import * as Deviation from "../support/SideBySide.ts"
import { randomMatrix } from "../support/RandomMatrix.ts"
import { inKernels } from "../support/InKernels.ts"

const Config = Schema.Struct({
  ...Deviation.settings,
  /** Radius of the two balls: the paper says only that their diameter is 2 D. */
  radius: Deviation.Positive,
})
type Config = typeof Config.Type

const Row = Schema.Struct({ ...Deviation.place, ...Deviation.measured })
type Row = typeof Row.Type

const methodsOf = ({ strength }: Config): ReadonlyArray<Deviation.Method> => [
  { name: "EG", scheme: extragradient({ step: 0.1 }), strength: 0 },
  { name: "Reg-EG", scheme: extragradient({ step: 0.05 }), strength },
  { name: "GDA", scheme: projectedGradient({ step: 0.001 }), strength: 0 },
  { name: "Reg-GDA", scheme: projectedGradient({ step: 0.0001 }), strength },
]

/** Rows in a decade of steps. */
const perDecade = 6

const run = (config: Config, seed: Seed.Seed): Stream.Stream<Row> =>
  Rows.stepwise(() =>
    inKernels((workspace) => {
      const { delta, dimension: d, radius, steps } = config
      const matrix = workspace.f64(d * d)
      matrix.set(randomMatrix(d, seed).matrix)
      const game = bilinearGame({ matrix, columns: d, feasible: FeasibleSet.ball(radius) })
      const exact = { ...saddlePoint(game, { error: 0 }), smoothness: 10 }
      const start = new Float64Array(2 * d)
      const draw = RandomStream.make(seed.child("start"))
      for (const half of [start.subarray(0, d), start.subarray(d)]) {
        draw.fillSphere(half)
        Vector.scale(radius, half)
      }
      // every coordinate of both gradients errs by delta
      const direction = new Float64Array(2 * d).fill(1, 0, d).fill(-1, d)
      const errors = ErrorStrategy.constant(direction)
      return Deviation.sideBySide({
        methods: methodsOf(config),
        exact,
        inexact: inexact(exact, errors, delta * Math.sqrt(2 * d)),
        start,
        steps,
        perDecade,
        measure: (one, other) => ({
          gap: game.dualityGap(other),
          deviation: Vector.distance(one, other),
        }),
      })
    }),
  )

export const figure2 = experiment<Config, Row>({
  id: "reproducible-minimax/figure-2",
  title: "Inexact gradients in a bilinear game",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "Figure 2; radius and start are ours, and iterates are the last ones",
    basis: "as printed",
  },
  question:
    "What do extragradient and GDA, plain and regularised, reach, and how far do they deviate?",
  config: Config,
  row: Row,
  presets: {
    smoke: { dimension: 10, steps: 2000, delta: 0.1, strength: 0.05, radius: 10 },
    fast: { dimension: 60, steps: 4000, delta: 0.1, strength: 0.05, radius: 10 },
    paper: { dimension: 500, steps: 10_000, delta: 0.1, strength: 0.05, radius: 10 },
  },
  paperSeconds: 7,
  rows: ({ steps }) => 4 * LogLog.decades(steps, perDecade).length,
  run,
  figures: (rows) =>
    Deviation.figures(rows, {
      gap: ["Duality gap", "Extragradient goes down to what the errors allow; GDA circles."],
      deviation: [
        "Deviation from the run with exact gradients",
        "Regularisation takes away most of it.",
      ],
    }),
  expectations: (rows, config) => {
    const last = Deviation.lastOf(rows, config.steps)
    const { delta, dimension, radius } = config
    const floor = 2 * radius * delta * Math.sqrt(dimension)
    return [
      Expectation.increasing("Regularisation makes extragradient deviate less", [
        ["Reg-EG", last("Reg-EG").deviation],
        ["EG", last("EG").deviation],
      ]),
      Expectation.increasing("Regularisation makes GDA deviate less", [
        ["Reg-GDA", last("Reg-GDA").deviation],
        ["GDA", last("GDA").deviation],
      ]),
      Expectation.increasing("Extragradient has a smaller gap than GDA", [
        ["EG", last("EG").gap],
        ["GDA", last("GDA").gap],
      ]),
      Expectation.atMost(
        "The gap of extragradient comes down to 2 R delta sqrt(d), the bias of the errors",
        last("EG").gap / floor,
        // the smallest singular values need some ten thousand steps
        config.steps < 10_000 ? 3 : 1.1,
      ),
    ]
  },
})
