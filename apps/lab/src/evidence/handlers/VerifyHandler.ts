import type { Strategy } from "@nonconvex/evidence/Attempt"
import { Verdict } from "@nonconvex/evidence/Verdict"
import { verify } from "@nonconvex/runner/Verify"
import { Effect, Layer, Schema, Stream } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import type { Keeping } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Lookup from "../Lookup.ts"
import * as Tally from "../Tally.ts"
import * as Verdicts from "../Verdicts.ts"
import * as JobProgress from "../JobProgress.ts"

export interface Input extends Capabilities.Chosen, Keeping {
  readonly target: string | undefined
  readonly runs: number
  readonly search: Strategy
  readonly seed: number
  /** Seconds for each search. */
  readonly budget: number | undefined
  /** Tries each claim at growing sizes and horizons as well. */
  readonly horizon: boolean
  readonly json: boolean
}

/**
 * Growth factors of sizes and horizons, and the default seconds for each. A claim of cubic cost takes 64 times as long at
 * four times the size.
 */
const growth = { most: 64, seconds: 20 }

const legend =
  "margin: distance from a violation (1 is far, 0 is the edge); detected: an instance violated the control; nonconvex explain <term> explains other terms"

export const handle = Effect.fn("verify")(
  function* ({ budget: seconds, horizon, json, runs, search: way, seed, target }: Input) {
    const targets = yield* Lookup.statements(target)
    const effort = {
      runs,
      seed,
      way,
      ...(seconds === undefined ? {} : { budget: seconds * 1000 }),
      ...(horizon
        ? { growth: { most: growth.most, budget: 1000 * (seconds ?? growth.seconds) } }
        : {}),
    }
    const tally = Tally.make(targets, effort)
    const before = yield* JobProgress.before
    const verdicts = yield* JobProgress.track(
      { label: "verify", total: tally.total, unit: "runs" },
      targets.map((each) => JobProgress.ofTarget(each, effort, before)),
      (meter) =>
        verify(targets, effort, (part, done, worst) => {
          tally.onRuns(part, done, worst)
          meter.done(tally.done())
          meter.note(tally.note())
        }).pipe(Stream.runCollect),
    )
    yield* CommandStore.sayReused
    if (json) yield* Output.json(Schema.Array(Verdict), verdicts)
    else {
      yield* Output.text(verdicts.map(Verdicts.render(yield* paint)).join("\n"))
      yield* Output.text(`${Verdicts.summary(verdicts)} (seed ${seed})`)
      if (verdicts.length > 1) yield* Output.text(Verdicts.byKind(verdicts))
      yield* Output.text((yield* paint).dim(legend))
    }
    const contradiction = Verdicts.contradiction(verdicts)
    if (contradiction !== undefined) return yield* contradiction
  },
  Effect.onInterrupt(() => CommandStore.sayHowToGoOn),
  (work, input) =>
    Effect.provide(work, Layer.merge(Capabilities.layer(input), CommandStore.layer(input))),
)
