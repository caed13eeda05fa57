/** The flags that name the data of a network. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../cli/Flags.ts"

const Fraction = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))

/** Data by its path or name, and how a file is read; see `Prepared.Source`. */
export const data = {
  name: Argument.String("data").pipe(
    Argument.withDescription("A CSV file, or a shipped data set (nonconvex doctor lists them)"),
  ),
  target: Flags.optional(
    Flag.String("target").pipe(
      Flag.withAlias("t"),
      Flag.withDescription("The column to predict; CSV files need it"),
      Flag.withMetavar("column"),
    ),
  ),
  task: Flag.Literals("task", ["classification", "regression"]).pipe(
    Flag.withDescription("Whether the target column holds classes or numbers"),
    Flag.withDefault("classification" as const),
  ),
  spelling: Flags.spelling,
  ignore: Flag.String("ignore").pipe(
    Flag.withDescription("A column that is no feature; may be given more than once"),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  testFraction: Flags.optional(
    Flag.Finite("test-fraction").pipe(
      Flag.withDescription("Part of a CSV file that is kept for testing, 0.2 by default"),
      Flag.withSchema(Fraction),
    ),
  ),
}
