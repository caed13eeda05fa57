import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"
import * as Verb from "../../cli/Verb.ts"

const budget = Flags.optional(
  Flag.Finite("budget").pipe(
    Flag.withDescription(
      "Time limit of each search in seconds; without one, verdicts depend on the seed only",
    ),
    Flag.withSchema(Flags.Seconds),
  ),
  "no limit",
)

const horizon = Flag.Boolean("horizon").pipe(
  Flag.withDescription(
    "Also test each claim at sizes and horizons up to 64 times as large (20 s each, or --budget), and show the trend of its worst margin",
  ),
  Flag.withDefault(false),
)

export const verify = Verb.make(
  "verify",
  {
    target: Argument.String("system-or-claim").pipe(
      Argument.withDescription("A system, a claim or an erratum; by default everything"),
      Argument.optional,
      Argument.map(Option.getOrUndefined),
    ),
    runs: Flags.runs.pipe(Flag.withDefault(200)),
    search: Flags.search.pipe(Flag.withDefault("random" as const)),
    seed: Flags.seed,
    jobs: Flags.jobs,
    ...Flags.capabilities,
    ...Stores.keeping,
    budget,
    horizon,
    json: Flags.json,
  },
  () => import("../handlers/VerifyHandler.ts"),
).pipe(
  Command.withDescription(
    "Try to break claims on random instances, check that every control is detected, and find the counterexamples of errata. Exit code 2 if a claim is falsified or a control is not detected (toothless).",
  ),
  Command.withShortDescription("Try to break claims, and find the counterexamples of errata"),
  Command.withExamples([
    { command: "nonconvex verify optim-sam --runs 1000", description: "Every claim of a system" },
    {
      command: "nonconvex verify optim-sam/normalised-step-length --seed 7 --json",
      description: "One claim, as JSON",
    },
    {
      command: "nonconvex verify dp-lowrank --search steered --runs 500",
      description: "Search harder for rare violations",
    },
    {
      command: "nonconvex verify reproducible-minimax --horizon",
      description: "Test claims about all t, n and d at larger values",
    },
  ]),
)
