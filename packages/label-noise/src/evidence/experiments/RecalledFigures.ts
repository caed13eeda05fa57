/** Figures 1 and 2 of the paper, with the parameters as recalled. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { diagnose } from "../../limit/Diagnostics.ts"
import { recalled } from "../support/Paper.ts"
import { record } from "../support/Record.ts"
import { selfTaught } from "../support/TeacherProblem.ts"

const dimension = 3

const places = ["first", "second", "third"] as const

const Row = Schema.Struct({
  data: Schema.String,
  /** Number of data. */
  size: Schema.Int,
  step: Schema.Int,
  singularValue: Schema.Literals(places),
  value: Schema.Number,
})

type Row = typeof Row.Type

const reference = {
  sizes: [3, 5, 10],
  neurons: 10,
  learningRate: 0.05,
  noise: 0.03,
  steps: 2_000_000,
  records: 60,
}

const nameOf = (size: number): string => `n = ${size}`

/** Share of the singular value ratio that must be lost with as many data as dimensions, and kept with more. */
const half = 0.5

export const recalledFigures = Experiment.table({
  id: "label-noise/recalled-figures",
  title: "Singular values of the features under label noise: figures 1 and 2 as recalled",
  source: recalled(
    "figures 1 and 2: 10 neurons, 3 dimensions, 3, 5 and 10 data, learning rate 0.05 and noise 0.03 are recalled; activation, start, data, batch and steps are ours",
  ),
  question: "Do all singular values except the first vanish for n = d, but not for n > d?",
  paperScale:
    "The paper has 10 neurons and 3 dimensions with 3, 5 and 10 data (as recalled); its activation, start, batch and steps are unknown to us.",
  config: Schema.Struct({
    /** Numbers of data in 3 dimensions. */
    sizes: Schema.Array(Count),
    neurons: AtLeastTwo,
    learningRate: Positive,
    noise: Positive,
    steps: Count,
    records: AtLeastTwo,
  }),
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 20_000, records: 4 },
    fast: reference,
    paper: { ...reference, steps: 20_000_000, records: 200 },
  },
  paperSeconds: 11,
  cases: ({ sizes }) => sizes,
  row: (size, { config, kernels, seed }) => {
    const own = seed.child(size)
    const { neurons } = config
    const { network, theta } = selfTaught(own, { size, dimension, neurons, kernels })
    const kind = { convention: "mean", sampling: "replacement", batch: 1 } as const
    const options = { ...config, ...kind, seed: own.child("run") }
    return record(network, theta, options, (point, step) => {
      const { singularValues } = diagnose(network, point)
      const at = { data: nameOf(size), size, step }
      return places.map((place, k) => ({ ...at, singularValue: place, value: singularValues[k]! }))
    }).flat()
  },
  figures: () => {
    const figure = (id: string, title: string, sizes: ReadonlyArray<number>) =>
      Figure.lines<Row>({
        id,
        title,
        caption: "Each line is one of the three singular values of the weights.",
        where: { size: sizes },
        x: { field: "step", title: "step" },
        y: { field: "value", title: "singular value of the weights" },
        series: { field: "singularValue", title: "singular value" },
        ...(sizes.length === 1 ? {} : { panel: { field: "data", title: "data" } }),
      })
    return [
      figure("p1", "As many data points as dimensions (figure 1, as recalled)", [3]),
      figure("p2", "More data points than dimensions (figure 2, as recalled)", [5, 10]),
    ]
  },
  expectations: (rows, { sizes, steps }) => {
    if (steps < reference.steps) return []
    const secondOverFirst = (size: number, step: number): number => {
      const found = rows.filter((row) => row.size === size && row.step === step)
      const [first, second] = places.map((place) =>
        found.find(({ singularValue }) => singularValue === place),
      )
      return (second?.value ?? Number.NaN) / (first?.value ?? Number.NaN)
    }
    const changeOf = (size: number) => secondOverFirst(size, steps) / secondOverFirst(size, 0)
    // with a few data more than dimensions it depends on the data
    const judged = sizes.filter((size) => size <= dimension || size > 3 * dimension)
    const against = (isMeant: (size: number) => boolean) => ({
      control: isMeant(dimension)
        ? "as many data points as dimensions"
        : "more data points than dimensions",
      observed: judged.filter(isMeant).map(changeOf),
    })
    return judged.map((size) => {
      const statement = `${nameOf(size)}: second / first singular value, final / initial`
      return size <= dimension
        ? Expectation.atMost(
            statement,
            changeOf(size),
            half,
            against((n) => n > dimension),
          )
        : Expectation.atLeast(
            statement,
            changeOf(size),
            half,
            against((n) => n <= dimension),
          )
    })
  },
})
