/**
 * Law of twins: many steps in one call equal a loop over `step` bit for bit. This holds for one run and for several
 * together, with any number of steps. For tests.
 */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { advance } from "./Advance.ts"
import type { Method, MethodState } from "./Method.ts"
import * as Snapshot from "./Snapshot.ts"

/** Steps of a twin, and their first difference from the loop. */
interface Outcome {
  /** Number of steps that the twin took, counted in every run; 0 if it supported none of them. */
  readonly taken: number
  /** Runs that differ, each with the way in which it was computed. */
  readonly differences: ReadonlyArray<{
    readonly run: number
    readonly taken: "together" | "alone"
    readonly found: string
    readonly expected: string
  }>
}

/** End of a run as text, with all its bits. */
const textOf = (state: object, loss: number): string =>
  JSON.stringify([Snapshot.write(state), Snapshot.write({ loss })])

/** Loop over `step` for runs that end together; returns the loss before the last step of each. */
const loop = <State extends MethodState, Problem>(
  method: Method<State, Problem>,
  states: ReadonlyArray<State>,
  steps: number,
  until: number | undefined,
): Float64Array => {
  const losses = new Float64Array(states.length).fill(Number.NaN)
  const isRunning = ({ status }: State): boolean => status === "running"
  const goesOn = (state: State): boolean =>
    isRunning(state) && (until === undefined || !(method.residual!(state) <= until))
  for (let k = 0; k < steps && states.some(goesOn); k++)
    for (const [r, state] of states.entries()) if (isRunning(state)) losses[r] = method.step(state)
  return losses
}

/**
 * Compares `advance` with a loop over `step`, from states that `begin` creates anew each time. Covers all runs together with
 * an interruption after `stop` steps, and each run separately. `dataOf` omits buffers whose content is stale after a step.
 * Throws InvalidInput unless the counts are nonnegative integers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kernels } from "@nonconvex/numerics"
 * import { sam, scalarFactorisation, sgd } from "@nonconvex/problems"
 * import * as TwinLaw from "@nonconvex/problems/TwinLaw"
 *
 * const method = sam({ radius: 0.1, base: sgd({ learningRate: 0.01 }) })
 * const begin = () => [2, 3, 4].map((x) => method.init(scalarFactorisation(), Float64Array.of(x, 3)))
 * const { differences } = TwinLaw.compare(method, begin, { steps: 100, stop: 37, kernels: Kernels.strict() })
 * differences // => []
 * ```
 */
export const compare = <State extends MethodState, Problem>(
  method: Method<State, Problem>,
  begin: () => ReadonlyArray<State>,
  options: {
    readonly steps: number
    readonly stop?: number
    readonly until?: number | undefined
    /** Default chosen by the twin. */
    readonly kernels?: Kernels
    readonly dataOf?: (state: State) => object
  },
): Outcome => {
  const { dataOf = (state: State) => state, kernels, steps, stop = 0, until } = options
  Require.count("TwinLaw.compare", "steps", steps, 0)
  Require.count("TwinLaw.compare", "stop", stop, 0)
  const first = Math.min(stop, steps)
  let taken = 0
  const { twin } = method
  const counted: Method<State, Problem> = {
    ...method,
    twin:
      twin &&
      ((states, most, given, goal) => {
        const count = twin(states, most, given, goal)
        taken += count * states.length
        return count
      }),
  }
  /**
   * Runs from the same states, in both ways, with a stop. After the stop the loss of a run without a further step must be
   * unchanged.
   */
  const ends = (
    take: (states: ReadonlyArray<State>, count: number) => Float64Array,
    states: ReadonlyArray<State>,
  ): ReadonlyArray<string> => {
    const [before, after] = [take(states, first), take(states, steps - first)]
    return states.map((state, r) =>
      textOf(dataOf(state), Number.isNaN(after[r]!) ? before[r]! : after[r]!),
    )
  }
  const byStep = (states: ReadonlyArray<State>, count: number) => loop(method, states, count, until)
  const byTwin = (states: ReadonlyArray<State>, count: number) =>
    advance(counted, states, count, { kernels, until })
  const differing = (
    way: "together" | "alone",
    chosen: (all: ReadonlyArray<State>) => ReadonlyArray<State>,
    run = 0,
  ) => {
    const [found, expected] = [ends(byTwin, chosen(begin())), ends(byStep, chosen(begin()))]
    return found.flatMap((text, r) =>
      text === expected[r]
        ? []
        : [{ run: run + r, taken: way, found: text, expected: expected[r]! }],
    )
  }
  const together = differing("together", (all) => all)
  const alone = begin().flatMap((_, r) => differing("alone", (all) => [all[r]!], r))
  return { taken, differences: [...together, ...alone] }
}
