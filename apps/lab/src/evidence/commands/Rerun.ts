import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const rerun = Verb.make(
  "rerun",
  {
    run: RunFlags.run,
    jobs: Flags.jobs,
    data: Flags.capabilities.data,
    ...Stores.reading,
    json: Flags.json,
  },
  () => import("../handlers/RerunHandler.ts"),
).pipe(
  Command.withDescription(
    "Recompute a run on the kernels that computed it, without saved results, and compare it bit for bit. Exit code 3 if any bit differs.",
  ),
  Command.withShortDescription("Recompute a run and compare it bit for bit"),
  Command.withExamples([
    { command: "nonconvex rerun 3f2a", description: "Prints the first row that differs, if any" },
  ]),
)
