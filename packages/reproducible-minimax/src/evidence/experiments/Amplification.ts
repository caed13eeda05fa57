import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Positive } from "@nonconvex/problems/Fields"
import * as Schema from "effect/Schema"
import { accelerated, acceleratedStronglyConvex } from "../../methods/AcceleratedGradient.ts"
import { projectedGradient } from "../../methods/GradientDescentAscent.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import { regularised } from "../../problem/Problem.ts"
import { derived } from "../support/Paper.ts"
import { adversary, onTheLine } from "../support/PiecewiseLinear.ts"

const methods = {
  GD: () => projectedGradient({ step: 1 }),
  AGD: () => accelerated({ smoothness: 1 }),
  "Reg-AGD": (r: number) => acceleratedStronglyConvex({ smoothness: 1 + r, strongConvexity: r }),
} satisfies Readonly<Record<string, (strength: number) => Scheme>>

type Method = keyof typeof methods

export const amplification = Experiment.table({
  id: "reproducible-minimax/amplification",
  title: "A convex function on which acceleration amplifies differences of the start",
  source: derived("Table 1, deviation of AGD from inexact starts; the function is derived here"),
  question: "By which factor does each method drive two starts apart at each step?",
  paperSeconds: 4,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Schema.Struct({
    /** Distances of the two starts. */
    deltas: Schema.Array(Positive),
    strength: Positive,
  }),
  columns: Schema.Struct({
    delta: Schema.Finite,
    method: Schema.String,
    step: Schema.Int,
    /** The largest distance so far, divided by the distance of the starts. */
    amplification: Schema.Number,
  }),
  presets: {
    smoke: { deltas: [1e-8], strength: 1e-3 },
    fast: { deltas: [1e-10, 1e-8, 1e-6, 1e-4], strength: 1e-3 },
    paper: { deltas: [1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4], strength: 1e-3 },
  },
  cases: ({ deltas }) =>
    deltas.flatMap((delta) =>
      (Object.keys(methods) as Array<Method>).map((method) => ({ delta, method })),
    ),
  row: ({ delta, method }, { config: { strength } }) => {
    const { f, steps } = adversary(delta)
    const scheme: Scheme = methods[method](strength)
    const added = method === "Reg-AGD" ? strength : 0
    const [one, two] = [0, delta].map((x) => {
      const start = Float64Array.of(x)
      return scheme.init(regularised(onTheLine(f), added, start), start)
    })
    let largest = 0
    return Array.from({ length: steps }, (_, k) => {
      scheme.step(one!)
      scheme.step(two!)
      largest = Math.max(largest, Math.abs(one!.point[0]! - two!.point[0]!))
      return { delta, method, step: k + 1, amplification: largest / delta }
    })
  },
  figures: () => [
    Figure.lines({
      id: "amplification",
      title: "Distance of two runs / distance of their starts",
      conclusion:
        "With AGD the distance grows by a factor of about 1.3 per step until the runs are unrelated; with GD and the regularised method it does not grow.",
      x: { field: "step", title: "step" },
      y: { field: "amplification", title: "amplification", scale: "log" },
      series: { field: "method", title: "method" },
      panel: { field: "delta", title: "distance of the starts" },
    }),
  ],
  expectations: (rows, { deltas }) => {
    const least = Math.min(...deltas)
    const last = (method: Method) => {
      const own = rows.filter((row) => row.method === method)
      return deltas.flatMap((delta) => own.filter((row) => row.delta === delta).slice(-1))
    }
    const ends = (method: Method) => last(method).filter(({ delta }) => delta === least)
    const apart = (method: Method) => ends(method).map((row) => row.amplification * least)
    // points lie up to some thousands, where an ulp is 5e-13
    const reached = (method: Method) =>
      last(method).map((row) => row.amplification - 4e-12 / row.delta)
    const factors = ends("AGD").map((row) => Elementary.pow(row.amplification, 1 / row.step))
    const plain = { control: "AGD", observed: reached("AGD") }
    return [
      Expectation.atLeast("final distance of two runs of AGD", apart("AGD"), 0.1, {
        control: "GD",
        observed: apart("GD"),
      }),
      Expectation.within(
        "growth of the distance per step of AGD",
        factors,
        1.3,
        { absolute: 0.12 },
        Expectation.regression,
      ),
      Expectation.atMost("largest growth of the distance with GD", reached("GD"), 1.001, plain),
      Expectation.atMost(
        "largest growth of the distance with regularised acceleration",
        reached("Reg-AGD"),
        2,
        plain,
      ),
    ]
  },
})
