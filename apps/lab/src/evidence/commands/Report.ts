import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../cli/Lazily.ts"

export const report = Command.make(
  "report",
  {
    from: Flag.String("from").pipe(
      Flag.withDescription("The results to draw, as reproduce wrote them"),
      Flag.withMetavar("file"),
      Flag.withDefault("report/results.json"),
    ),
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The folder to write"),
      Flag.withMetavar("folder"),
      Flag.withDefault("report"),
    ),
  },
  lazily(() => import("../handlers/Report.ts")),
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
