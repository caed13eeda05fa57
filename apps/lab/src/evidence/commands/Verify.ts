import { Verdict } from "@nonconvex/evidence"
import { verify as verdictsOn, Workers } from "@nonconvex/evidence/parallel"
import { Console, Effect, Option, Schema, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Flags from "../../cli/Flags.ts"
import * as Lookup from "../Lookup.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Tally from "../Tally.ts"
import * as Verdicts from "../Verdicts.ts"

const PositiveSeconds = Schema.Finite.check(Schema.isGreaterThan(0))

const budget = Flag.Finite("budget").pipe(
  Flag.withDescription("Seconds for each search; without it the verdicts depend on the seed alone"),
  Flag.withSchema(PositiveSeconds),
  Flag.optional,
  Flag.map(Option.getOrUndefined),
)

export const verify = Command.make(
  "verify",
  {
    target: Argument.String("system-or-claim").pipe(
      Argument.withDescription("A system, a claim or an erratum; everything if it is left out"),
      Argument.optional,
      Argument.map(Option.getOrUndefined),
    ),
    runs: Flags.runs.pipe(Flag.withDefault(200)),
    seed: Flags.seed,
    jobs: Flags.jobs,
    budget,
    json: Flags.json,
  },
  Effect.fn(function* ({ budget: seconds, jobs, json, runs, seed, target }) {
    const targets = yield* Lookup.statements(target)
    const effort = { runs, seed, ...(seconds === undefined ? {} : { budget: seconds * 1000 }) }
    const tally = Tally.make(targets, effort)
    const verdicts = yield* Progress.track(
      { label: "verify", total: tally.total, unit: "runs" },
      (meter) =>
        verdictsOn(targets, effort, (part, done, worst) => {
          tally.onRuns(part, done, worst)
          meter.done(tally.done())
          meter.note(tally.note())
        }).pipe(Stream.runCollect, Effect.provide(Workers.layer(jobs))),
    )
    if (json) yield* Output.json(Schema.Array(Verdict.Verdict), verdicts)
    else {
      yield* Console.log(verdicts.map(Verdicts.render(yield* paint)).join("\n"))
      yield* Console.log(`${Verdicts.summary(verdicts)} (seed ${seed})`)
    }
    const contradiction = Verdicts.contradiction(verdicts)
    if (contradiction !== undefined) return yield* contradiction
  }),
).pipe(
  Command.withDescription(
    "Try to break claims on random instances, check that every control is caught, and find the counterexamples of errata. Exit code 2 when a claim is falsified or toothless.",
  ),
  Command.withShortDescription("Try to break claims, and find the counterexamples of errata"),
  Command.withExamples([
    { command: "nonconvex verify optim-sam --runs 1000", description: "Every claim of a system" },
    {
      command: "nonconvex verify optim-sam/normalised-step-length --seed 7 --json",
      description: "One claim, as JSON",
    },
  ]),
)
