/** Exact worst cases of USAM, and upper bounds on those of SAM, beside the bounds of theory. */
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Count } from "@nonconvex/evidence/Fields"
import { certify, worstCase } from "@nonconvex/worst-case"
import { Schema } from "effect"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** What the solver may be off, relative to a bound. */
const rounding = 1e-5

const Row = Schema.Struct({
  bound: Schema.String,
  steps: Schema.Int,
  printed: Schema.Number,
  worst: Schema.Number,
  /** Bound over worst case: 1 is tight. Of SAM, which is one of the methods that the worst case is of, the least that it can be. */
  ratio: Schema.Number,
  /** What is proved in fractions; empty where nobody asked. */
  proof: Schema.String,
})
type Row = typeof Row.Type

/** All but the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

export const worstCases = Experiment.table({
  id: "optim-sam/worst-cases",
  title: "Bounds of SAM and USAM beside exact worst cases",
  source: derived("by performance estimation, of bounds as recalled and as derived here"),
  question:
    "How badly can USAM, and any descent along a gradient within the radius of SAM, do over a class of functions, and by what factor are the bounds larger?",
  paperSeconds: 45,
  paperScale: "The paper has no such experiment.",
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
    subjects.flatMap(({ name }) =>
      Array.from({ length: most }, (_, k) => ({ bound: name, steps: k + 1 })),
    ),
  row: ({ bound, steps }, { config: { proved }, kernels }) => {
    const subject = subjects.find(({ name }) => name === bound)!
    const method = subject.method(steps)
    const { bound: worst } = worstCase(method, { kernels })
    const printed = subject.bound(steps)
    return {
      bound,
      steps,
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
        "At 1 a bound is tight. SAM takes its gradient at one point within the radius, and the worst case is of any: its bounds are loose by at least what is drawn.",
      x: { field: "steps", title: "steps", scale: "integers" },
      y: { field: "ratio", title: "bound / worst case", scale: "log" },
      where: { bound: bounds },
      series: { field: "bound", title: "bound" },
    }),
    Figure.lines<Row>({
      id: "worst",
      title: "Worst cases",
      caption: "Gaps and squared norms of gradients from a gap of 1, squared distances from 1.",
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
      const found = [1, ...ratios(of)]
      return found.slice(1).map((ratio, k) => ratio / found[k]!)
    }
    const tight = ratios(names.descent)
    return [
      Expectation.atLeast(
        "No worst case exceeds its bound: bound over worst case",
        ratios(...bounds),
        1 - rounding,
        { control: "a step of 2.1 instead of 0.5", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "The contraction of gradient descent is tight: bound over worst case",
        tight,
        1 + rounding,
        { control: "USAM", observed: ratios(names.usam) },
      ),
      Expectation.atLeast(
        "On strongly convex functions the rate of USAM under the inequality of Polyak and Lojasiewicz is too slow in every step: by this factor",
        growth(names.usam),
        1.05,
        { control: "gradient descent", observed: growth(names.descent) },
      ),
      Expectation.atLeast(
        "The bound on the mean squared gradient of SAM is too large by more than a third",
        ratios(names.gradient),
        4 / 3,
        { control: "gradient descent", observed: tight },
      ),
    ]
  },
})
