import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const explain = Verb.make(
  "explain",
  {
    words: Argument.String("term").pipe(
      Argument.withDescription("One or more terms of the output; by default all are listed"),
      Argument.atLeast(0),
    ),
    json: Flags.json,
  },
  () => import("../handlers/ExplainHandler.ts"),
).pipe(
  Command.withDescription("Explain a term of the output"),
  Command.withExamples([
    { command: "nonconvex explain margin", description: "One term" },
    { command: "nonconvex explain trace norm", description: "A term of two words" },
    { command: "nonconvex explain", description: "All terms, by system" },
  ]),
)
