/** One experiment a file: a figure or a table of the paper. src/experiments.ts lists them. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Vector } from "@nonconvex/numerics"
import { descend, quadratic } from "@nonconvex/problems"
import { Schema, Stream } from "effect"
import { gradientDescent } from "../GradientDescent.ts"
import * as Theory from "../Theory.ts"

/** What a user may set: `run matrix-factorization/learning-rates --set steps=50`. Schema refuses what makes no sense. */
const Config = Schema.Struct({
  strongConvexity: Schema.Finite.check(Schema.isGreaterThan(0)),
  smoothness: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** As multiples of `1 / smoothness`; 2 is the threshold of stability. */
  learningRates: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
  steps: Schema.Int.check(Schema.isGreaterThan(1)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  learningRate: Schema.Finite,
  step: Schema.Int,
  distance: Schema.Number,
  bound: Schema.Number,
})
type Row = typeof Row.Type

const start = Float64Array.of(1, 1)

/** Rows as they are found; `descend` lets other fibers run, so that progress and Ctrl-C work. */
const run = ({ learningRates, smoothness, steps, strongConvexity }: Config): Stream.Stream<Row> => {
  const objective = quadratic({ spectrum: Float64Array.of(smoothness, strongConvexity) })
  return Stream.fromIterable(learningRates).pipe(
    Stream.flatMap((multiple) => {
      const eta = multiple / smoothness
      const bound = (step: number) =>
        Theory.distanceAfter(step, Vector.norm(start), eta, strongConvexity, smoothness)
      return descend(gradientDescent({ learningRate: eta }), objective, start, {
        steps,
        every: 1,
      }).pipe(
        Stream.map(({ state, step }) => ({
          learningRate: multiple,
          step,
          distance: Vector.norm(state.point),
          bound: bound(step),
        })),
        // A learning rate past the threshold is what the figure is about, and no failure of the run.
        Stream.catchTag("Diverged", () => Stream.empty),
      )
    }),
  )
}

/** The factor of the last step of one learning rate. */
const lastFactor = (rows: ReadonlyArray<Row>, learningRate: number): number => {
  const [before, after] = rows.filter((row) => row.learningRate === learningRate).slice(-2)
  return before === undefined || after === undefined ? Number.NaN : after.distance / before.distance
}

const reference: Config = {
  strongConvexity: 1,
  smoothness: 10,
  learningRates: [0.5, 1, 1.5, 1.9],
  steps: 100,
}

export const learningRates = experiment<Config, Row>({
  id: "matrix-factorization/learning-rates",
  title: "The learning rate decides the contraction",
  source: {
    paper: "Bubeck 2015",
    statement: "contraction of gradient descent",
    basis: "derived here",
  },
  question:
    "How fast does gradient descent approach the minimiser of a quadratic at each learning rate?",
  config: Config,
  row: Row,
  // smoke shows that it runs, fast shows the effect in seconds, paper is the full setting.
  presets: {
    smoke: { ...reference, steps: 60 },
    fast: reference,
    paper: { ...reference, smoothness: 100, steps: 1000 },
  },
  rows: (config) => config.learningRates.length * (config.steps + 1),
  run,
  figures: (rows) => [
    Figure.lines({
      id: "distance",
      title: "Distance to the minimiser",
      caption: "A straight line each, whose slope is the contraction factor of the learning rate.",
      rows,
      x: { field: "step", title: "step" },
      y: { field: "distance", title: "distance", scale: "log" },
      series: { field: "learningRate", title: "learning rate times smoothness" },
    }),
  ],
  // What the run must show, in numbers: a run that misses one says so.
  expectations: (rows, config) => [
    Expectation.atMost(
      "No distance exceeds its bound",
      Math.max(...rows.map(({ bound, distance }) => distance / bound)),
      1 + 1e-9,
    ),
    ...config.learningRates.map((multiple) =>
      Expectation.within(
        `At ${multiple} / smoothness the last step contracts as the theory says`,
        lastFactor(rows, multiple),
        Theory.contraction(multiple / config.smoothness, config.strongConvexity, config.smoothness),
        { relative: 0.01 },
      ),
    ),
  ],
})
