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
      "Count the rows by a column: public categories, such as sex=female,male (rows in no category are counted too), or public edges, such as age=0:18:65. May be repeated. Never take them from the rows",
    ),
    Flag.withMetavar("column=classes"),
    Flag.atLeast(0),
  ),
  mean: Flag.String("mean").pipe(
    Flag.withDescription("A column whose mean is released; it needs a --range. May be repeated"),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  quantile: Flag.String("quantile").pipe(
    Flag.withDescription(
      "Quantiles of a column, such as age=0.5 for the median or age=0.25,0.75; they need a --range with a step. May be repeated",
    ),
    Flag.withMetavar("column=shares"),
    Flag.atLeast(0),
  ),
  range: Flag.String("range").pipe(
    Flag.withDescription(
      "Public range to which a column is clipped, such as age=0:120, or with a step for quantiles, such as age=0:120:1. May be repeated. Never take it from the rows",
    ),
    Flag.withMetavar("column=lower:upper:step"),
    Flag.atLeast(0),
  ),
}
