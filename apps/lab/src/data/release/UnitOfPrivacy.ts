/** The unit of privacy of a release: each row, or each person with all of their rows. */
import { quote } from "@nonconvex/datasets/Quote"
import { GaussianPrivacy, type NoisyScatter, type NoisyStatistics } from "@nonconvex/dp-lowrank"
import * as Decimal from "@nonconvex/numerics/Decimal"
import { Schema } from "effect"
import * as TextTable from "../../cli/TextTable.ts"

/** Unit of privacy. It never depends on the rows. */
export const Unit = Schema.Struct({
  /** `"row"` if the number of rows per person was not declared. */
  protects: Schema.Literals(["row", "person"]),
  /** Rows that are protected together. */
  rowsPerPerson: Schema.Int,
  /** Column whose name suggests people with possibly several rows, if nothing was declared. */
  column: Schema.NullOr(Schema.String),
  /** Epsilon, at the delta of the release, for a person with more rows than that; null above 5000. */
  others: Schema.Array(Schema.Struct({ rows: Schema.Int, epsilon: Schema.NullOr(Schema.Number) })),
})
export type Unit = typeof Unit.Type

/** Declared number of rows per person; otherwise the name of a column that suggests a person, if there is one. */
export type People = "said" | { readonly column: string | null }

const words =
  /^(?:id|uid|uuid|guid|ssn|mrn|email|mail|phone|user|person|people|patient|customer|client|member|subject|participant|household|account|employee|student)s?$/

/** Tests whether a name, as in user_id, userId or "Patient no.", suggests a person. */
export const isOfPeople = (name: string): boolean =>
  name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => words.test(word))

/** Finds the column whose name suggests a person, among the public column names. */
export const named = (columns: ReadonlyArray<string>): People => ({
  column: columns.find(isOfPeople) ?? null,
})

/** Value of mu above which epsilon exceeds 5000, which is no protection. */
const largestMu = 100

/** Unit of privacy of a release, and the guarantee for a person with two or ten times as many rows. */
export const make = (
  { delta, excess, mu, rowsPerPerson }: NoisyScatter["privacy"],
  people: People,
): Unit => ({
  protects: people === "said" ? "person" : "row",
  rowsPerPerson,
  column: people === "said" ? null : people.column,
  others: [2, 10].map((times) => ({
    rows: times * rowsPerPerson,
    epsilon:
      times * mu < largestMu ? GaussianPrivacy.epsilon(times * mu, delta) + 2 * excess : null,
  })),
})

/** Unit of privacy of a release without a delta, whose epsilon is proportional to the number of rows. */
export const ofPure = (
  { epsilon, rowsPerPerson }: NoisyStatistics["privacy"],
  people: People,
): Unit => ({
  protects: people === "said" ? "person" : "row",
  rowsPerPerson,
  column: people === "said" ? null : people.column,
  others: [2, 10].map((times) => ({ rows: times * rowsPerPerson, epsilon: times * epsilon })),
})

/** Caution printed if nothing was declared about people. */
export const caution = ({ column, others, protects }: Unit): ReadonlyArray<string> => {
  if (protects === "person") return []
  const costs = others.map(({ epsilon, rows }) => {
    const of = epsilon === null ? "5000 or more" : TextTable.margin(Decimal.ceil(epsilon, 3))
    return `epsilon ${of} for a person with ${rows} rows`
  })
  const why = column === null ? "" : `, and column ${quote(column)} seems to identify people`
  return [
    `unit           a row is protected, not a person${why}: ${costs.join(", ")}; --rows-per-person protects all rows of a person`,
  ]
}
