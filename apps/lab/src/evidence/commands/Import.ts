import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"

export const importing = Verb.make(
  "import",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("Runs that nonconvex export jsonl wrote, here or elsewhere"),
    ),
    ...Stores.reading,
  },
  () => import("../handlers/ImportHandler.ts"),
).pipe(
  Command.withDescription(
    "Import runs from another machine. Parts that already exist are compared bit for bit. A file with any invalid line is rejected as a whole.",
  ),
  Command.withShortDescription("Import runs from another machine"),
  Command.withExamples([
    { command: "nonconvex import sweep.jsonl", description: "The runs of another machine" },
  ]),
)
