import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const report = Verb.make(
  "report",
  {
    from: Flags.path("from", "The results to draw, as reproduce wrote them", "file").pipe(
      Flag.withDefault("report/results.json"),
    ),
    out: Flags.out("The folder to write").pipe(Flag.withDefault("report")),
  },
  () => import("../handlers/ReportHandler.ts"),
).pipe(
  Command.withDescription("Draw the page and the figures again from saved results"),
  Command.withExamples([
    { command: "nonconvex report", description: "report/index.html from report/results.json" },
    {
      command: "nonconvex report --from paper.json --out paper",
      description: "Another page from other results",
    },
  ]),
)
