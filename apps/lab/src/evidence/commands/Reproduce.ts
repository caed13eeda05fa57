import { Workers } from "@nonconvex/evidence/parallel"
import { Console, DateTime, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { RunFailed } from "../../cli/Failure.ts"
import * as Flags from "../../cli/Flags.ts"
import * as Folder from "../../files/Folder.ts"
import * as Provenance from "../report/Provenance.ts"
import * as Report from "../report/Report.ts"
import * as Summary from "../report/Summary.ts"
import * as Reproduction from "../Reproduction.ts"
import { Systems } from "../Systems.ts"
import * as Verdicts from "../Verdicts.ts"

/** Instances drawn for each claim. */
const runsOf = { smoke: 20, fast: 200, paper: 1000 } as const

export const reproduce = Command.make(
  "reproduce",
  {
    preset: Flags.preset,
    jobs: Flags.jobs,
    seed: Flags.seed,
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The folder of the report"),
      Flag.withMetavar("folder"),
      Flag.withDefault("report"),
    ),
  },
  Effect.fn(function* ({ jobs, out, preset, seed }) {
    const startedAt = yield* DateTime.now
    const folder = yield* Folder.stage(out)
    const runs = runsOf[preset]
    const found = yield* Reproduction.run(yield* Systems, { preset, seed, runs }).pipe(
      Effect.provide(Workers.layer(jobs)),
    )
    const provenance = yield* Provenance.collect({ preset, seed, runs, jobs, startedAt })
    const results = { format: 1 as const, provenance, ...found }
    const undrawn = yield* Report.write(folder, results)
    const counts = Summary.counts(results)
    yield* Console.log(
      [
        Verdicts.summary(Summary.verdicts(results)),
        `${counts.expected} of ${counts.expectations} expectations of experiments hold`,
        `${out}/index.html`,
      ].join("\n"),
    )
    const contradiction = Verdicts.contradiction(Summary.verdicts(results))
    if (contradiction !== undefined) return yield* contradiction
    const reasons = [...Summary.failedRuns(results), ...undrawn]
    if (reasons.length > 0) return yield* new RunFailed({ reasons })
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Verify every claim and run every experiment on one pool of threads, and write the report: a page, its data, and one SVG a figure. Exit code 2 when a claim fails, 3 when a run does. Ctrl-C leaves the former report as it was.",
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
