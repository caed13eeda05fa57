/** Steps to a flat point against the requested accuracy. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as LogLog from "@nonconvex/evidence/LogLog"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import * as Runs from "../support/Runs.ts"

const Config = Schema.Struct({
  /** Below 1, because (3, 1/3) is flat to accuracy 10. */
  accuracies: Schema.Array(
    Schema.Finite.check(Schema.isBetween({ minimum: 1e-4, maximum: 1 })),
  ).check(Schema.isMinLength(1)),
  seeds: Count,
})

const reference: typeof Config.Type = { accuracies: Runs.accuracies, seeds: 20 }

/** Median steps over as many seeds, as published. */
const published: ReadonlyArray<readonly [number, number]> = [
  [0.2, 63],
  [0.1, 300],
  [0.05, 1315],
  [0.02, 9535],
  [0.01, 41639],
]

const measured = "radius √eps, as in theorem 1"

/**
 * Settings that must show another power of 1 / eps: a constant radius, and one that falls too fast for more than two accuracies.
 */
const others = [
  { line: "radius √0.2 at every eps", radius: () => Math.sqrt(0.2), accuracies: 5 },
  { line: "radius eps√eps", radius: (eps: number) => eps * Math.sqrt(eps), accuracies: 2 },
] as const

/** Seeds for each of these settings. */
const few = 3

const isMeasured = ({ line }: { readonly line: string }): boolean => line === measured

type Row = { readonly inverse: number; readonly steps: number; readonly line: string }

const slopeOf = (rows: ReadonlyArray<Row>, line: string): number =>
  LogLog.slope(
    rows.filter((row) => row.line === line).map(({ inverse, steps }) => [inverse, steps] as const),
  )

export const accuracy = Experiment.table({
  id: "flat-minima/accuracy",
  title: "Steps to an (eps, sqrt(eps))-flat point",
  source: recalled("theorem 1: O(eps^-3) steps, an upper bound; on (x y - 1)^2 / 2"),
  question: "How does the number of steps of the smoothed perturbation grow with the accuracy?",
  paperScale:
    "The paper has no such experiment: it has a ResNet-18 on CIFAR-10 from a bad minimum.",
  deterministic: "its random numbers come from seeds in its settings, not from the root seed",
  config: Config,
  columns: Schema.Struct({
    accuracy: Schema.Number,
    inverse: Schema.Number,
    steps: Schema.Number,
    line: Schema.String,
    /** Smallest over the seeds. */
    least: Schema.Number,
    most: Schema.Number,
  }),
  presets: {
    smoke: { accuracies: [0.2, 0.1, 0.05], seeds: 20 },
    fast: reference,
    paper: { accuracies: [...reference.accuracies, 0.005], seeds: 50 },
  },
  paperSeconds: 4,
  cases: ({ accuracies, seeds }) => [
    ...accuracies.map((eps) => ({ eps, radius: Math.sqrt(eps), line: measured, seeds })),
    ...others.flatMap(({ accuracies: count, line, radius }) =>
      accuracies.slice(0, count).map((eps) => ({ eps, radius: radius(eps), line, seeds: few })),
    ),
  ],
  row: ({ eps, line, radius, seeds }) => {
    const counts = Array.from({ length: seeds }, (_, s) => Runs.stepsToFlat(eps, 100 + s, radius))
    return {
      accuracy: eps,
      inverse: 1 / eps,
      steps: Runs.median(counts),
      line,
      least: Summary.smallest(counts),
      most: Summary.largest(counts),
    }
  },
  figures: (rows) => {
    const own = rows.filter(isMeasured)
    const first = own[0]
    return [
      Figure.lines({
        id: "steps",
        title: "Median steps against 1 / eps",
        caption: `The measured slope is ${slopeOf(rows, measured).toFixed(2)}; the band spans all seeds, and the "bound of theorem 1" has slope 3. A constant radius, or one that shrinks faster, has a different slope.`,
        rows,
        x: { field: "inverse", title: "1 / eps", scale: "log" },
        y: { field: "steps", title: "steps", scale: "log" },
        series: { field: "line", title: "perturbation" },
        interval: { low: "least", high: "most" },
        references:
          first === undefined
            ? []
            : [
                Figure.slope(
                  "slope 2",
                  2,
                  own.map(({ inverse, steps }) => [inverse, steps / 2]),
                ),
                Figure.curve(
                  "bound of theorem 1",
                  own.map(({ accuracy: eps, inverse }) => [
                    inverse,
                    Theory.stepsBound(eps, first.steps * Elementary.pow(first.accuracy, 3)),
                  ]),
                ),
              ],
      }),
    ]
  },
  expectations: (rows, config) => {
    const slope = slopeOf(rows, measured)
    const [stays, falls] = others
    const against = ({ line }: (typeof others)[number]) => ({
      control: line,
      observed: slopeOf(rows, line),
    })
    const power =
      Summary.distinct(config.accuracies).length < 2
        ? []
        : [
            Expectation.atLeast("power of 1 / eps", slope, 1.8, against(stays)),
            Expectation.atMost("power of 1 / eps", slope, 3.05, against(falls)),
          ]
    // the median of fewer seeds is another number
    const medians = config.seeds < reference.seeds ? [] : published
    return [
      ...power,
      ...rows
        .filter(isMeasured)
        .flatMap((row) =>
          medians
            .filter(([eps]) => eps === row.accuracy)
            .map(([, expected]) =>
              Expectation.within(
                `steps at eps = ${row.accuracy}`,
                row.steps,
                expected,
                { relative: 0.35 },
                Expectation.regression,
              ),
            ),
        ),
    ]
  },
})
