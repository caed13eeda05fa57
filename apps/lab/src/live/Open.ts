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
      Flags.path(
        "report",
        "The results of a report, as reproduce wrote them, to show beside the runs",
        "file",
      ),
      "report/results.json, where it is there",
    ),
    port: Flags.optional(
      Flag.Int("port").pipe(
        Flag.withDescription("The port of this machine to answer on"),
        Flag.withSchema(Port),
      ),
      "one that is free",
    ),
    jobs: Flags.jobs,
  },
  () => import("./LiveHandler.ts"),
).pipe(
  Command.withDescription(
    "Serve the page of the results to this machine alone: what runs now, start and stop, sweeps, comparisons, and the report. Prints the address to open, which holds a token; Ctrl-C ends it, and what has not ended goes on when it is started again.",
  ),
  Command.withShortDescription("Start, watch and compare runs in the browser"),
  Command.withExamples([
    { command: "nonconvex open", description: "Print the address of the page, and serve it" },
    {
      command: "nonconvex open --store lab.sqlite --port 8000",
      description: "Another store, always on the same port",
    },
  ]),
)
