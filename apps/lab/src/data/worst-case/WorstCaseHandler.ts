import { operate } from "@nonconvex/runner/Operations"
import { readMethod } from "@nonconvex/worst-case"
import { estimateWorstCase, system } from "@nonconvex/worst-case/operations"
import { Effect, Schema } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import { NoWorstCase, read } from "./WorstCaseFile.ts"
import type { Input } from "./WorstCaseFlags.ts"

/** JSON of `worst-case`. */
export const WorstCaseReport = Schema.Struct({
  measure: Schema.String,
  /** Dual bound, in doubles. */
  bound: Schema.Number,
  /** Value of the worst instance found. */
  found: Schema.Number,
  error: Schema.Number,
  kind: Schema.Literals(["exact", "upper bound"]),
  order: Schema.Int,
  conditions: Schema.Int,
  multipliers: Schema.Array(Schema.Struct({ condition: Schema.String, multiplier: Schema.Number })),
  /** Bound in fractions, if a certificate was requested. */
  proved: Schema.optionalKey(Schema.String),
})
type WorstCaseReport = typeof WorstCaseReport.Type

/** Multipliers below it, relative to the largest, are rounding. */
const negligible = 1e-6

const report = (estimated: ReturnType<typeof estimateWorstCase>): WorstCaseReport => {
  const { certificate, multipliers, ...rest } = estimated
  const most = multipliers.reduce((largest, { multiplier }) => Math.max(largest, multiplier), 0)
  return {
    ...rest,
    conditions: multipliers.length,
    multipliers: multipliers.filter(({ multiplier }) => multiplier > negligible * most),
    ...(certificate !== undefined && { proved: certificate.bound }),
  }
}

const kinds = {
  exact: "exact: a function of these classes attains it",
  "upper bound":
    "an upper bound: the conditions of its classes and steps are necessary, but not sufficient",
}

/** Conditions that are listed. */
const listed = 12

const render = (of: WorstCaseReport, saved: string | undefined): string => {
  const shown = of.multipliers.toSorted((a, b) => b.multiplier - a.multiplier).slice(0, listed)
  const left = of.multipliers.length - shown.length
  return [
    `measure        ${of.measure}`,
    `worst case     ${Table.numbersOf([of.bound])(of.bound)}, ${kinds[of.kind]}`,
    `found          ${Table.numbersOf([of.found])(of.found)} by the worst instance, error ${Table.margin(of.error)}`,
    of.proved === undefined
      ? "proved         not yet: --certificate proves a bound in fractions"
      : `proved         at most ${of.proved}; the proof is in ${saved}`,
    `program        order ${of.order}, ${Table.plural(of.conditions, "condition")}; those with the largest multipliers:`,
    ...shown.map(
      ({ condition, multiplier }) => `  ${Table.number(multiplier).padStart(12)}  ${condition}`,
    ),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join("\n")
}

/** Worst case of a method, as a job. */
const estimate = Effect.fn("worst-case.estimate")(function* (file: string, isProved: boolean) {
  const method = yield* read(file, readMethod)
  // how many steps there will be no one knows
  const work = { label: "worst-case", total: 0, unit: "steps" }
  return yield* Progress.track(work, ({ done }) =>
    operate(system, estimateWorstCase, { method, isProved }, ({ steps }) => done(steps)),
  ).pipe(
    Effect.catchTag(
      [
        "InvalidMethod",
        "NoInterpolation",
        "TooLarge",
        "UnboundedWorstCase",
        "NoInstance",
        "NotSolved",
        "NotCertified",
      ],
      ({ message }) => Effect.fail(new NoWorstCase({ path: file, reason: message })),
    ),
  )
})

export const handle = Effect.fn("worst-case")(
  function* (input: Input) {
    const { certificate: path, file, json } = input
    const staged = path === undefined ? undefined : yield* Folder.stageFile(path, [file])
    const estimated = yield* estimate(file, staged !== undefined)
    if (staged !== undefined) {
      yield* staged.write(`${JSON.stringify(estimated.certificate, null, 2)}\n`)
    }
    const found = report(estimated)
    yield* json ? Output.json(WorstCaseReport, found) : Output.text(render(found, path))
  },
  Effect.scoped,
  Effect.provide(Capabilities.layer({ kernels: "strict" })),
)
