/** Exact worst cases of USAM, and upper bounds on the worst cases of SAM, compared with the bounds of theory. */
import { Expectation, Experiment, worstCaseTable } from "@nonconvex/evidence"
import { certify, worstCase } from "@nonconvex/worst-case"
import { Schema } from "effect"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** All but the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

const table = worstCaseTable(subjects)

export const worstCases = Experiment.table({
  id: "optim-sam/worst-cases",
  title: "Bounds of SAM and USAM compared with exact worst cases",
  source: derived("by performance estimation, of bounds as recalled and as derived here"),
  question:
    "How badly can USAM, and any descent along a gradient within the radius of SAM, do over a class of functions, and by what factor are the bounds larger?",
  paperSeconds: 45,
  paperScale: "The paper has no such experiment.",
  deterministic: "no chance enters: worst cases are computed, and not drawn",
  config: table.config,
  columns: Schema.Struct({ ...table.asked, ...table.found }),
  presets: table.presets,
  cases: table.cases,
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
  figures: () =>
    table.figures(bounds, {
      ratio:
        "At 1 a bound is tight. SAM takes its gradient at one point within the radius, and the worst case is of any: its bounds are loose by at least what is drawn.",
      worst: "Gaps and squared norms of gradients from a gap of 1, squared distances from 1.",
    }),
  expectations: (rows) => {
    const ratios = table.ratiosIn(rows)
    const growth = (of: string) => table.growth([1, ...ratios(of)])
    const tight = ratios(names.descent)
    return [
      Expectation.atLeast(
        "No worst case exceeds its bound: bound over worst case",
        ratios(...bounds),
        1 - table.rounding,
        { control: "a step of 2.1 instead of 0.5", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "The contraction of gradient descent is tight: bound over worst case",
        tight,
        1 + table.rounding,
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
