/**
 * Filter of runs: `experiment=optim-sam/valley and seed<3 and radius>=0.05`. A clause is parsed into comparisons. A store applies those of the
 * subject, the status and the sweep, by parameters of its statements; the others are applied to the runs that it reads.
 */
import type { KeptRun, KeptSweep, Runs } from "@nonconvex/store/Runs"
import * as EditDistance from "../../cli/EditDistance.ts"
import * as Verdicts from "../Verdicts.ts"
import * as Clause from "./Clause.ts"
import { BadExpression, Refusal } from "./Clause.ts"
import * as Configuration from "./Configuration.ts"

export type Where = ReadonlyArray<Clause.Comparison>

/** A run with the sweeps that it belongs to. */
export interface Entry {
  readonly run: KeptRun
  readonly sweeps: ReadonlyArray<string>
}

/** Comparison of a field; a hash matches by its prefix, and a time to the given precision. */
interface Field {
  readonly kind: "plain" | "hash" | "time"
  /** More than one value if any of them may match; none if the run has no such field. */
  readonly valuesOf: (entry: Entry) => ReadonlyArray<Clause.Value>
}

type Values = Field["valuesOf"]

const plain = (valuesOf: Values): Field => ({ kind: "plain", valuesOf })
const hash = (valuesOf: Values): Field => ({ kind: "hash", valuesOf })
const time = (valuesOf: Values): Field => ({ kind: "time", valuesOf })

const some = <Value>(value: Value | undefined): ReadonlyArray<Value> =>
  value === undefined ? [] : [value]

/** The id of a subject, or what follows its system: `optim-sam/valley` or `valley`. */
const subjectOf = (kind: KeptRun["key"]["kind"]) =>
  plain(({ run: { key } }) =>
    key.kind === kind ? [key.subject, key.subject.slice(key.subject.indexOf("/") + 1)] : [],
  )

/** Verdict on a statement, in the lower-case word of the tables. */
const verdictOf = ({ outcome }: KeptRun): ReadonlyArray<string> => {
  if (outcome?._tag !== "Judged") return []
  const word = Verdicts.words[outcome.verdict._tag]
  return [word, word.toLowerCase()]
}

const fields: Readonly<Record<string, Field>> = {
  run: hash(({ run }) => [run.id]),
  kind: plain(({ run }) => [run.key.kind]),
  experiment: subjectOf("experiment"),
  claim: subjectOf("claim"),
  erratum: subjectOf("erratum"),
  system: plain(({ run }) => [run.key.subject.split("/", 1)[0]!]),
  seed: plain(({ run }) => [run.key.seed]),
  status: plain(({ run }) => [run.status, ...verdictOf(run)]),
  sweep: hash(({ sweeps }) => sweeps),
  kernels: plain(({ run }) => [run.key.kernels]),
  code: hash(({ run }) => [run.key.code]),
  data: hash(({ run }) => some(run.key.data)),
  commit: hash(({ run }) => some(run.provenance.commit?.hash)),
  host: plain(({ run }) => [run.provenance.host]),
  parts: plain(({ run }) => [run.parts]),
  kept: plain(({ run }) => [run.kept]),
  seconds: plain(({ run }) => [run.seconds]),
  started: time(({ run }) => [run.startedAt]),
  ended: time(({ run }) => some(run.endedAt)),
  differences: plain(({ run }) => [run.differences]),
}

/** The fields of every run, apart from its settings. */
export const names: ReadonlyArray<string> = Object.keys(fields)

/** Grammar of a clause, for messages and help. */
export const grammar = `a filter is comparisons joined by "and", such as experiment=optim-sam/valley and seed<3, with = != < <= > >= and ~ (contains); its fields are ${names.join(", ")} and the settings of the runs`

const fieldOf = (name: string): Field =>
  Object.hasOwn(fields, name)
    ? fields[name]!
    : plain(({ run }) =>
        some(Configuration.settingOf(run.key.config, name.replace(/^config\./, ""))),
      )

/** Field or setting of a run; undefined if absent, and for `sweep`. */
export const valueOf = (run: KeptRun, name: string): Clause.Value | undefined =>
  fieldOf(name).valuesOf({ run, sweeps: [] })[0]

/** The comparisons of a clause. Throws `BadExpression`, which explains the syntax of a clause; `select` checks that runs have its fields. */
export const parse = (text: string): Where => {
  try {
    return Clause.conjunction(Clause.tokens(text))
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    throw new BadExpression({ flag: "where", text, reason: `${cause.message}; ${grammar}` })
  }
}

const aTime = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d)?)?Z?)?)?)?$/

