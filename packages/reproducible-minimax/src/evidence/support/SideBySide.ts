/** What Figures 1 and 2 share: each method run with exact and with inexact gradients, side by side. */
import { Figure, LogLog } from "@nonconvex/evidence"
import { Schema } from "effect"
import { type Problem, regularised } from "../../problem/Problem.ts"
import type { Scheme } from "../../methods/Scheme.ts"

export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

/** Settings that both figures have. */
export const settings = {
  dimension: Schema.Int.check(Schema.isGreaterThan(1)),
  steps: Schema.Int.check(Schema.isGreaterThan(9)),
  /** Error of each coordinate of the gradients. */
  delta: Positive,
  /** Strength of the regularisation. */
  strength: Positive,
}

/** What is measured at a step, of the run with inexact gradients. */
export const measured = {
  gap: Schema.Number,
  /** Distance from the run with exact gradients. */
  deviation: Schema.Number,
}

/** Columns of a row before what is measured. */
export const place = { method: Schema.String, step: Schema.Int }

interface Place {
  readonly method: string
  readonly step: number
}

export interface Method {
  readonly name: string
  readonly scheme: Scheme
  readonly strength: number
}

/** Both runs of every method from one start; `undefined` where the run may pause. */
export const sideBySide = function* <Measured extends object>(options: {
  readonly methods: ReadonlyArray<Method>
  readonly exact: Problem
  readonly inexact: Problem
  readonly start: Float64Array
  readonly steps: number
  readonly perDecade: number
  readonly measure: (exact: Float64Array, inexact: Float64Array) => Measured
}): Generator<(Place & Measured) | undefined, void> {
  const { exact, inexact, measure, methods, perDecade, start, steps } = options
  const records = new Set(LogLog.decades(steps, perDecade))
  for (const { name, scheme, strength } of methods) {
    const one = scheme.init(regularised(exact, strength, start), start)
    const other = scheme.init(regularised(inexact, strength, start), start)
    for (let step = 1; step <= steps; step++) {
      scheme.step(one)
      scheme.step(other)
      if (records.has(step)) yield { method: name, step, ...measure(one.point, other.point) }
      else if (step % 16 === 0) yield undefined
    }
  }
}

/** The row of a method's last step. */
export const lastOf =
  <Row extends Place>(rows: ReadonlyArray<Row>, steps: number) =>
  (method: string): Row =>
    rows.findLast((row) => row.method === method && row.step === steps)!

/** Gap and deviation over the steps, with a line for each method. */
export const figures = (
  rows: ReadonlyArray<Place & { readonly gap: number; readonly deviation: number }>,
  captions: Readonly<Record<"gap" | "deviation", readonly [title: string, caption: string]>>,
) =>
  (["gap", "deviation"] as const).map((field) =>
    Figure.lines({
      id: field,
      title: captions[field][0],
      caption: captions[field][1],
      rows,
      x: { field: "step", title: "step", scale: "log" },
      y: { field, title: field, scale: "log" },
      series: { field: "method", title: "method" },
    }),
  )
