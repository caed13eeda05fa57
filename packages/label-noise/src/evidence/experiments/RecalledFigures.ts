/** The paper's figures 1 and 2, with the parameters as recalled. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Schema, Stream } from "effect"
import { diagnose } from "../../limit/Diagnostics.ts"
import type { DivergedInTransient } from "../../descent/DivergedInTransient.ts"
import { record } from "../support/Record.ts"
import { selfTaught } from "../support/TeacherProblem.ts"

const Config = Schema.Struct({
  /** Numbers of data, on 3 dimensions. */
  sizes: Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))),
  neurons: Schema.Int.check(Schema.isGreaterThan(1)),
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  noise: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  records: Schema.Int.check(Schema.isGreaterThan(1)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  data: Schema.String,
  step: Schema.Int,
  singularValue: Schema.String,
  value: Schema.Number,
})
type Row = typeof Row.Type

const dimension = 3
const places = ["first", "second", "third"] as const

const reference: Config = {
  sizes: [3, 5, 10],
  neurons: 10,
  learningRate: 0.05,
  noise: 0.03,
  steps: 2_000_000,
  records: 60,
}

const nameOf = (size: number): string => `n = ${size}`

export const recalledFigures = experiment<Config, Row, DivergedInTransient>({
  id: "label-noise/recalled-figures",
  title: "Singular values of the features under label noise: figures 1 and 2 as recalled",
  source: {
    paper: "Gatmiry, Li, Reddi, Jegelka 2024",
    statement:
      "figures 1 and 2: 10 neurons, 3 dimensions, 3, 5 and 10 data, learning rate 0.05 and noise 0.03 are recalled; activation, start, data, batch and steps are ours",
    basis: "as recalled",
  },
  question: "Do all singular values but the first vanish for n = d, and not for n > d?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, steps: 20_000, records: 4 },
    fast: reference,
    paper: { ...reference, steps: 20_000_000, records: 200 },
  },
  paperSeconds: 11,
  rows: ({ records, sizes }) => sizes.length * (records + 1) * places.length,
  run: ({ learningRate, neurons, noise, records, sizes, steps }, seed) =>
    Stream.fromIterable(sizes).pipe(
      Stream.flatMap((size) => {
        const own = seed.child(size)
        const { network, theta } = selfTaught(own, { size, dimension, neurons })
        const options = {
          convention: "mean",
          sampling: "replacement",
          batch: 1,
          learningRate,
          noise,
          seed: own.child("run"),
          steps,
          records,
        } as const
        return record(network, theta, options, (point, step) => {
          const { singularValues } = diagnose(network, point)
          return places.map((singularValue, k) => ({
            data: nameOf(size),
            step,
            singularValue,
            value: singularValues[k]!,
          }))
        }).pipe(Stream.flatMap(Stream.fromIterable))
      }),
    ),
  figures: (rows) => {
    const figure = (id: string, title: string, caption: string, names: ReadonlyArray<string>) =>
      Figure.lines({
        id,
        title,
        caption,
        rows: rows.filter(({ data }) => names.includes(data)),
        x: { field: "step", title: "step" },
        y: { field: "value", title: "singular value of the weights" },
        series: { field: "singularValue", title: "singular value" },
        panel: { field: "data", title: "data" },
      })
    return [
      figure(
        "p1",
        "As many data as dimensions (figure 1, as recalled)",
        "All neurons come to agree on the data: only the first singular value is left.",
        [nameOf(3)],
      ),
      figure(
        "p2",
        "More data than dimensions (figure 2, as recalled)",
        "Neurons merge into few clusters, and the features keep more than one direction.",
        [nameOf(5), nameOf(10)],
      ),
    ]
  },
  expectations: (rows, { sizes, steps }) => {
    if (steps < reference.steps) return []
    const ratio = (name: string, isFirst: boolean): number => {
      const of = rows.filter(({ data }) => data === name)
      const [first, second] = isFirst ? of.slice(0, 3) : of.slice(-3)
      return second!.value / first!.value
    }
    return sizes.flatMap((size) => {
      const name = nameOf(size)
      const statement = `${name}: second singular value over the first, end over start`
      const change = ratio(name, false) / ratio(name, true)
      return [
        size <= dimension
          ? Expectation.atMost(statement, change, 0.5)
          : Expectation.atLeast(statement, change, 0.2),
      ]
    })
  },
})
