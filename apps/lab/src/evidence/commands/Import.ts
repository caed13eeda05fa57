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
    "Take in runs from elsewhere. Parts that are here already are compared bit for bit. Nothing is taken from a file in which any line is wrong.",
  ),
  Command.withShortDescription("Take in runs from elsewhere"),
  Command.withExamples([
    { command: "nonconvex import sweep.jsonl", description: "The runs of another machine" },
  ]),
)
