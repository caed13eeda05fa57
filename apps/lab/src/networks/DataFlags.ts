/** The flags that name the data of a network. */
import type { Source } from "@nonconvex/datasets/Prepared"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../cli/Flags.ts"

const Fraction = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))

const columns = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withDescription(`${description}; may be repeated`),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  )

/** `size=small,medium,large`: the words from the first to the last. */
const orderOf = (text: string): NonNullable<Source["ordinal"]>[number] => {
  const at = text.lastIndexOf("=")
  const [first, second, ...others] = text
    .slice(at + 1)
    .split(",")
    .map((word) => word.trim())
  if (at < 1 || !first || !second || others.includes("")) {
    throw new Error("Expected a column and its words in order, such as size=small,medium,large")
  }
  return { column: text.slice(0, at), words: [first, second, ...others] }
}

/** Data by its path or name, and how a file is read; see `Prepared.Source`. */
export const data = {
  name: Argument.String("data").pipe(
    Argument.withDescription(
      "A table with column names (text, Parquet, Arrow, NumPy arrays), or a bundled data set (nonconvex doctor lists them)",
    ),
  ),
  target: Flags.optional(
    Flag.String("target").pipe(
      Flag.withAlias("t"),
      Flag.withDescription("The target column; required for files"),
      Flag.withMetavar("column"),
    ),
  ),
  task: Flags.optional(
    Flag.Literals("task", ["classification", "regression"]).pipe(
      Flag.withDescription("Task: classification or regression"),
    ),
    "classification if the target has words or at most 20 distinct repeated integers",
  ),
  spelling: Flags.spelling,
  ignore: columns("ignore", "A column to exclude from the features"),
  keep: columns("keep", "A column to keep as a feature although it looks like an identifier"),
  category: columns(
    "category",
    "A column to treat as categorical, such as region codes, dates or text",
  ),
  ordinal: Flag.String("ordinal").pipe(
    Flag.withDescription(
      "An ordinal column with its order, such as size=small,medium,large; may be repeated",
    ),
    Flag.withMetavar("column=words"),
    Flag.mapTryCatch(orderOf, (error) => (error as Error).message),
    Flag.atLeast(0),
  ),
  testFraction: Flags.optional(
    Flag.Finite("test-fraction").pipe(
      Flag.withDescription("Size of the test set, as a fraction of the rows"),
      Flag.withSchema(Fraction),
    ),
    "0.2",
  ),
}
