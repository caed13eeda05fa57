import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const exporting = Verb.make(
  "export",
  {
    format: Argument.Literals("format", ["csv", "jsonl", "parquet"]).pipe(
      Argument.withDescription(
        "csv or parquet: one table of all rows, with run, seed and settings; jsonl: whole runs, for import",
      ),
    ),
    where: RunFlags.where,
    out: Flags.path("out", "The file to write", "file").pipe(Flag.withAlias("o")),
    ...Stores.reading,
  },
  () => import("../handlers/ExportHandler.ts"),
).pipe(
  Command.withDescription("Export saved runs to a file for another program or machine."),
  Command.withShortDescription("Export runs to a file"),
  Command.withExamples([
    {
      command: "nonconvex export parquet --where experiment=optim-sam/valley --out valley.parquet",
      description: "A table for pandas, R or DuckDB",
    },
    {
      command: "nonconvex export jsonl --where sweep=ab12 --out sweep.jsonl",
      description: "Whole runs for another machine",
    },
  ]),
)
