import * as Require from "@nonconvex/numerics/Require"
import { Effect, Stream } from "effect"
import { Diverged } from "./Diverged.ts"
import type { Method, MethodState } from "./Method.ts"
import { isStochastic, type Objective } from "./Objective.ts"

export { Diverged }

/** The state of a descent after `step` steps. `state` is live: read it before the next snapshot, or copy what you keep. */
export interface Snapshot<State extends MethodState> {
  readonly step: number
  /** Loss before the last step taken; at step 0, NaN. */
  readonly loss: number
  readonly state: State
}

/** Milliseconds after which a descent lets other fibers run; a single step that takes longer cannot be cut. */
const slice = 20

/**
 * Milliseconds between two looks at the clock: long enough to cost nothing, and so short that steps which suddenly become a
 * thousand times slower, as with subnormal numbers, do not hold up an interruption.
 */
const look = 0.05

/** Takes steps in slices of time. What it computes does not depend on the clock, only where it pauses does. */
class Runner<State extends MethodState> {
  taken = 0
  loss = Number.NaN
  readonly state: State
  readonly method: Pick<Method<State>, "name" | "step">
  readonly advance: (() => void) | undefined
  #burst = 1
  #pause = performance.now() + slice

  constructor(
    method: Pick<Method<State>, "name" | "step">,
    state: State,
    advance: (() => void) | undefined,
  ) {
    this.method = method
    this.state = state
    this.advance = advance
  }

  snapshot(): Snapshot<State> {
    return { step: this.taken, loss: this.loss, state: this.state }
  }

  /** Steps up to `goal` or to the end of the slice; false once the method has diverged. */
  run(goal: number): boolean {
    let now = performance.now()
    while (this.taken < goal && now < this.#pause) {
      const stop = Math.min(goal, this.taken + this.#burst)
      const whole = stop === this.taken + this.#burst
      for (; this.taken < stop; this.taken++) {
        this.loss = this.method.step(this.state)
        if (this.state.status === "diverged") return false
        this.advance?.()
      }
      const then = now
      now = performance.now()
      if (now - then > look) this.#burst = Math.max(1, Math.floor(this.#burst / 2))
      else if (whole && now - then < look / 2) this.#burst *= 2
    }
    return true
  }

  get mustPause(): boolean {
    return performance.now() >= this.#pause
  }

  startSlice(): void {
    this.#pause = performance.now() + slice
  }
}

const advanceTo = Effect.fnUntraced(function* <State extends MethodState>(
  runner: Runner<State>,
  goal: number,
): Effect.fn.Return<Snapshot<State>, Diverged> {
  while (runner.taken < goal) {
    if (!runner.run(goal)) {
      const { loss, method, taken } = runner
      return yield* new Diverged({ method: method.name, step: taken, loss })
    }
    if (!runner.mustPause) continue
    yield* Effect.yieldNow
    runner.startSlice()
  }
  return runner.snapshot()
})

/**
 * Runs `method` from `start` and emits a snapshot at step 0, after every `every` steps (a hundredth of all where it is not
 * given), and at the end.
 *
 * Interruptible, lets other fibers run at least every 50 ms for steps shorter than that, and depends on no clock in what it
 * computes. A stochastic objective advances to its next batch after each step and goes on from there when the stream is run
 * again. Fails with `Diverged`; throws InvalidInput on a start of the wrong length and on counts that are not integers.
 */
export const descend = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  start: Float64Array,
  options: { readonly steps: number; readonly every?: number },
): Stream.Stream<Snapshot<State>, Diverged> => {
  const { steps, every = Math.max(1, Math.ceil(steps / 100)) } = options
  Require.count("descend", "steps", steps, 0)
  Require.count("descend", "every", every)
  Require.length("descend", "start", start.length, objective.dimension)
  return Stream.unwrap(
    Effect.sync(() => {
      const advance = isStochastic(objective) ? () => objective.advance() : undefined
      const runner = new Runner(method, method.init(objective, start), advance)
      return Stream.unfold(0, (goal: number) =>
        goal > steps
          ? Effect.succeed(undefined)
          : Effect.map(advanceTo(runner, goal), (snapshot) => [
              snapshot,
              goal === steps ? steps + 1 : Math.min(steps, goal + every),
            ]),
      )
    }),
  )
}
