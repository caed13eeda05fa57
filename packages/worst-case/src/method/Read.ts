/** Methods and certificates from JSON, with the first error and its place. */
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Certificate } from "../certificate/Certificate.ts"
import { FalseCertificate, InvalidMethod } from "./Failures.ts"
import { measures, Method, stepKinds } from "./Method.ts"

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
  return { place: `${under}${place(at)}`, problem: problem.toLowerCase() }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Issue of a value of one of several kinds, which its key identifies. */
const kindIssue = (
  kinds: Readonly<Record<string, Schema.Codec<unknown>>>,
  value: unknown,
  under: string,
  what: string,
): Issue | undefined => {
  const key = isRecord(value) ? Object.keys(kinds).find((name) => name in value) : undefined
  return key === undefined
    ? { place: under, problem: `is not a ${what}: it has none of ${Object.keys(kinds).join(", ")}` }
    : issueOf(kinds[key]!, value, under)
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

const stepIssue = (step: unknown, at: string): Issue | undefined => {
  if (!isRecord(step) || !("repeat" in step)) {
    return kindIssue({ ...stepKinds, repeat: Schema.Unknown }, step, at, "step")
  }
  return each(step["steps"], `${at}.steps`, (inner, where) =>
    kindIssue(stepKinds, inner, where, "step that repeats"),
  )
}

const measureIssue = (measure: unknown, at: string): Issue | undefined =>
  isRecord(measure) && "sum" in measure
    ? each(measure["sum"], `${at}.sum`, (term, where) =>
        isRecord(term) ? measureIssue(term["of"], `${where}.of`) : undefined,
      )
    : kindIssue({ ...measures, sum: Schema.Unknown }, measure, at, "measure")

/** Issue of the most specific part: the message of the whole would name every kind that a part is not. */
const methodIssue = (value: unknown, under = ""): Issue | undefined => {
  if (!isRecord(value)) return undefined
  const { given, measure, steps } = value
  const dot = under === "" ? "" : `${under}.`
  return (
    each(steps, `${dot}steps`, stepIssue) ??
    each(given, `${dot}given`, (entry, at) =>
      isRecord(entry) ? measureIssue(entry["bound"], `${at}.bound`) : undefined,
    ) ??
    (isRecord(measure) && "least" in measure
      ? each(measure["least"], `${dot}measure.least`, measureIssue)
      : measure === undefined
        ? undefined
        : measureIssue(measure, `${dot}measure`))
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
  const issue = methodIssue(value) ?? issueOf(Method, value, "")
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
