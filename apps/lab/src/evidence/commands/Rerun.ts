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
    "Compute a run again, on the kernels that computed it and without what is kept, and compare it bit for bit. Exit code 3 where a bit differs.",
  ),
  Command.withShortDescription("Compute a run again and compare it bit for bit"),
  Command.withExamples([
    { command: "nonconvex rerun 3f2a", description: "Says which row differs, if any does" },
  ]),
)
