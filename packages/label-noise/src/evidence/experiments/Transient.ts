/** Label noise from a start that does not fit may diverge before it comes near the minima. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Effect, Result, Schema, Stream } from "effect"
import { stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { residual } from "../../network/TwoLayer.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { record } from "../support/Record.ts"
import { dataLike, teacherAndStudent } from "../support/TeacherProblem.ts"

const Case = Schema.Struct({
  name: Schema.String,
  /** Half of the stability limit at the start where it is absent. */
  learningRate: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))),
  /** Whether gradient descent without noise comes first. */
  isWarm: Schema.Boolean,
})

const Config = Schema.Struct({
  cases: Schema.Array(Case),
  /** Standard deviation of the parameters at the start; the teacher's is 0.25. */
  deviation: Schema.Finite.check(Schema.isGreaterThan(0)),
  starts: Schema.Int.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  case: Schema.String,
  start: Schema.Int,
  learningRate: Schema.Number,
  /** The stability limit at the start. */
  stabilityLimit: Schema.Number,
  /** Largest residual at the start and at the end; NaN after divergence. */
  startResidual: Schema.Number,
  endResidual: Schema.Number,
  steps: Schema.Int,
  diverged: Schema.Boolean,
})
type Row = typeof Row.Type

const reference: Config = {
  cases: [
    { name: "as in R1", learningRate: 0.05, isWarm: false },
    { name: "warm start", learningRate: 0.05, isWarm: true },
    { name: "warm start, half of its limit", isWarm: true },
    { name: "a tenth of the rate", learningRate: 0.005, isWarm: false },
  ],
  deviation: 0.5,
  starts: 20,
  steps: 100_000,
}

export const transient = experiment<Config, Row>({
  id: "label-noise/transient",
  title: "Label noise far from the minima",
  source: {
    paper: "Gatmiry, Li, Reddi, Jegelka 2024",
    statement: "figure 1, setting as recalled; the start is ours",
    basis: "as recalled",
  },
  question: "Which starts survive until they fit, at the learning rate of the figure?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, starts: 2, steps: 1000 },
    fast: reference,
    paper: { ...reference, starts: 200 },
  },
  paperSeconds: 24,
  rows: ({ cases, starts }) => starts * cases.length,
  run: ({ cases, deviation, starts, steps }, root) =>
    Stream.fromIterable(
      Array.from({ length: starts }, (_, start) =>
        cases.map((each) => ({ ...each, start })),
      ).flat(),
    ).pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* ({ isWarm, learningRate: given, name, start: index }) {
          const seed = root.child(index)
          const features = dataLike(seed.child("features"), [0.051, 0.516, 2.43])
          const { network, student } = teacherAndStudent(seed, features, {
            dimension: 3,
            neurons: 10,
            deviation,
          })
          const start = isWarm ? warmStart(network, student) : student
          const kind = { convention: "mean", sampling: "replacement" } as const
          const limit = stabilityLimit(network, start, kind)
          const learningRate = given ?? limit / 2
          const options = {
            ...kind,
            batch: 1,
            learningRate,
            noise: 0.03,
            seed: seed.child("run"),
            steps,
            records: 1,
          } as const
          const ended = yield* record(network, start, options, (end) =>
            residual(network, end),
          ).pipe(Stream.runLast, Effect.result)
          const common = {
            case: name,
            start: index,
            learningRate,
            stabilityLimit: limit,
            startResidual: residual(network, start),
          }
          return Result.match(ended, {
            onFailure: (failure): Row => ({
              ...common,
              endResidual: Number.NaN,
              steps: failure.step,
              diverged: true,
            }),
            onSuccess: (last): Row => ({
              ...common,
              endResidual: last._tag === "Some" ? last.value : Number.NaN,
              steps,
              diverged: false,
            }),
          })
        }),
      ),
    ),
  figures: (rows) => [
    Figure.points({
      id: "limits",
      title: "Learning rates and stability limits",
      caption:
        "Only runs whose learning rate is above the limit at their start leave the numbers, fitted or not.",
      rows,
      x: { field: "learningRate", title: "learning rate", scale: "log" },
      y: { field: "stabilityLimit", title: "stability limit at the start", scale: "log" },
      series: { field: "diverged", title: "diverged" },
    }),
  ],
  expectations: (rows, { starts }) => {
    const of = (name: string) => rows.filter((row) => row.case === name)
    const lost = (name: string) => of(name).filter(({ diverged }) => diverged)
    const bold = lost("as in R1")
    const fitted = lost("warm start")
    const careful = lost("warm start, half of its limit")
    const certain = [
      Expectation.atMost("at half of the limit", careful.length, 0),
      Expectation.atLeast(
        "learning rate over the limit where a start diverges, at least",
        Math.min(...[...bold, ...fitted].map((row) => row.learningRate / row.stabilityLimit)),
        1,
      ),
      Expectation.atMost(
        "the same starts that diverge at a tenth of the rate",
        lost("a tenth of the rate").length,
        0,
      ),
    ]
    if (starts < reference.starts) return certain
    return [
      ...certain,
      Expectation.increasing("starts that diverge", [
        ["half of the limit", careful.length],
        ["warm start", fitted.length],
        ["as in R1", bold.length],
      ]),
      Expectation.atMost(
        "steps after which starts as in R1 diverge",
        Math.max(...bold.map((row) => row.steps)),
        1000,
      ),
      Expectation.atMost(
        "the largest residual that those of a tenth of the rate come down to",
        Math.max(...of("a tenth of the rate").map((row) => row.endResidual)),
        0.2,
      ),
    ]
  },
})
