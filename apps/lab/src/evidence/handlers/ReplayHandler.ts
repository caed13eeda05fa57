import { Exact } from "@nonconvex/evidence"
import { Compared } from "@nonconvex/evidence/Attempt"
import * as Instance from "@nonconvex/evidence/Instance"
import * as Margin from "@nonconvex/evidence/Margin"
import * as Outcome from "@nonconvex/evidence/Outcome"
import * as Token from "@nonconvex/evidence/Replay"
import { perform } from "@nonconvex/runner/Compute"
import { idOf, type Target } from "@nonconvex/runner/Verify"
import { Effect, Option, Schema } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Contradicted } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as ExactValues from "../ExactValues.ts"
import * as Lookup from "../Lookup.ts"
import * as Verdicts from "../Verdicts.ts"

export interface Input extends Capabilities.Chosen {
  readonly token: string
  readonly json: boolean
}

/** JSON of `replay`. */
export const Replayed = Schema.Struct({
  id: Schema.String,
  control: Schema.optionalKey(Schema.String),
  statement: Schema.String,
  instance: Schema.Json,
  margin: Schema.Number,
  /** Comparison that determined the margin, if there is one. */
  compared: Schema.optionalKey(Compared),
  /** Exact values of a violation, where the claim has them. */
  exact: Schema.optionalKey(Exact.Confirmation),
  /** Counterexample of an erratum in round numbers, next to the drawn one, or the reason for its absence. */
  certainty: Schema.optionalKey(Exact.Certainty),
  /** Present where the trial threw instead of returning a margin. */
  reason: Schema.optionalKey(Schema.String),
  /** Outcome that the project states: a claim holds, a control is detected, an erratum is refuted. */
  expected: Schema.Boolean,
  outcome: Schema.String,
})

const subjectOf = (target: Target) => (target._tag === "Claim" ? target.claim : target.erratum)

export const handle = Effect.fn("replay")(
  function* ({ json, token }: Input) {
    const parsed = Token.parse(token)
    if (Option.isNone(parsed)) return yield* new Token.BadReplayToken({ token })
    const target = yield* Lookup.statement(parsed.value.id)
    const subject = subjectOf(target)
    // a job, for a counterexample may be a trial that never ends
    const job = { _tag: "Recall" as const, ...parsed.value, id: subject.id }
    const { recalled } = yield* perform(target.system, job, "Recalled")
    const { instance, margin, reason } = recalled
    const compared = recalled.compared === undefined ? {} : { compared: recalled.compared }
    const exact = recalled.exact === undefined ? {} : { exact: recalled.exact }
    const { certainty } = recalled
    const judged =
      reason === undefined
        ? Outcome.of(subject, parsed.value.control, Margin.isViolated(margin))
        : { expected: false, outcome: `the trial failed here: ${reason}` }
    const replayed = {
      id: subject.id,
      ...(parsed.value.control === undefined ? {} : { control: parsed.value.control }),
      statement: subject.statement,
      instance,
      margin,
      ...compared,
      ...exact,
      ...(certainty === undefined ? {} : { certainty }),
      ...(reason === undefined ? {} : { reason }),
      ...judged,
    }
    if (json) yield* Output.json(Replayed, replayed)
    else {
      yield* Output.text(
        [
          `${subject.id}: ${subject.statement}`,
          ...Instance.lines(instance).map(
            (line, k) => `${(k === 0 ? "instance" : "").padEnd(10)}${line}`,
          ),
          `margin    ${Verdicts.marginOf({ margin, ...compared })}`,
          ...ExactValues.ofViolation(exact),
          ...(certainty === undefined
            ? []
            : ["in round numbers", ...ExactValues.ofErratum(certainty)]),
          judged.outcome,
        ].join("\n"),
      )
    }
    if (!judged.expected) return yield* new Contradicted({ ids: [idOf(target)], total: 1 })
  },
  (work, input) => Effect.provide(work, Capabilities.layer(input)),
)
