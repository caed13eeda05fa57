/** Refusals of a schema, with the place in the input. */
import { Schema, SchemaIssue } from "effect"

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
