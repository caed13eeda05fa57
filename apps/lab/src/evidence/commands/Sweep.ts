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
      Argument.withDescription(
        "An experiment, as nonconvex experiments lists it; or --file, or --command",
      ),
      Argument.optional,
      Argument.map(Option.getOrUndefined),
    ),
    grid: settings(
      "grid",
      "Values of a setting, combined with those of all other settings; one flag per setting",
      "setting=v1,v2",
    ),
    range: settings(
      "range",
      "Range of a setting, sampled uniformly; append :log for log-uniform, :integer for integers",
      "setting=low..high",
    ),
    set: Flags.optional(
      Flag.KeyValuePair("set").pipe(Flag.withDescription("Fix a setting for all trials")),
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
          "Sampler: grid (all combinations), random, halton (low-discrepancy), halving (successive halving: the best continue with more of --resource) or tpe (tree-structured Parzen estimator: chooses by the results so far)",
        ),
      ),
      "grid",
    ),
    trials: Flags.optional(
      Flags.positive("trials", "Number of configurations; each runs with all seeds"),
      "the whole grid",
    ),
    samplerSeed: Flags.optional(
      Flag.Int("sampler-seed").pipe(Flag.withDescription("Seed of the sampler")),
      "1",
    ),
    batch: Flags.optional(
      Flags.positive(
        "batch",
        "With tpe: number of configurations that are chosen at once, after the results of all before",
      ),
      "4",
    ),
    metric: Flags.optional(
      Flag.String("metric").pipe(
        Flag.withDescription(
          "Metric over the rows of each trial: a column (its mean), or an expression such as last(loss) or max(error where method=sam)",
        ),
      ),
    ),
    least: Flag.Boolean("least").pipe(
      Flag.withDescription("Minimise the metric instead of maximising it"),
      Flag.withDefault(false),
    ),
    resource: Flags.optional(
      Flag.String("resource").pipe(
        Flag.withDescription("With halving: the setting that controls the budget of a trial"),
      ),
    ),
    from: Flags.optional(
      Flag.Finite("from").pipe(Flag.withDescription("With halving: the smallest budget")),
      "1",
    ),
    eta: Flags.optional(
      Flag.Int("eta").pipe(
        Flag.withDescription(
          "With halving: reduction factor; one in this many continues, with this many times the budget",
        ),
      ),
      "3",
    ),
    command: Flags.optional(
      Flag.String("command").pipe(
        Flag.withDescription(
          'In place of an experiment: a program of your own, with settings in braces, as in "python train.py --lr {lr} --seed {seed}"; it prints its metrics as lines of JSON; {settings} is a file with all settings, {folder} an empty folder',
        ),
      ),
    ),
    results: Flags.optional(
      Flag.String("results").pipe(
        Flag.withDescription(
          "With --command: the log that the program writes in place of printing, in any format that diagnose reads; with settings in braces, or {folder}",
        ),
        Flag.withMetavar("file"),
      ),
    ),
    code: settings(
      "code",
      "With --command: a file or folder on which the results depend, beside the script itself; one flag for each",
      "path",
    ),
    env: Flag.Boolean("env").pipe(
      Flag.withDescription(
        "With --command: pass each setting as an environment variable of its name, and the seed as SEED",
      ),
      Flag.withDefault(false),
    ),
    prune: Flag.Boolean("prune").pipe(
      Flag.withDescription(
        "With --command: end a trial whose metric is worse than the median of the others after as many rows, once five are complete",
      ),
      Flag.withDefault(false),
    ),
    timeout: Flags.optional(
      Flag.Finite("timeout").pipe(
        Flag.withDescription("With --command: seconds after which a trial is ended, and fails"),
        Flag.withSchema(Flags.Seconds),
      ),
      "no limit",
    ),
    file: Flags.optional(
      Flags.path(
        "file",
        "A sweep as JSON, such as --save writes; flags override its parts",
        "file",
      ),
    ),
    save: Flags.optional(Flags.path("save", "Write the sweep into this file", "file")),
    shards: Flags.optional(
      Flags.positive(
        "shards",
        "Number of parts that run independently, each with its own store; nonconvex import merges them",
      ),
    ),
    shard: Flags.optional(
      Flags.positive(
        "shard",
        "With --shards: the part to run, from 1; every trial belongs to one part",
      ),
    ),
    emit: Flags.optional(
      Flag.Literals("emit", ["slurm", "kubernetes", "compose"]).pipe(
        Flag.withDescription(
          "Write the files that run the --shards elsewhere, each with --jobs threads: an array job of Slurm, an Indexed Job of Kubernetes, or a Docker Compose file; runs nothing",
        ),
      ),
    ),
    out: Flags.optional(Flags.out("With --emit: the folder for its files")),
    image: Flags.optional(
      Flag.String("image").pipe(
        Flag.withDescription("With --emit kubernetes or compose: the image of the Dockerfile"),
      ),
      "nonconvex for compose",
    ),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("List the trials without running them"),
      Flag.withDefault(false),
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withDescription("Largest number of trials to start, at most a million"),
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
    "Run an experiment with many settings and seeds. Trials that are saved already are reused, so the same command resumes after an interruption. Exit code 3 if a trial fails.",
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
      description: "Twenty learning rates; saves the sweep to a file",
    },
    {
      command: "nonconvex sweep --file valley.json --jobs 2",
      description: "Rerun the saved sweep",
    },
    {
      command: "nonconvex sweep --file valley.json --shards 16 --shard 3 --store shard-3.sqlite",
      description: "The third of 16 parts, for nonconvex import",
    },
    {
      command: "nonconvex sweep --file valley.json --shards 16 --jobs 4 --emit slurm --out valley",
      description: "Files for Slurm: 16 tasks of four threads",
    },
  ]),
)
