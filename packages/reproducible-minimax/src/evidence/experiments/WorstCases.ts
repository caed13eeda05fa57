/** Exact worst cases compared with the bounds of the paper, and the factor by which each bound is loose. */
import { Expectation, Experiment, worstCaseTable } from "@nonconvex/evidence"
import { certify, worstCase } from "@nonconvex/worst-case"
import * as Schema from "effect/Schema"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** All bounds except the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

const table = worstCaseTable(subjects)

export const worstCases = Experiment.table({
  id: "reproducible-minimax/worst-cases",
  title: "Bounds compared with exact worst cases",
  source: derived("by performance estimation, for bounds as printed and as derived here"),
  question:
    "What is the worst case of each method over its class of functions, and by what factor is its bound larger?",
  paperSeconds: 25,
  deterministic: "nothing is random: worst cases are computed, not sampled",
  config: table.config,
  columns: Schema.Struct({
    ...table.asked,
    /** Kind of bound: attained by some function, or only an upper bound. */
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
        "At 1 a bound is tight. For GDA and extragradient the worst case is itself an upper bound, so their bounds are at least as loose as drawn.",
      worst:
        "Worst cases: gaps, and squared deviations of two runs with different starts or gradients.",
    }),
  expectations: (rows) => {
    const ratios = table.ratiosIn(rows)
    const growth = (of: string) => table.growth(ratios(of))
    return [
      Expectation.atLeast(
        "bound / worst case, never below 1",
        ratios(...bounds),
        1 - table.rounding,
        { control: "a step of 1.9 instead of 1", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "gradient descent, accelerated gradient and expansion of a step: bound / worst case",
        ratios(names.descent, names.accelerated, names.expansion),
        1 + table.rounding,
        { control: "the gap of extragradient", observed: ratios(names.extragradient) },
      ),
      Expectation.atLeast(
        "gap of extragradient: bound / worst case",
        ratios(names.extragradient),
        2 - table.rounding,
        { control: "the gap of gradient descent", observed: ratios(names.descent) },
      ),
      Expectation.atLeast(
        "deviation of extragradient: growth of bound / worst case per step",
        growth(names.extragradientStart),
        1.5,
        { control: "gradient descent and ascent", observed: growth(names.start) },
      ),
    ]
  },
})
