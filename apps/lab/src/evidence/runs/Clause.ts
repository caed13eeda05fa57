/** Comparisons joined by `and`, as used in clauses about runs and rows: parsed into data, never executed as code. */
import type { Row } from "@nonconvex/evidence/Experiment"
import { Schema } from "effect"

/** Error of a text that is not a clause or metric, with the expected syntax on the same line. */
export class BadExpression extends Schema.TaggedError<BadExpression>()("BadExpression", {
  /** Flag that received the comparison. */
  flag: Schema.String,
  text: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `--${this.flag} ${shortened(this.text)}: ${this.reason}`
  }
}

/** Value of a cell or a field. */
export type Value = number | string | boolean

const operators = ["=", "!=", "<", "<=", ">", ">=", "~"] as const
export type Operator = (typeof operators)[number]

/** `field operator value`; `~` tests whether a text contains the value. */
export interface Comparison {
  readonly field: string
  readonly operator: Operator
  readonly value: string
}

/** A word or a quoted text, an operator, or a parenthesis. */
export interface Token {
  readonly kind: "word" | "quoted" | "operator" | "parenthesis"
  readonly text: string
}

/** Internal error: the reason why a text is not an expression. */
export class Refusal extends Error {}

/** Maximum length of a clause; no person writes longer ones. */
const longest = 2000

const shown = 60

/** User text within a message: encoded as JSON so that it stays on one line, and shortened. */
export const shortened = (text: string): string =>
  JSON.stringify(text.length > shown ? `${text.slice(0, shown)}…` : text)

const pattern =
  /\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<operator><=|>=|!=|[=<>~])|(?<word>[\p{L}\p{N}_./:+@%^-]+)|(?<parenthesis>[()]))/uy

/** The tokens of a text. Throws a `Refusal` on a character that none has. */
export const tokens = (text: string): ReadonlyArray<Token> => {
  if (text.length > longest) throw new Refusal(`it is longer than ${longest} characters`)
  const found: Array<Token> = []
  const source = text.trimEnd()
  for (let at = 0; at < source.length;) {
    pattern.lastIndex = at
    const groups = pattern.exec(source)?.groups
    if (groups === undefined) {
      const odd = String.fromCodePoint(source.slice(at).trimStart().codePointAt(0)!)
      throw new Refusal(
        odd === '"' || odd === "'"
          ? `a quotation that begins with ${odd} is not closed`
          : `${JSON.stringify(odd)} is not allowed`,
      )
    }
    at = pattern.lastIndex
    const { double, operator, parenthesis, single, word } = groups
    const quoted = double ?? single
    if (quoted !== undefined) found.push({ kind: "quoted", text: quoted })
    else if (operator !== undefined) found.push({ kind: "operator", text: operator })
    else if (word !== undefined) found.push({ kind: "word", text: word })
    else found.push({ kind: "parenthesis", text: parenthesis! })
  }
  return found
}

const name = (token: Token | undefined): string =>
  token === undefined ? "the end" : shortened(token.text)

/** Tests whether a token names a field or a column, or is a value. */
export const isName = (token: Token | undefined): token is Token =>
  token !== undefined && (token.kind === "word" || token.kind === "quoted")

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === "word" && token.text.toLowerCase() === word

/** Comparisons joined by `and`. Throws a `Refusal` on anything else. */
export const conjunction = (given: ReadonlyArray<Token>): ReadonlyArray<Comparison> => {
  const found: Array<Comparison> = []
  for (let at = 0; ; at += 4) {
    const [field, operator, value, join] = given.slice(at, at + 4)
    if (!isName(field)) throw new Refusal(`expected a field, found ${name(field)}`)
    if (operator?.kind !== "operator") {
      throw new Refusal(
        `expected one of ${operators.join(" ")} after ${name(field)}, found ${name(operator)}`,
      )
    }
    if (!isName(value)) {
      throw new Refusal(
        `expected a value after ${field.text}${operator.text}, found ${name(value)}`,
      )
    }
    found.push({ field: field.text, operator: operator.text as Operator, value: value.text })
    if (join === undefined) return found
    if (!isWord(join, "and")) {
      throw new Refusal(
        `expected "and" between comparisons, or quotes around a text with spaces, found ${name(join)}`,
      )
    }
  }
}

/** A name as written in a clause: quoted if it is not a word. */
export const written = (text: string): string =>
  /^[\p{L}\p{N}_./:+@%^-]+$/u.test(text) ? text : `"${text}"`

/** `method=sam and epoch>3`. */
export const render = (comparisons: ReadonlyArray<Comparison>): string =>
  comparisons
    .map(({ field, operator, value }) => `${written(field)}${operator}${written(value)}`)
    .join(" and ")

/** Tests whether an order, negative, zero or positive, satisfies an operator. */
export const ordered = (order: number, operator: Operator): boolean => {
  switch (operator) {
    case "=":
      return order === 0
    case "!=":
      return order !== 0
    case "<":
      return order < 0
    case "<=":
      return order <= 0
    case ">":
      return order > 0
    case ">=":
      return order >= 0
    case "~":
      return false
  }
}

const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text))

/** Reason why this type of value does not support the comparison; undefined if it does. */
export const mismatch = (
  value: Value,
  { field, operator, value: wanted }: Comparison,
): string | undefined => {
  if (operator === "~") return undefined
  if (typeof value === "number") {
    return Number.isNaN(numberOf(wanted)) && wanted !== "NaN"
      ? `${field} is a number, but ${shortened(wanted)} is not`
      : undefined
  }
  if (operator !== "=" && operator !== "!=") {
    return `${field} is ${typeof value === "string" ? "a text" : "true or false"}: use = != or ~, not ${operator}`
  }
  return typeof value === "boolean" && wanted !== "true" && wanted !== "false"
    ? `${field} is true or false, not ${shortened(wanted)}`
    : undefined
}

/** Tests whether a value satisfies a comparison; values of another type do not, and NaN equals only NaN. */
export const fits = (value: Value, comparison: Comparison): boolean => {
  const { operator, value: wanted } = comparison
  if (operator === "~") return String(value).includes(wanted)
  if (mismatch(value, comparison) !== undefined) return false
  if (typeof value !== "number") return ordered(String(value) === wanted ? 0 : 1, operator)
  if (wanted === "NaN") return Number.isNaN(value) === (operator === "=")
  if (Number.isNaN(value)) return operator === "!="
  return ordered(Math.sign(value - numberOf(wanted)), operator)
}

/** Rows that satisfy all of the comparisons; a row without a compared field does not. */
export const fitting = (
  rows: ReadonlyArray<Row>,
  where: ReadonlyArray<Comparison>,
): ReadonlyArray<Row> =>
  where.length === 0
    ? rows
    : rows.filter((row) =>
        where.every((each) => {
          const value = row[each.field]
          return value !== undefined && fits(value, each)
        }),
      )