/** Reason why no value supports the comparison, or undefined. */
const mismatch = (
  { kind }: Field,
  comparison: Clause.Comparison,
  value: Clause.Value,
): string | undefined => {
  if (kind !== "time" || comparison.operator === "~") return Clause.mismatch(value, comparison)
  return aTime.test(comparison.value)
    ? undefined
    : `${comparison.field} is a time, such as 2026-11-27 or 2026-11-27T08:30, not ${Clause.shortened(comparison.value)}`
}

const fits = ({ kind }: Field, comparison: Clause.Comparison, value: Clause.Value): boolean => {
  if (kind === "plain" || comparison.operator === "~") return Clause.fits(value, comparison)
  const wanted =
    kind === "time" ? comparison.value.replace(/Z$/, "") : comparison.value.toLowerCase()
  const beginning = String(value).slice(0, wanted.length)
  const order = beginning === wanted ? 0 : beginning < wanted ? -1 : 1
  return Clause.ordered(order, comparison.operator)
}

/** Selection by a store, and the comparisons that it leaves. */
export interface Divided {
  readonly choice: Pick<Choice, "kind" | "name" | "status" | "sweep">
  readonly rest: Where
}

type Choice = NonNullable<Parameters<Runs["Service"]["list"]>[0]>

const kinds = ["experiment", "claim", "erratum"] as const

/** Statuses other than verdicts. */
const statuses = ["unfinished", "done"] as const

/** The part of a selection that expresses a comparison; undefined if it can only be applied to runs already read. */
const chosenBy = ({ field, operator, value }: Clause.Comparison): Divided["choice"] | undefined => {
  if (operator !== "=") return undefined
  const kind = kinds.find((each) => each === field)
  if (kind !== undefined) return { kind, name: value }
  const status = statuses.find((each) => field === "status" && each === value)
  if (status !== undefined) return { status }
  return field === "sweep" && /^[0-9a-f]+$/i.test(value)
    ? { sweep: value.toLowerCase() }
    : undefined
}

/** Divides a clause: a store of many runs then reads few of them. */
export const divide = (where: Where): Divided => {
  let choice: Divided["choice"] = {}
  const rest = where.filter((comparison) => {
    const own = chosenBy(comparison)
    if (own === undefined || Object.keys(own).some((key) => key in choice)) return true
    choice = { ...choice, ...own }
    return false
  })
  return { choice, rest }
}

const refuse = (where: Where, reason: string): never => {
  throw new BadExpression({ flag: "where", text: Clause.render(where), reason })
}

const requireField = (where: Where, name: string, entries: ReadonlyArray<Entry>): never => {
  const settings = Configuration.namesOf(entries.map(({ run }) => run.key.config))
  const near = EditDistance.names(name, [...names, ...settings])
  return refuse(
    where,
    `no run has a field ${Clause.shortened(name)}${near.length === 0 ? "" : ` (did you mean ${near.join(" or ")}?)`}; ${grammar}: ${settings.join(", ")}`,
  )
}

/** Those of `entries` that satisfy one comparison, which must be valid for some of them. */
const narrowed = (
  where: Where,
  comparison: Clause.Comparison,
  entries: ReadonlyArray<Entry>,
): ReadonlyArray<Entry> => {
  const field = fieldOf(comparison.field)
  let [known, meant] = [Object.hasOwn(fields, comparison.field), false]
  let reason: string | undefined
  const found = entries.filter((entry) => {
    const values = field.valuesOf(entry)
    known ||= values.length > 0
    for (const value of values) {
      const why = mismatch(field, comparison, value)
      if (why === undefined) meant = true
      else reason ??= why
    }
    // of several names of one thing none may be the one that is excluded
    return comparison.operator === "!="
      ? values.length > 0 && values.every((value) => fits(field, comparison, value))
      : values.some((value) => fits(field, comparison, value))
  })
  if (!known) return requireField(where, comparison.field, entries)
  return meant || reason === undefined ? found : refuse(where, reason)
}

/**
 * Runs that match a clause, in order. A run without a setting matches no comparison with it.
 *
 * Throws `BadExpression` on a field that no run has, and on a comparison that is valid for none, such as `seed<first`.
 */
export const select = (
  where: Where,
  runs: ReadonlyArray<KeptRun>,
  sweeps: ReadonlyArray<KeptSweep> = [],
): ReadonlyArray<KeptRun> => {
  const sweepsOf = new Map<string, Array<string>>()
  for (const { id, trials } of sweeps) {
    for (const trial of trials) {
      const known = sweepsOf.get(trial)
      if (known === undefined) sweepsOf.set(trial, [id])
      else known.push(id)
    }
  }
  const entries = runs.map((run) => ({ run, sweeps: sweepsOf.get(run.id) ?? [] }))
  if (entries.length === 0) return []
  const kept = where.map((comparison) => new Set(narrowed(where, comparison, entries)))
  return entries
    .filter((entry) => kept.every((fitting) => fitting.has(entry)))
    .map(({ run }) => run)
}
