/** Neurons collapse to one feature at the predicted pace, on two data sets and in two conventions, and not without noise. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Schema, Stream } from "effect"
import { diagnose } from "../../limit/Diagnostics.ts"
import type { DivergedInTransient } from "../../descent/DivergedInTransient.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import * as Theory from "../../theory/Theory.ts"
import { record } from "../support/Record.ts"
import { teacherProblem } from "../support/TeacherProblem.ts"

const Run = Schema.Struct({
  name: Schema.String,
  convention: Schema.Literals(["half", "mean"]),
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  noise: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  /** Of the Gram matrix of the data, ascending. */
  eigenvalues: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Run = typeof Run.Type

const Config = Schema.Struct({
  runs: Schema.Array(Run),
  neurons: Schema.Int.check(Schema.isGreaterThan(1)),
  records: Schema.Int.check(Schema.isGreaterThan(3)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  run: Schema.String,
  step: Schema.Int,
  excess: Schema.Number,
  spread: Schema.Number,
  first: Schema.Number,
  second: Schema.Number,
  third: Schema.Number,
  /** Decay of the slowest mode a step, from the linearised flow with the finite-step factor. */
  predictedRate: Schema.Number,
})
type Row = typeof Row.Type

const coherent = [0.32, 1.08, 1.6]
const incoherent = [0.051, 0.516, 2.43]

const mean: Run = {
  name: "mean",
  convention: "mean",
  learningRate: 0.05,
  noise: 0.03,
  eigenvalues: incoherent,
  steps: 1_000_000,
}

const reference: Config = {
  runs: [
    mean,
    { ...mean, name: "half", convention: "half" },
    {
      name: "coherent data",
      convention: "mean",
      learningRate: 0.01,
      noise: 0.27,
      eigenvalues: coherent,
      steps: 400_000,
    },
    { ...mean, name: "no noise", noise: 0 },
  ],
  neurons: 10,
  records: 40,
}

const follow = (run: Run, config: Config, seed: Seed.Seed) =>
  Stream.unwrap(
    Effect.sync(() => {
      // the same problem for the same data, whatever else differs
      const { network, theta } = teacherProblem(
        seed.child("problem"),
        run.eigenvalues,
        config.neurons,
      )
      const { rate, sharpness } = flatLimit(network, theta)
      const { size } = network
      const trace = Theory.hessianTrace(run.convention, sharpness, size)
      const factor = Theory.finiteStepFactor(run.learningRate * trace)
      const predictedRate = rate * Theory.flowTimePerStep({ ...run, batch: 1, size }) * factor
      const options = {
        convention: run.convention,
        learningRate: run.learningRate,
        noise: run.noise,
        sampling: "replacement",
        batch: 1,
        seed: seed.child(run.name),
        steps: run.steps,
        records: config.records,
      } as const
      return record(network, theta, options, (point, step): Row => {
        const { excess, singularValues, spread } = diagnose(network, point)
        const [first = 0, second = 0, third = 0] = singularValues
        return {
          run: run.name,
          step,
          excess,
          spread,
          first,
          second,
          third,
          predictedRate,
        }
      })
    }),
  )

/** The rate a step at which the spread decays over the last three quarters of a run. */
const measuredRate = (rows: ReadonlyArray<Row>): number => {
  const from = rows[Math.floor(rows.length / 4)]!
  const to = rows.at(-1)!
  return Math.log(from.spread / to.spread) / (to.step - from.step)
}

export const collapse = experiment<Config, Row, DivergedInTransient>({
  id: "label-noise/collapse",
  title: "Label noise makes all neurons the same on the data",
  source: {
    paper: "Gatmiry, Li, Reddi, Jegelka 2024",
    statement: "figure 1, setting as recalled; start, data and length of the run are ours",
    basis: "as recalled",
  },
  question: "Do all singular values of the features but the first vanish, and how fast?",
  config: Config,
  row: Row,
  presets: {
    smoke: {
      ...reference,
      runs: reference.runs.map((run) => ({ ...run, steps: 10_000 })),
      records: 4,
    },
    fast: reference,
    paper: {
      ...reference,
      runs: reference.runs.map((run) => ({ ...run, steps: 3 * run.steps })),
      records: 120,
    },
  },
  paperSeconds: 4,
  rows: (config) => config.runs.length * (config.records + 1),
  run: (config, seed) =>
    Stream.fromIterable(config.runs).pipe(Stream.flatMap((run) => follow(run, config, seed))),
  figures: (rows) => [
    Figure.lines({
      id: "spread",
      title: "Spread of the neurons on the data",
      caption: "The neurons come together at an exponential rate; without noise nothing moves.",
      rows,
      x: { field: "step", title: "step" },
      y: { field: "spread", title: "largest |z_ij - mean_j z_ij|", scale: "log" },
      series: { field: "run", title: "run" },
    }),
  ],
  expectations: (rows, config) => {
    const of = (name: string) => rows.filter(({ run }) => run === name)
    const [meanRows, halfRows, coherentRows, silentRows] = [
      of("mean"),
      of("half"),
      of("coherent data"),
      of("no noise"),
    ]
    if (config.runs.some(({ steps }) => steps < 400_000) || silentRows.length === 0) return []
    const end = (run: ReadonlyArray<Row>) => run.at(-1)!
    return [
      Expectation.atMost("mean: excess sharpness at the end", end(meanRows).excess, 0.01),
      Expectation.within(
        "mean: decay of the spread a step, over the prediction",
        measuredRate(meanRows) / end(meanRows).predictedRate,
        1,
        { absolute: 0.25 },
      ),
      Expectation.increasing("half is slower than mean", [
        ["mean", end(meanRows).spread],
        ["half", end(halfRows).spread],
      ]),
      Expectation.atMost(
        "coherent data: spread at the end over the start",
        end(coherentRows).spread / coherentRows[0]!.spread,
        0.03,
      ),
      Expectation.atMost(
        "coherent data: second singular value over the first",
        end(coherentRows).second / end(coherentRows).first,
        0.03,
      ),
      Expectation.within(
        "no noise: spread at the end over the start",
        end(silentRows).spread / silentRows[0]!.spread,
        1,
        { absolute: 1e-9 },
      ),
    ]
  },
})
