import {
  type Certificate,
  certify,
  type Estimate,
  readMethod,
  worstCase,
} from "@nonconvex/worst-case"
import { Console, Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import { read, working } from "./WorstCaseFile.ts"
import type { Input } from "./WorstCase.ts"

/** What `worst-case --json` prints. */
const WorstCaseReport = Schema.Struct({
  measure: Schema.String,
  /** In doubles: the dual's. */
  bound: Schema.Number,
  /** What the worst instance that was found comes to. */
  found: Schema.Number,
  error: Schema.Number,
  kind: Schema.Literals(["exact", "upper bound"]),
  order: Schema.Int,
  conditions: Schema.Int,
  multipliers: Schema.Array(Schema.Struct({ condition: Schema.String, multiplier: Schema.Number })),
  /** In fractions, where a certificate was asked for. */
  proved: Schema.optionalKey(Schema.String),
})
type WorstCaseReport = typeof WorstCaseReport.Type

/** Multipliers below it, relative to the largest, are rounding. */
const negligible = 1e-6

const report = (estimate: Estimate, certificate: Certificate | undefined): WorstCaseReport => {
  const { bound, error, found, kind, measure, multipliers, vectors } = estimate
  const most = multipliers.reduce((largest, { multiplier }) => Math.max(largest, multiplier), 0)
  return {
    measure,
    bound,
    found,
    error,
    kind,
    order: vectors.length,
    conditions: multipliers.length,
    multipliers: multipliers.filter(({ multiplier }) => multiplier > negligible * most),
    ...(certificate !== undefined && { proved: certificate.bound }),
  }
}

const kinds = {
  exact: "exact: a function of these classes comes to it",
  "upper bound": "an upper bound: the conditions of its classes are necessary, not sufficient",
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

export const handle = Effect.fn("worst-case")(function* (input: Input) {
  const { certificate: path, file, json } = input
  const staged = path === undefined ? undefined : yield* Folder.stageFile(path, [file])
  const method = yield* read(file, readMethod)
  const estimate = yield* working(file, () => worstCase(method))
  const certificate = staged === undefined ? undefined : yield* working(file, () => certify(method))
  if (staged !== undefined) yield* staged.write(`${JSON.stringify(certificate, null, 2)}\n`)
  const found = report(estimate, certificate)
  yield* json ? Output.json(WorstCaseReport, found) : Console.log(render(found, path))
}, Effect.scoped)
