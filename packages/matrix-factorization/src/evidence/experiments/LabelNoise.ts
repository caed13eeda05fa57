/** Label noise on overfitted factorisations: the trace falls, and with it the nuclear norm and the error. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { AtLeastTwo, Count, NotNegative, Positive } from "@nonconvex/problems/Fields"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Schema } from "effect"
import { deepFactorisation, labelNoiseDescent } from "../../index.ts"
import { type DeepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { recalled } from "../support/Paper.ts"
import { unitSensing } from "../support/Sensing.ts"
import { traceOfHessian } from "../../flatness/Sharpness.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"

/** Columns that identify a setting. */
const problem = {
  depth: AtLeastTwo,
  size: Count,
  rank: Count,
  measurements: Count,
  noise: NotNegative,
}

const Setting = Schema.Struct({
  ...problem,
  batch: Count,
  learningRate: Positive,
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
  ...problem,
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
  `${depth} layers, d ${size}, rank ${rank}, n ${measurements}, noise ${noise}`

const phases = (setting: Setting) =>
  [
    { phase: "descent", noise: 0, steps: setting.warmSteps },
    { phase: "noise", noise: setting.noise, steps: setting.noisySteps },
    { phase: "cooling", noise: 0, steps: setting.coolSteps },
  ] as const

/** Observer of a point for the rows of a setting. */
const observer = (
  setting: Setting,
  sensed: ReturnType<typeof unitSensing>,
  objective: DeepFactorisation,
) => {
  const { depth, measurements, noise, rank, size } = setting
  const { given: kernels } = sensed.measurements
  const truth = Matrix.nuclearNorm(sensed.truth, size, size, kernels)
  const floor = Theory.traceFromSharpness(Theory.inducedIsotropic(depth, size, size, truth))
  const gradient = new Float64Array(objective.dimension)
  return (point: Float64Array) => {
    const product = Factorisation.endToEnd(objective.shape, point, kernels)
    return {
      setting: nameOf(setting),
      depth,
      size,
      rank,
      measurements,
      noise,
      loss: objective.valueAndGradient(point, gradient),
      trace: traceOfHessian(sensed.measurements, objective.shape, point),
      nuclear: Matrix.nuclearNorm(product, size, size, kernels),
      error: sensed.error(product),
      floor,
      truth,
    }
  }
}

const lastOf = (rows: ReadonlyArray<Row>, phase: Row["phase"]): Row | undefined =>
  rows.findLast((row) => row.phase === phase)

const measures = ["trace", "nuclear", "error"] as const

type Measure = (typeof measures)[number]

const titles: Readonly<Record<Measure, string>> = {
  trace: "trace",
  nuclear: "nuclear norm",
  error: "error",
}

/** Relative decrease of a measure over the noise phase; none for rows without both ends. */
const fallOf = (rows: ReadonlyArray<Row>, field: Measure): ReadonlyArray<number> => {
  const [fitted, cooled] = [lastOf(rows, "descent"), lastOf(rows, "cooling")]
  return fitted === undefined || cooled === undefined ? [] : [fitted[field] / cooled[field]]
}

/** The same from the middle to the end of descent on clean labels, which are fitted by then. */
const stallOf = (rows: ReadonlyArray<Row>, field: Measure): ReadonlyArray<number> => {
  const descent = rows.filter(({ phase }) => phase === "descent")
  const [middle, end] = [descent[descent.length >> 1], descent.at(-1)]
  return middle === undefined || end === undefined ? [] : [middle[field] / end[field]]
}

const expectationsFor = (setting: Setting, table: ReadonlyArray<Row>) => {
  const name = nameOf(setting)
  const rows = table.filter((row) => row.setting === name)
  if (setting.noise === 0) {
    const noisy = table.filter(({ depth, noise }) => noise > 0 && depth === setting.depth)
    return measures.map((field) =>
      Expectation.within(
        `${titles[field]} without label noise, before / after (${name})`,
        fallOf(rows, field),
        1,
        { relative: 1e-9 },
        { control: "noise on the labels", observed: fallOf(noisy, field) },
      ),
    )
  }
  const full = setting.noisySteps >= small.noisySteps
  const [fitted, cooled] = (["descent", "cooling"] as const).map((phase) => lastOf(rows, phase))
  const before = (value: number | undefined) => ({
    control: "before the noise",
    observed: value ?? Number.NaN,
  })
  const falls = (field: Measure, factor: number) =>
    Expectation.atLeast(
      `${titles[field]} with label noise, before / after (${name})`,
      fallOf(rows, field),
      factor,
      { control: "descent without noise, after it has fitted", observed: stallOf(rows, field) },
    )
  // how far it falls depends on the start; where it is after so many steps hardly does, and the deeper, the slower
  const end = { 2: 1.2, 3: 1.6, 4: 3 }[setting.depth] ?? 4
  return [
    falls("trace", full ? ({ 2: 5, 3: 4 }[setting.depth] ?? 2) : 1.05),
    falls("nuclear", 1.05),
    falls("error", 1.05),
    ...(full
      ? [
          Expectation.atMost(
            `final trace / smallest possible trace (${name})`,
            cooled === undefined ? [] : cooled.trace / cooled.floor,
            end,
            Expectation.regression,
          ),
        ]
      : []),
    ...(full && setting.depth === 2
      ? [
          Expectation.within(
            `final nuclear norm, as that of the true matrix (${name})`,
            cooled?.nuclear ?? Number.NaN,
            cooled?.truth ?? Number.NaN,
            { relative: 0.05 },
            before(fitted?.nuclear),
          ),
        ]
      : []),
  ]
}

export const labelNoise = Experiment.table({
  id: "matrix-factorization/label-noise",
  title: "Label noise lowers the trace, and with it the nuclear norm and the error",
  source: recalled("figures on synthetic matrix sensing, in our own settings"),
  question:
    "What does label noise do at each depth after gradient descent has overfitted few measurements?",
  paperScale:
    "The paper has label noise on synthetic matrix sensing at several depths (as recalled); its sizes, rates and steps are unknown to us.",
  config: Config,
  columns: Row,
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
  cases: ({ settings }) => settings,
  row: (setting, { config: { records }, kernels, seed }) => {
    const { batch, depth, initialScale, learningRate, measurements, rank, size } = setting
    const sensed = unitSensing(size, rank, measurements, seed.child("problem"), kernels)
    const objective = deepFactorisation({
      measurements: sensed.measurements,
      targets: sensed.targets,
      widths: Factorisation.uniformShape(size, size, depth).widths,
    })
    const observe = observer(setting, sensed, objective)
    const point = Initialisation.gaussian(objective.shape, {
      scale: initialScale,
      seed: seed.child("start"),
    })
    let before = 0
    // one phase after the other, each from where the last one ended
    return phases(setting).flatMap(({ noise, phase, steps }) => {
      const method = labelNoiseDescent({
        learningRate,
        noise,
        seed: seed.child(phase),
        // of a plain descent the whole batch costs as much as four of its quarters, and does not wander
        ...(phase === "noise" && { sampling: "replacement", batch }),
      })
      const every = Math.max(1, Math.ceil((steps * (phase === "noise" ? 1 : 5)) / records))
      const rows: Array<Row> = []
      for (const { state, step } of trajectory(method, objective, point, {
        steps,
        every,
        kernels,
      })) {
        if (step === 0) continue
        rows.push({ phase, step: before + step, ...observe(state.point) })
        if (step === steps) point.set(state.point)
      }
      before += steps
      return rows
    })
  },
  figures: () =>
    measures.map((field) =>
      Figure.lines<Row>({
        id: field,
        title: { trace: "Trace of the Hessian", nuclear: "Nuclear norm", error: "Relative error" }[
          field
        ],
        conclusion:
          "It plateaus when gradient descent has fitted the labels, and falls again when label noise is switched on.",
        x: { field: "step", title: "step" },
        y: { field, title: field, scale: "log" },
        series: { field: "setting", title: "setting" },
      }),
    ),
  expectations: (rows, { settings }) =>
    settings.flatMap((setting) => expectationsFor(setting, rows)),
})
