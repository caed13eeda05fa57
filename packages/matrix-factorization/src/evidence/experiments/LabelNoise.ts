/** Label noise on overfitted factorisations: the trace falls, and the nuclear norm and the error with it. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { descend, type Diverged } from "@nonconvex/problems/Descent"
import { Schema, Stream } from "effect"
import { recalled } from "../support/Paper.ts"
import { type DeepFactorisation, deepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"
import { labelNoiseDescent } from "../../factorisation/LabelNoiseDescent.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { traceOfHessian } from "../../flatness/Sharpness.ts"
import * as Theory from "../../theory/Theory.ts"
import { type Sensing, sensing } from "../support/Sensing.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const Setting = Schema.Struct({
  depth: Schema.Int.check(Schema.isGreaterThan(1)),
  size: Count,
  rank: Count,
  measurements: Count,
  batch: Count,
  learningRate: Positive,
  noise: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  initialScale: Positive,
  warmSteps: Count,
  noisySteps: Count,
  coolSteps: Count,
})
type Setting = typeof Setting.Type

const Config = Schema.Struct({ settings: Schema.Array(Setting), records: Count })
type Config = typeof Config.Type

const Row = Schema.Struct({
  setting: Schema.String,
  phase: Schema.Literals(["descent", "noise", "cooling"]),
  step: Schema.Int,
  loss: Schema.Number,
  trace: Schema.Number,
  nuclear: Schema.Number,
  error: Schema.Number,
  /** `2 F_iso(M*)`, about the least trace, and the nuclear norm of the truth. */
  floor: Schema.Number,
  truth: Schema.Number,
})
type Row = typeof Row.Type

const small = {
  size: 10,
  rank: 1,
  measurements: 40,
  batch: 10,
  initialScale: 1,
  warmSteps: 20_000,
  noisySteps: 200_000,
  coolSteps: 5000,
}
const large = { ...small, size: 20, rank: 2, measurements: 160, batch: 20, noisySteps: 300_000 }

const twoLayers: Setting = { ...small, depth: 2, learningRate: 0.005, noise: 1 }
const threeLayers: Setting = {
  ...small,
  depth: 3,
  learningRate: 0.004,
  noise: 0.7,
  initialScale: 0.8,
}

const all: ReadonlyArray<Setting> = [
  twoLayers,
  threeLayers,
  { ...twoLayers, rank: 2, measurements: 70 },
  { ...small, depth: 4, learningRate: 0.003, noise: 0.5, initialScale: 0.8 },
  { ...large, depth: 2, learningRate: 0.002, noise: 2 },
  { ...large, depth: 3, learningRate: 0.0015, noise: 1.5, initialScale: 0.9 },
  { ...large, depth: 5, learningRate: 0.001, noise: 1, initialScale: 0.9 },
  { ...twoLayers, noise: 0 },
]

const nameOf = ({ depth, measurements, noise, rank, size }: Setting): string =>
  `${depth} layers, d = ${size}, rank ${rank}, n = ${measurements}, noise ${noise}`

const phases = (setting: Setting) =>
  [
    { phase: "descent", noise: 0, steps: setting.warmSteps },
    { phase: "noise", noise: setting.noise, steps: setting.noisySteps },
    { phase: "cooling", noise: 0, steps: setting.coolSteps },
  ] as const

const measureAt = (
  setting: Setting,
  problem: Sensing,
  objective: DeepFactorisation,
  point: Float64Array,
) => {
  const { size } = setting
  const product = Factorisation.endToEnd(objective.shape, point)
  const truth = Matrix.nuclearNorm(problem.truth, size, size)
  return {
    setting: nameOf(setting),
    loss: objective.valueAndGradient(point, new Float64Array(point.length)),
    trace: traceOfHessian(problem.measurements, objective.shape, point),
    nuclear: Matrix.nuclearNorm(product, size, size),
    error: problem.error(product),
    floor: Theory.traceFromSharpness(Theory.inducedIsotropic(setting.depth, size, size, truth)),
    truth,
  }
}

/** The phases one after the other, each from where the last one ended. */
const follow = (setting: Setting, records: number, seed: Seed.Seed): Stream.Stream<Row, Diverged> =>
  Stream.suspend(() => {
    const { batch, depth, initialScale, learningRate, measurements, rank, size } = setting
    const problem = sensing(size, rank, measurements, seed.child("problem"))
    const objective = deepFactorisation({
      measurements: problem.measurements,
      targets: problem.targets,
      widths: Factorisation.uniformShape(size, size, depth).widths,
    })
    const point = Initialisation.gaussian(objective.shape, {
      scale: initialScale,
      seed: seed.child("start"),
    })
    let before = 0
    return Stream.fromIterable(phases(setting)).pipe(
      Stream.flatMap(({ noise, phase, steps }) =>
        Stream.suspend(() => {
          const method = labelNoiseDescent({
            learningRate,
            noise,
            seed: seed.child(phase),
            // of a plain descent the whole batch costs as much as four of its quarters, and does not wander
            ...(phase === "noise" && { sampling: "replacement", batch }),
          })
          const from = before
          before += steps
          const every = Math.max(1, Math.ceil((steps * (phase === "noise" ? 1 : 5)) / records))
          return descend(method, objective, point, { steps, every }).pipe(
            Stream.filter(({ step }) => step > 0),
            Stream.map(({ state, step }) => {
              point.set(state.point)
              return {
                phase,
                step: from + step,
                ...measureAt(setting, problem, objective, state.point),
              }
            }),
          )
        }),
      ),
    )
  })

