import { Formatter, Schema, SchemaIssue } from "effect"

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Lists the refusals of a schema: each place as keys and indices from the outside in, and the expectation there.
 *
 * @internal
 */
export const refusals = (
  error: Schema.SchemaError,
): ReadonlyArray<{ readonly path: ReadonlyArray<PropertyKey>; readonly expected: string }> =>
  issuesOf(error.issue).issues.map(({ message, path }) => ({
    path: (path ?? []).map((part) => (typeof part === "object" ? part.key : part)),
    expected: message.replace(/^[A-Z](?=[a-z]+ )/, (letter) => letter.toLowerCase()),
  }))

/**
 * A place within a value, as code would reach it: `list[1].rate`.
 *
 * @internal
 */
export const place = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "")

/** Characters of a reason: it may quote what a stranger wrote. */
const most = 500

const firstLine = (text: string): string => {
  const line = text.trim().split("\n", 1)[0]!
  return line.length > most ? `${line.slice(0, most)}...` : line
}

/** Describes a failure in one line, for any thrown value or error. */
export const of = (cause: unknown): string => {
  if (Schema.isSchemaError(cause)) {
    const { expected, path } = refusals(cause)[0]!
    return firstLine(path.length === 0 ? expected : `${place(path)}: ${expected}`)
  }
  if (!(cause instanceof Error)) {
    return firstLine(typeof cause === "string" ? cause : Formatter.format(cause))
  }
  const line = firstLine(cause.message)
  return line === "" ? cause.name : line
}
