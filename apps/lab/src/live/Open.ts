import * as Schema from "effect/Schema"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../cli/Flags.ts"
import * as Verb from "../cli/Verb.ts"
import * as Stores from "../cli/Stores.ts"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))

export const open = Verb.make(
  "open",
  {
    ...Stores.reading,
    report: Flags.optional(
      Flags.path("report", "Results of reproduce to show together with the runs", "file"),
      "report/results.json, if it exists",
    ),
    port: Flags.optional(
      Flag.Int("port").pipe(Flag.withDescription("The port to listen on"), Flag.withSchema(Port)),
      "a free port",
    ),
    jobs: Flags.jobs,
  },
  () => import("./LiveHandler.ts"),
).pipe(
  Command.withDescription(
    "Serve the results page, to this machine only. It shows runs in progress, sweeps, comparisons and the report, and starts and stops runs. Prints the address to open, which contains a token. Ctrl-C stops the server; unfinished work resumes when it is started again.",
  ),
  Command.withShortDescription("Start, watch and compare runs in the browser"),
  Command.withExamples([
    { command: "nonconvex open", description: "Serve the page and print its address" },
    {
      command: "nonconvex open --store lab.sqlite --port 8000",
      description: "Another store, on a fixed port",
    },
  ]),
)
