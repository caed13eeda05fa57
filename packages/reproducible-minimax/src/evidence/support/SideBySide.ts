/** Common part of Figures 1 and 2: a method run with exact and with inexact gradients, side by side. */
import * as Figure from "@nonconvex/figures"
import { AtLeastTwo, Positive } from "@nonconvex/problems/Fields"
import * as Schema from "effect/Schema"
import { advance } from "@nonconvex/problems/Advance"
import type { Scheme } from "../../methods/Scheme.ts"
import { decades } from "./Decades.ts"
import { type Problem, regularised } from "../../problem/Problem.ts"

/** Settings that both figures have. */
export const settings = {
  dimension: AtLeastTwo,
  steps: Schema.Int.check(Schema.isGreaterThan(9)),
  /** Error of each coordinate of the gradients. */
  delta: Positive,
  /** Strength of the regularisation. */
  strength: Positive,
}

/** Columns that both figures have. */
export const columns = {
  method: Schema.String,
  step: Schema.Int,
  /** Gap of the run with inexact gradients. */
  gap: Schema.Number,
  /** Distance from the run with exact gradients. */
  deviation: Schema.Number,
}

export interface Method {
  readonly name: string
  readonly scheme: Scheme
  readonly strength: number
}

/** Both runs of a method from one start, measured a few times per decade of steps. */
export const sideBySide = <Measured extends object>(
  { name, scheme, strength }: Method,
  options: {
    readonly exact: Problem
    readonly inexact: Problem
    readonly start: Float64Array
    readonly steps: number
    readonly perDecade: number
    readonly measure: (exact: Float64Array, inexact: Float64Array) => Measured
  },
) => {
  const { exact, inexact, measure, perDecade, start, steps } = options
  const one = scheme.init(regularised(exact, strength, start), start)
  const other = scheme.init(regularised(inexact, strength, start), start)
  let taken = 0
  return decades(steps, perDecade).map((step) => {
    advance(scheme, [one, other], step - taken)
    taken = step
    return { method: name, step, ...measure(one.point, other.point) }
  })
}

type Row = Schema.Struct<typeof columns>["Type"]

/** Value in a method's row after a number of steps; NaN if there is none. */
export const after =
  (rows: ReadonlyArray<Row & { readonly alongNull?: number }>, steps: number) =>
  (method: string, column: "gap" | "deviation" | "alongNull"): number =>
    rows.find((row) => row.method === method && row.step === steps)?.[column] ?? Number.NaN

/** Gap and deviation over the steps, with a line for each method. */
export const figures = (
  captions: Readonly<Record<"gap" | "deviation", readonly [title: string, conclusion: string]>>,
) =>
  (["gap", "deviation"] as const).map((field) =>
    Figure.lines<Row>({
      id: field,
      title: captions[field][0],
      conclusion: captions[field][1],
      x: { field: "step", title: "step", scale: "log" },
      y: { field, title: field, scale: "log" },
      series: { field: "method", title: "method" },
    }),
  )
