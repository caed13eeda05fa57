/** Flags of `release` for statistics; all of them are public. */
import * as Flag from "effect/cli/Flag"

export const statistics = {
  count: Flag.Boolean("count").pipe(
    Flag.withDescription(
      "Count the rows, with --neighbours add-remove; under replace their number is public",
    ),
    Flag.withDefault(false),
  ),
  histogram: Flag.String("histogram").pipe(
    Flag.withDescription(
      "Count the rows by a column: public categories, such as sex=female,male (rows of none are counted too), or public edges, such as age=0:18:65. May be repeated. Never take them from the rows",
    ),
    Flag.withMetavar("column=classes"),
    Flag.atLeast(0),
  ),
  mean: Flag.String("mean").pipe(
    Flag.withDescription("A column whose mean is released; it needs a --range. May be repeated"),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  range: Flag.String("range").pipe(
    Flag.withDescription(
      "Public range to which a column is clipped, such as age=0:120. May be repeated. Never take it from the rows",
    ),
    Flag.withMetavar("column=lower:upper"),
    Flag.atLeast(0),
  ),
}
