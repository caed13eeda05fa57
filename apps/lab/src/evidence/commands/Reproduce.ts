import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"
import * as Verb from "../../cli/Verb.ts"

export const reproduce = Verb.make(
  "reproduce",
  {
    preset: Flags.preset,
    jobs: Flags.jobs,
    ...Flags.capabilities,
    ...Stores.keeping,
    seed: Flags.seed,
    runs: Flags.runs.pipe(
      Flag.withDescription(
        "Instances per claim; if omitted 20 (smoke), 200 (fast) or 1000 (paper)",
      ),
      Flag.optional,
    ),
    search: Flags.optional(Flags.search, "random for smoke and fast, steered for paper"),
    studies: Flags.studies,
    rows: Flags.rows,
    out: Flags.out("The folder of the report").pipe(Flag.withDefault("report")),
  },
  () => import("../handlers/ReproduceHandler.ts"),
).pipe(
  Command.withDescription(
    "Verify every claim, run every experiment and write the report: a page, its data, and one SVG per figure. Uses only the threads of this machine, even with --database. Exit code 2 when a claim fails, 3 when a run does. Ctrl-C leaves the previous report unchanged.",
  ),
  Command.withShortDescription("Verify every claim, run every experiment, write the report"),
  Command.withExamples([
    { command: "nonconvex reproduce", description: "report/index.html in minutes" },
    {
      command: "nonconvex reproduce --preset paper --seed 2 --out paper",
      description: "The full settings with another seed",
    },
  ]),
)
