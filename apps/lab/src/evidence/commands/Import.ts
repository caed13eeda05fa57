import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"

export const importing = Verb.make(
  "import",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription(
        "Runs that nonconvex export jsonl wrote, or a store of runs, such as that of a shard",
      ),
      Argument.atLeast(1),
    ),
    ...Stores.reading,
  },
  () => import("../handlers/ImportHandler.ts"),
).pipe(
  Command.withDescription(
    "Import runs from other machines. Parts that already exist are compared bit for bit; exit code 3 if they differ. If any file has an invalid line, nothing is imported.",
  ),
  Command.withShortDescription("Import runs from another machine"),
  Command.withExamples([
    { command: "nonconvex import sweep.jsonl", description: "The runs of another machine" },
    {
      command: "nonconvex import shards/*.sqlite --store sweep.sqlite",
      description: "The shards of a sweep in one store",
    },
  ]),
)
