/** Flags and arguments shared by the commands about kept runs. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

export const where = Flags.optional(
  Flag.String("where").pipe(
    Flag.withAlias("w"),
    Flag.withDescription(
      "Filter, such as 'experiment=optim-sam/valley and seed<3 and radius>=0.05': run fields and settings, with = != < <= > >= and ~ (contains)",
    ),
    Flag.withMetavar("clause"),
  ),
  "all runs",
)

const text = "last(loss), mean(accuracy where method=sam), or a column (its mean)"

export const metric = Flag.String("metric").pipe(
  Flag.withAlias("m"),
  Flag.withDescription(`Metric over the rows of each run: ${text}`),
  Flag.withMetavar("metric"),
)

export const run = Argument.String("run").pipe(
  Argument.withDescription("A run, by the first four or more digits of its id"),
)
