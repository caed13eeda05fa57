/** Exact worst cases compared with the bounds of the paper, and the factor by which each bound is loose. */
import { Expectation, Experiment, worstCaseTable } from "@nonconvex/evidence"
import { certify, worstCase } from "@nonconvex/worst-case"
import * as Schema from "effect/Schema"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** All but the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

const table = worstCaseTable(subjects)

export const worstCases = Experiment.table({
  id: "reproducible-minimax/worst-cases",
  title: "Bounds compared with exact worst cases: which are tight",
  source: derived("by performance estimation, of bounds as printed and as derived here"),
  question:
    "How badly can each method do over its whole class of functions, and by what factor is its bound larger?",
  paperSeconds: 25,
  deterministic: "no chance enters: worst cases are computed, and not drawn",
  config: table.config,
  columns: Schema.Struct({
    ...table.asked,
    /** Kind of bound: attained by some function, or an upper bound itself. */
    kind: Schema.Literals(["exact", "upper bound"]),
    ...table.found,
  }),
  presets: table.presets,
  cases: table.cases,
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
  figures: () =>
    table.figures(bounds, {
      ratio:
        "At 1 a bound is tight. Of GDA and extragradient the worst case is an upper bound itself: they are loose by at least what is drawn.",
      worst:
        "How badly each method can do: gaps, and squared deviations of two runs from starts, or with gradients, that differ.",
    }),
  expectations: (rows) => {
    const ratios = table.ratiosIn(rows)
    const growth = (of: string) => table.growth(ratios(of))
    return [
      Expectation.atLeast(
        "No worst case exceeds its bound: bound over worst case",
        ratios(...bounds),
        1 - table.rounding,
        { control: "a step of 1.9 instead of 1", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "The bounds of gradient descent, of the accelerated gradient and of the expansion of a step are tight: bound over worst case",
        ratios(names.descent, names.accelerated, names.expansion),
        1 + table.rounding,
        { control: "the gap of extragradient", observed: ratios(names.extragradient) },
      ),
      Expectation.atLeast(
        "The bound on the gap of extragradient is at least twice too large",
        ratios(names.extragradient),
        2 - table.rounding,
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
