/** Methods and certificates from JSON, with the first error and its place. */
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Certificate } from "../certificate/Certificate.ts"
import { FalseCertificate, InvalidMethod, unknownClass } from "./Failures.ts"
import { Bound, errorKinds, measures, Method, Repeat, stepKinds } from "./Method.ts"
import { classStructs, MethodFile } from "./MethodFile.ts"
import { choice, nearest, quoted } from "./Nearest.ts"

interface Issue {
  readonly place: string
  readonly problem: string
}

const place = (path: string): string =>
  [...path.matchAll(/\[("?)(.*?)\1\]/g)]
    .map(([, quote, name]) => (quote === "" ? `[${name}]` : `.${name}`))
    .join("")

/** First issue of a value; undefined if there is none. */
const issueOf = (
  schema: Schema.Codec<unknown>,
  value: unknown,
  under: string,
): Issue | undefined => {
  const exit = Schema.decodeUnknownExit(schema)(value, { onExcessProperty: "error" })
  if (Exit.isSuccess(exit)) return undefined
  const reason = exit.cause.reasons[0]
  const error: unknown = reason !== undefined && "error" in reason ? reason.error : reason
  const [problem = "", at = ""] = String(error instanceof Error ? error.message : error).split("\n")
  return {
    place: `${under}${place(at)}`,
    problem: problem === "Missing key" ? "is missing" : problem.replace(/^E/, "e"),
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

interface Struct extends Schema.Codec<unknown> {
  readonly fields: Readonly<Record<string, unknown>>
}

/** Issue of an object: a field that it cannot have, or an invalid one. */
const structIssue = (struct: Struct, value: unknown, under: string): Issue | undefined => {
  const names = Object.keys(struct.fields)
  if (!isRecord(value)) {
    return { place: under, problem: `expected an object with ${names.join(", ")}` }
  }
  const other = Object.keys(value).find((name) => !names.includes(name))
  return other === undefined
    ? issueOf(struct, value, under)
    : {
        place: under,
        problem: `has no field ${quoted(other)}; ${choice(other, names)}`,
      }
}

/** Issue of a value of one of several kinds, which its key identifies. */
const kindIssue = (
  kinds: Readonly<Record<string, Struct | undefined>>,
  value: unknown,
  under: string,
  what: string,
): Issue | undefined => {
  const names = Object.keys(kinds)
  if (!isRecord(value)) return { place: under, problem: `expected an object: a ${what}` }
  const key = names.find((name) => name in value)
  if (key === undefined) {
    const near = Object.keys(value).find((name) => nearest(name, names) !== undefined)
    const list = `it has none of ${names.join(", ")}`
    return {
      place: under,
      problem: `is not a ${what}: ${list}${near === undefined ? "" : `; did you mean "${nearest(near, names)}" by ${quoted(near)}?`}`,
    }
  }
  const struct = kinds[key]
  return struct === undefined ? undefined : structIssue(struct, value, under)
}

/** Maximum number of entries of a list, far more than in any solvable method. */
const mostEntries = 2000

/** First issue of the entries of a list; undefined if the value is not a list. */
const each = (
  value: unknown,
  under: string,
  issue: (entry: unknown, at: string) => Issue | undefined,
): Issue | undefined => {
  if (!Array.isArray(value)) return undefined
  if (value.length > mostEntries) {
    return {
      place: under,
      problem: `has ${value.length} entries; the limit is ${mostEntries}`,
    }
  }
  for (const [i, entry] of value.entries()) {
    const found = issue(entry, `${under}[${i}]`)
    if (found !== undefined) return found
  }
  return undefined
}

const simpleIssue = (
  step: unknown,
  at: string,
  what: string,
  kinds: Readonly<Record<string, Struct | undefined>> = stepKinds,
): Issue | undefined => {
  const error = isRecord(step) ? step["error"] : undefined
  return (
    (error === undefined ? undefined : kindIssue(errorKinds, error, `${at}.error`, "bound")) ??
    kindIssue(kinds, step, at, what)
  )
}

const stepIssue = (step: unknown, at: string): Issue | undefined => {
  if (!isRecord(step) || !("repeat" in step)) {
    return simpleIssue(step, at, "step", { ...stepKinds, repeat: undefined })
  }
  return (
    each(step["steps"], `${at}.steps`, (inner, where) =>
      simpleIssue(inner, where, "step that repeats"),
    ) ?? structIssue(Repeat, step, at)
  )
}

const measureIssue = (measure: unknown, at: string): Issue | undefined =>
  isRecord(measure) && "sum" in measure
    ? each(measure["sum"], `${at}.sum`, (term, where) =>
        isRecord(term) ? measureIssue(term["of"], `${where}.of`) : undefined,
      )
    : kindIssue({ ...measures, sum: undefined }, measure, at, "measure")

const classIssue = (given: unknown, at: string): Issue | undefined => {
  if (!isRecord(given)) return { place: at, problem: "expected an object with a class" }
  const names = Object.keys(classStructs)
  const { class: name } = given
  if (typeof name !== "string") {
    const problem = name === undefined ? "is missing" : "expected text"
    return { place: `${at}.class`, problem: `${problem}; use one of ${names.join(", ")}` }
  }
  return Object.hasOwn(classStructs, name)
    ? structIssue(classStructs[name]!, given, at)
    : { place: at, problem: unknownClass(name, names) }
}

/** Issue of the most specific part: the message of the whole would name every kind that a part is not. */
const methodIssue = (value: unknown, under = ""): Issue | undefined => {
  if (!isRecord(value)) return structIssue(MethodFile, value, under)
  const { functions, given, measure, steps } = value
  const dot = under === "" ? "" : `${under}.`
  const ofFunctions = Object.entries(isRecord(functions) ? functions : {})
  return (
    ofFunctions
      .map(([name, of]) => classIssue(of, `${dot}functions.${name}`))
      .find((issue) => issue !== undefined) ??
    each(steps, `${dot}steps`, stepIssue) ??
    each(given, `${dot}given`, (entry, at) =>
      isRecord(entry)
        ? (measureIssue(entry["bound"], `${at}.bound`) ?? structIssue(Bound, entry, at))
        : undefined,
    ) ??
    (isRecord(measure) && "least" in measure
      ? each(measure["least"], `${dot}measure.least`, measureIssue)
      : measure === undefined
        ? undefined
        : measureIssue(measure, `${dot}measure`)) ??
    structIssue(MethodFile, value, under)
  )
}

/**
 * Converts a JSON value to a method. Throws InvalidMethod.
 *
 * @example
 * ```ts import.meta.vitest
 * import { readMethod, worstCase } from "@nonconvex/worst-case"
 *
 * const text = '{"functions":{"f":{"class":"smooth-convex","L":1}},"start":["x"],"steps":[{"step":"x","of":"f","rate":1}],"given":[{"bound":{"squaredDistance":["x@0","x*"]},"atMost":1}],"measure":{"gap":"x"}}'
 * worstCase(readMethod(JSON.parse(text))).bound // ≈ 0.1667
 * ```
 */
export const readMethod = (value: unknown): Method => {
  const issue = methodIssue(value)
  if (issue === undefined) return Schema.decodeUnknownSync(Method)(value)
  const at = issue.place.replace(/^\./, "")
  throw new InvalidMethod({ ...issue, place: at === "" ? "the method" : at })
}

/** Converts a JSON value to a certificate, without checking it. Throws FalseCertificate. */
export const readCertificate = (value: unknown): Certificate => {
  const issue =
    isRecord(value) && "certificate" in value
      ? (methodIssue(value["method"], "method") ?? issueOf(Certificate, value, ""))
      : { place: "", problem: 'has no field "certificate": it is not a certificate' }
  if (issue === undefined) return Schema.decodeUnknownSync(Certificate)(value)
  const at = issue.place.replace(/^\./, "")
  throw new FalseCertificate({ ...issue, place: at === "" ? "the file" : at })
}
