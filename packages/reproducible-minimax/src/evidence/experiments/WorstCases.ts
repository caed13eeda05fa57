/** Exact worst cases beside the bounds of the paper: which are tight, and which loose by what factor. */
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Count } from "@nonconvex/evidence/Fields"
import { certify, worstCase } from "@nonconvex/worst-case"
import * as Schema from "effect/Schema"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** What the solver may be off, relative to a bound. */
const rounding = 1e-5

const Row = Schema.Struct({
  bound: Schema.String,
  steps: Schema.Int,
  /** Whether some function comes to the worst case, or it is an upper bound itself. */
  kind: Schema.Literals(["exact", "upper bound"]),
  printed: Schema.Number,
  worst: Schema.Number,
  /** Bound over worst case: 1 is tight, and where the worst case is an upper bound the bound is loose by at least so much. */
  ratio: Schema.Number,
  /** What is proved in fractions; empty where nobody asked. */
  proof: Schema.String,
})
type Row = typeof Row.Type

/** All but the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

export const worstCases = Experiment.table({
  id: "reproducible-minimax/worst-cases",
  title: "Bounds beside exact worst cases: which are tight",
  source: derived("by performance estimation, of bounds as printed and as derived here"),
  question:
    "How badly can each method do over its whole class of functions, and by what factor is its bound larger?",
  paperSeconds: 25,
  config: Schema.Struct({
    /** Numbers of steps, from 1. */
    steps: Count,
    /** Up to so many steps the worst case is proved in fractions. */
    proved: Count,
  }),
  columns: Row,
  presets: {
    smoke: { steps: 3, proved: 1 },
    fast: { steps: 5, proved: 3 },
    paper: { steps: 10, proved: 10 },
  },
  cases: ({ steps: most }) =>
    subjects.flatMap((subject) =>
      Array.from({ length: most }, (_, k) => k + 1)
        .filter((steps) => steps >= subject.least && steps <= subject.most)
        .map((steps) => ({ bound: subject.name, steps })),
    ),
  row: ({ bound, steps }, { config: { proved }, kernels }) => {
    const subject = subjects.find(({ name }) => name === bound)!
    const method = subject.method(steps)
    const { bound: worst, kind } = worstCase(method, { kernels })
    const printed = subject.bound(steps)
    return {
      bound,
      steps,
      kind,
      printed,
      worst,
      ratio: printed / worst,
      proof: steps <= proved ? certify(method, { kernels }).bound : "",
    }
  },
  figures: () => [
    Figure.lines<Row>({
      id: "ratio",
      title: "Bound over worst case",
      caption:
        "At 1 a bound is tight. Of GDA and extragradient the worst case is an upper bound itself: they are loose by at least what is drawn.",
      x: { field: "steps", title: "steps", scale: "integers" },
      y: { field: "ratio", title: "bound / worst case", scale: "log" },
      where: { bound: bounds },
      series: { field: "bound", title: "bound" },
    }),
    Figure.lines<Row>({
      id: "worst",
      title: "Worst cases",
      caption:
        "How badly each method can do: gaps, and squared deviations of two runs from starts, or with gradients, that differ.",
      x: { field: "steps", title: "steps", scale: "integers" },
      y: { field: "worst", title: "worst case", scale: "log" },
      where: { bound: bounds },
      series: { field: "bound", title: "bound" },
    }),
  ],
  expectations: (rows) => {
    const ratios = (...of: ReadonlyArray<string>) =>
      rows.filter(({ bound }) => of.includes(bound)).map(({ ratio }) => ratio)
    const growth = (of: string) => {
      const found = ratios(of)
      return found.slice(1).map((ratio, k) => ratio / found[k]!)
    }
    return [
      Expectation.atLeast(
        "No worst case exceeds its bound: bound over worst case",
        ratios(...bounds),
        1 - rounding,
        { control: "a step of 1.9 instead of 1", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "The bounds of gradient descent, of the accelerated gradient and of the expansion of a step are tight: bound over worst case",
        ratios(names.descent, names.accelerated, names.expansion),
        1 + rounding,
        { control: "the gap of extragradient", observed: ratios(names.extragradient) },
      ),
      Expectation.atLeast(
        "The bound on the gap of extragradient is at least twice too large",
        ratios(names.extragradient),
        2 - rounding,
        { control: "the gap of gradient descent", observed: ratios(names.descent) },
      ),
      Expectation.atLeast(
        "The bound on the deviation of extragradient is looser with every step: by this factor",
        growth(names.extragradientStart),
        1.5,
        { control: "gradient descent and ascent", observed: growth(names.start) },
      ),
    ]
  },
})
