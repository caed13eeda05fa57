import { samplers } from "@nonconvex/runner/sweep/Samplers"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"
import * as Verb from "../../cli/Verb.ts"

// each trial has a place in memory
const Limit = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))

const settings = (name: string, description: string, metavar: string) =>
  Flag.String(name).pipe(
    Flag.withDescription(description),
    Flag.withMetavar(metavar),
    Flag.atLeast(0),
  )

export const sweep = Verb.make(
  "sweep",
  {
    experiment: Argument.String("experiment").pipe(
      Argument.withDescription("An experiment, as nonconvex experiments lists it; or --file"),
      Argument.optional,
      Argument.map(Option.getOrUndefined),
    ),
    grid: settings(
      "grid",
      "Values of a setting, each tried with each of all others; once for each setting",
      "setting=v1,v2",
    ),
    range: settings(
      "range",
      "Ends between which a setting is drawn, evenly or, with :log behind, in its logarithm; with :integer only integers",
      "setting=low..high",
    ),
    set: Flags.optional(
      Flag.KeyValuePair("set").pipe(Flag.withDescription("A setting that all trials have")),
    ),
    seeds: Flags.optional(
      Flag.String("seeds").pipe(
        Flag.withDescription("Root seeds of each configuration, such as 0..9 or 1,4,7"),
      ),
      "1",
    ),
    preset: Flags.optional(Flags.anyPreset, "fast"),
    sampler: Flags.optional(
      Flag.Literals("sampler", samplers).pipe(
        Flag.withDescription(
          "Which configurations: grid, all; random, some; halton, some that leave smaller holes; halving, those of a grid or some random ones, the best of which go on with more of --resource",
        ),
      ),
      "grid",
    ),
    trials: Flags.optional(
      Flags.positive("trials", "How many configurations are drawn, each of which has all seeds"),
      "all of the grid",
    ),
    samplerSeed: Flags.optional(
      Flag.Int("sampler-seed").pipe(Flag.withDescription("What the draws depend on")),
      "1",
    ),
    metric: Flags.optional(
      Flag.String("metric").pipe(
        Flag.withDescription(
          "A number of the rows of each trial: a column for its mean, last(loss), max(error where method=sam)",
        ),
      ),
    ),
    least: Flag.Boolean("least").pipe(
      Flag.withDescription("The smallest metric is best, and not the largest"),
      Flag.withDefault(false),
    ),
    resource: Flags.optional(
      Flag.String("resource").pipe(
        Flag.withDescription("With halving: the setting that is the budget of a trial"),
      ),
    ),
    from: Flags.optional(
      Flag.Finite("from").pipe(Flag.withDescription("With halving: the smallest budget")),
      "1",
    ),
    eta: Flags.optional(
      Flag.Int("eta").pipe(
        Flag.withDescription("With halving: one of so many goes on, with so many times the budget"),
      ),
      "3",
    ),
    file: Flags.optional(
      Flags.path("file", "A sweep that --save wrote, or you; flags replace parts of it", "file"),
    ),
    save: Flags.optional(Flags.path("save", "Write the sweep into this file", "file")),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("Show the trials, and run none"),
      Flag.withDefault(false),
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withDescription("The most trials that are begun, at most a million"),
      Flag.withSchema(Limit),
      Flag.withDefault(100_000),
    ),
    jobs: Flags.jobs,
    ...Flags.capabilities,
    ...Stores.keeping,
    json: Flags.json,
  },
  () => import("../handlers/SweepHandler.ts"),
).pipe(
  Command.withDescription(
    "Run an experiment with many settings and seeds. Trials that were run before are taken from the store, and the same command goes on after a break. Exit code 3 when a trial fails.",
  ),
  Command.withShortDescription("Run an experiment with many settings and seeds"),
  Command.withExamples([
    {
      command:
        "nonconvex sweep optim-sam/valley --preset smoke --grid radius=0.05,0.1,0.2 --seeds 0..9",
      description: "Three radii, ten seeds each",
    },
    {
      command:
        "nonconvex sweep optim-sam/valley --sampler halton --range learningRate=0.01..1:log --trials 20 --save valley.json",
      description: "Twenty learning rates, and a file to keep in git",
    },
    { command: "nonconvex sweep --file valley.json --jobs 2", description: "The same again" },
  ]),
)
