/** Exact worst cases compared with the bounds of the paper, and the factor by which each bound is loose. */
import { Expectation, Experiment, WorstCases } from "@nonconvex/evidence"
import { certify, worstCase } from "@nonconvex/worst-case"
import * as Schema from "effect/Schema"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** All but the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

export const worstCases = Experiment.table({
  id: "reproducible-minimax/worst-cases",
  title: "Bounds compared with exact worst cases: which are tight",
  source: derived("by performance estimation, of bounds as printed and as derived here"),
  question:
    "How badly can each method do over its whole class of functions, and by what factor is its bound larger?",
  paperSeconds: 25,
  deterministic: "no chance enters: worst cases are computed, and not drawn",
  config: WorstCases.Config,
  columns: Schema.Struct({
    ...WorstCases.asked,
    /** Kind of bound: attained by some function, or an upper bound itself. */
    kind: Schema.Literals(["exact", "upper bound"]),
    ...WorstCases.found,
  }),
  presets: WorstCases.presets,
  cases: WorstCases.casesOf(subjects),
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
    WorstCases.figures(bounds, {
      ratio:
        "At 1 a bound is tight. Of GDA and extragradient the worst case is an upper bound itself: they are loose by at least what is drawn.",
      worst:
        "How badly each method can do: gaps, and squared deviations of two runs from starts, or with gradients, that differ.",
    }),
  expectations: (rows) => {
    const ratios = WorstCases.ratiosIn(rows)
    const growth = (of: string) => WorstCases.growth(ratios(of))
    return [
      Expectation.atLeast(
        "No worst case exceeds its bound: bound over worst case",
        ratios(...bounds),
        1 - WorstCases.rounding,
        { control: "a step of 1.9 instead of 1", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "The bounds of gradient descent, of the accelerated gradient and of the expansion of a step are tight: bound over worst case",
        ratios(names.descent, names.accelerated, names.expansion),
        1 + WorstCases.rounding,
        { control: "the gap of extragradient", observed: ratios(names.extragradient) },
      ),
      Expectation.atLeast(
        "The bound on the gap of extragradient is at least twice too large",
        ratios(names.extragradient),
        2 - WorstCases.rounding,
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
