import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const experiments = Verb.make(
  "experiments",
  {
    system: Flags.system,
    preset: Flags.preset,
    json: Flags.json,
  },
  () => import("../handlers/ExperimentsHandler.ts"),
).pipe(
  Command.withDescription("List experiments: question, source, and the settings of a preset"),
  Command.withExamples([
    {
      command: "nonconvex experiments optim-sam --preset paper",
      description: "The experiments of one system, with the settings of the paper",
    },
  ]),
)
