import { Margin, Replay as Token, Verify } from "@nonconvex/evidence"
import { idOf, type Target } from "@nonconvex/evidence/parallel"
import { Console, Effect, Option, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import { blocking } from "../../cli/Blocking.ts"
import { Contradicted } from "../../cli/Failure.ts"
import * as Flags from "../../cli/Flags.ts"
import * as Lookup from "../Lookup.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"

/** What `replay --json` prints. */
export const Replayed = Schema.Struct({
  id: Schema.String,
  control: Schema.optionalKey(Schema.String),
  statement: Schema.String,
  instance: Schema.Json,
  margin: Schema.Number,
  /** Present where the trial threw instead of returning a margin. */
  reason: Schema.optionalKey(Schema.String),
  /** The outcome is what the project states: a claim holds, a control is caught, an erratum is refuted. */
  expected: Schema.Boolean,
  outcome: Schema.String,
})

const subjectOf = (target: Target) => (target._tag === "Claim" ? target.claim : target.erratum)

interface Outcome {
  readonly expected: boolean
  readonly outcome: string
}

const judge = (target: Target, { control, id }: Token.Replay, violated: boolean): Outcome => {
  if (control !== undefined) {
    return {
      expected: violated,
      outcome: violated
        ? `the control ${control} is caught here, as it must be`
        : `the control ${control} is not caught here`,
    }
  }
  if (target._tag === "Erratum") {
    return {
      expected: violated,
      outcome: violated
        ? `the statement is false here, as the project says; ${target.erratum.corrected} holds instead`
        : "the statement holds here",
    }
  }
  return {
    expected: !violated,
    outcome: violated ? `${id} is violated here` : `${id} holds here`,
  }
}

export const replay = Command.make(
  "replay",
  {
    token: Argument.String("token").pipe(
      Argument.withDescription("A replay token, as verdicts and reports print it"),
    ),
    json: Flags.json,
  },
  Effect.fn(function* ({ json, token }) {
    const parsed = Token.parse(token)
    if (Option.isNone(parsed)) return yield* new Token.BadReplayToken({ token })
    const target = yield* Lookup.statement(parsed.value.id)
    const subject = subjectOf(target)
    // a counterexample may be a trial that never ends
    const { instance, margin, reason } = yield* blocking(Verify.replay(subject, parsed.value))
    const judged =
      reason === undefined
        ? judge(target, parsed.value, Margin.isViolated(margin))
        : { expected: false, outcome: `the trial broke here: ${reason}` }
    const replayed = {
      id: subject.id,
      ...(parsed.value.control === undefined ? {} : { control: parsed.value.control }),
      statement: subject.statement,
      instance,
      margin,
      ...(reason === undefined ? {} : { reason }),
      ...judged,
    }
    if (json) yield* Output.json(Replayed, replayed)
    else {
      yield* Console.log(
        [
          `${subject.id}: ${subject.statement}`,
          `instance  ${JSON.stringify(instance)}`,
          `margin    ${Table.margin(margin)}`,
          judged.outcome,
        ].join("\n"),
      )
    }
    if (!judged.expected) return yield* new Contradicted({ ids: [idOf(target)], total: 1 })
  }),
).pipe(
  Command.withDescription(
    "Draw the instance of a counterexample again and measure it. Exit code 2 when it still violates the claim.",
  ),
  Command.withExamples([
    {
      command: "nonconvex replay optim-sam/normalised-step-length@42:3:0",
      description: "One counterexample",
    },
  ]),
)
