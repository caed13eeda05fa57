/** Exact worst cases of USAM, and upper bounds on the worst cases of SAM, compared with the bounds of theory. */
import { Expectation, Experiment, worstCaseTable } from "@nonconvex/evidence"
import { certify, worstCase } from "@nonconvex/worst-case"
import { Schema } from "effect"
import { derived } from "../support/Paper.ts"
import { names, subjects } from "../support/WorstCases.ts"

/** All bounds except the control. */
const bounds: ReadonlyArray<string> = Object.values(names).filter((name) => name !== names.long)

const table = worstCaseTable(subjects)

export const worstCases = Experiment.table({
  id: "optim-sam/worst-cases",
  title: "Bounds of SAM and USAM compared with exact worst cases",
  source: derived("by performance estimation, for bounds as recalled and as derived here"),
  question:
    "What is the worst case of USAM, and of descent along any gradient within the radius of SAM, over a class of functions? By what factor are the bounds larger?",
  paperSeconds: 45,
  paperScale: "The paper has no such experiment.",
  deterministic: "nothing is random: worst cases are computed, not sampled",
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
        "At 1 a bound is tight. SAM takes its gradient at one point within the radius, but the worst case covers all such points, so the bounds are at least as loose as drawn.",
      worst: "Gaps and squared gradient norms start from a gap of 1, and squared distances from 1.",
    }),
  expectations: (rows) => {
    const ratios = table.ratiosIn(rows)
    const growth = (of: string) => table.growth([1, ...ratios(of)])
    const tight = ratios(names.descent)
    return [
      Expectation.atLeast(
        "bound / worst case, never below 1",
        ratios(...bounds),
        1 - table.rounding,
        { control: "a step of 2.1 instead of 0.5", observed: ratios(names.long) },
      ),
      Expectation.atMost(
        "contraction of gradient descent: bound / worst case",
        tight,
        1 + table.rounding,
        { control: "USAM", observed: ratios(names.usam) },
      ),
      Expectation.atLeast(
        "USAM on strongly convex functions, rate under the Polyak-Lojasiewicz inequality: growth of bound / worst case per step",
        growth(names.usam),
        1.05,
        { control: "gradient descent", observed: growth(names.descent) },
      ),
      Expectation.atLeast(
        "mean squared gradient of SAM: bound / worst case",
        ratios(names.gradient),
        4 / 3,
        { control: "gradient descent", observed: tight },
      ),
    ]
  },
})