const lastOf = (rows: ReadonlyArray<Row>, phase: Row["phase"]): Row | undefined =>
  rows.findLast((row) => row.phase === phase)

const expectationsFor = (setting: Setting, all_: ReadonlyArray<Row>) => {
  const name = nameOf(setting)
  const rows = all_.filter((row) => row.setting === name)
  const fitted = lastOf(rows, "descent")
  const cooled = lastOf(rows, "cooling")
  if (fitted === undefined || cooled === undefined) {
    return [
      Expectation.that(`${name} ran to its end`, false, `${rows.length} rows`, "three phases"),
    ]
  }
  if (setting.noise === 0) {
    return [
      Expectation.within(
        `trace without noise on the labels (${name})`,
        cooled.trace,
        fitted.trace,
        {
          relative: 1e-9,
        },
      ),
      Expectation.within(`nuclear norm without noise (${name})`, cooled.nuclear, fitted.nuclear, {
        relative: 1e-9,
      }),
    ]
  }
  const full = setting.noisySteps >= small.noisySteps
  const factor = full ? ({ 2: 5, 3: 4 }[setting.depth] ?? 2) : 1.05
  // how far it falls depends on the start; where it is after so many steps hardly does, and the deeper, the slower
  const end = { 2: 1.2, 3: 1.6, 4: 3 }[setting.depth] ?? 4
  return [
    Expectation.atLeast(
      `label noise lowers the trace (${name})`,
      fitted.trace / cooled.trace,
      factor,
    ),
    ...(full
      ? [
          Expectation.atMost(
            `to a multiple of its floor (${name})`,
            cooled.trace / cooled.floor,
            end,
          ),
        ]
      : []),
    Expectation.atMost(`and the nuclear norm (${name})`, cooled.nuclear, fitted.nuclear),
    Expectation.atMost(`and the error (${name})`, cooled.error, fitted.error),
    ...(full && setting.depth === 2
      ? [
          Expectation.within(
            `the nuclear norm ends at the truth's (${name})`,
            cooled.nuclear,
            cooled.truth,
            { relative: 0.05 },
          ),
          Expectation.atMost(`the error ends near 0 (${name})`, cooled.error, 0.1),
        ]
      : []),
  ]
}

export const labelNoiseExperiment = experiment<Config, Row, Diverged>({
  id: "matrix-factorization/label-noise",
  title: "With label noise the trace falls, and the nuclear norm and the error follow",
  source: recalled("figures on synthetic matrix sensing, in settings of ours"),
  question:
    "After gradient descent has overfitted few measurements, what does noise on the labels do at each depth?",
  config: Config,
  row: Row,
  presets: {
    smoke: {
      settings: [
        { ...twoLayers, warmSteps: 4000, noisySteps: 10_000, coolSteps: 1000 },
        { ...twoLayers, noise: 0, warmSteps: 20_000, noisySteps: 4000, coolSteps: 1000 },
      ],
      records: 10,
    },
    fast: {
      settings: [twoLayers, threeLayers, { ...twoLayers, noise: 0, noisySteps: 10_000 }],
      records: 60,
    },
    paper: { settings: all, records: 200 },
  },
  paperSeconds: 31,
  parts: ({ records, settings }) => settings.map((setting) => ({ records, settings: [setting] })),
  run: ({ records, settings }, seed) =>
    Stream.fromIterable(settings).pipe(Stream.flatMap((setting) => follow(setting, records, seed))),
  figures: (rows) =>
    (["trace", "nuclear", "error"] as const).map((field) =>
      Figure.lines({
        id: field,
        title: { trace: "Trace of the Hessian", nuclear: "Nuclear norm", error: "Relative error" }[
          field
        ],
        caption: "It stalls once descent has fitted the labels, and falls once they are noisy.",
        rows,
        x: { field: "step", title: "step" },
        y: { field, title: field, scale: "log" },
        series: { field: "setting", title: "setting" },
      }),
    ),
  expectations: (rows, { settings }) =>
    settings.flatMap((setting) => expectationsFor(setting, rows)),
})
