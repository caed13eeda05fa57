import { Effect, Schema, Stream } from "effect"
import type { Method, MethodState } from "./Method.ts"
import { isStochastic, type Objective } from "./Objective.ts"

/** A loss or a gradient stopped being finite. */
export class Diverged extends Schema.TaggedError<Diverged>()("Diverged", {
  method: Schema.String,
  step: Schema.Int,
  loss: Schema.Number,
}) {
  override get message(): string {
    return `${this.method} diverged at step ${this.step} (loss ${this.loss}); lower the learning rate or the radius`
  }
}

/** The state of a descent after `step` steps. `state` is live: read it before the next snapshot, or copy what you keep. */
export interface Snapshot<State extends MethodState> {
  readonly step: number
  /** Loss before the last step taken; at step 0, NaN. */
  readonly loss: number
  readonly state: State
}

/** Milliseconds after which a descent lets other fibers run; a single step that takes longer cannot be cut. */
const sliceMilliseconds = 20

/**
 * Runs `method` from `start` and emits a snapshot at step 0, after every `every` steps, and at the end.
 *
 * Interruptible, lets other fibers run at least every 50 ms for steps shorter than that, and depends on no clock in what
 * it computes. A stochastic objective advances to its next batch after each step. Fails with `Diverged`.
 */
export const descend = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  start: Float64Array,
  options: { readonly steps: number; readonly every?: number },
): Stream.Stream<Snapshot<State>, Diverged> =>
  Stream.unwrap(
    Effect.sync(() => {
      const state = method.init(objective, start)
      const every = options.every ?? Math.max(1, Math.ceil(options.steps / 100))
      const advance = isStochastic(objective) ? () => objective.advance() : undefined
      let taken = 0
      let burst = 1
      let loss = Number.NaN
      const untilNext = Effect.gen(function* () {
        const goal = Math.min(options.steps, taken + every - (taken % every))
        while (taken < goal) {
          const started = performance.now()
          for (const stop = Math.min(goal, taken + burst); taken < stop; taken++) {
            loss = method.step(state)
            if (state.status === "diverged") {
              return yield* new Diverged({ method: method.name, step: taken, loss })
            }
            advance?.()
          }
          // bursts grow to fill the slice, so that cheap steps do not pay for reading the clock
          burst =
            performance.now() - started < sliceMilliseconds / 2
              ? burst * 2
              : Math.max(1, burst >> 1)
          yield* Effect.yieldNow
        }
        return { step: taken, loss, state }
      })
      return Stream.unfold(true, (first: boolean) =>
        first
          ? Effect.succeed([{ step: 0, loss, state }, false] as const)
          : taken >= options.steps
            ? Effect.succeed(undefined)
            : Effect.map(untilNext, (snapshot) => [snapshot, false] as const),
      )
    }),
  )
