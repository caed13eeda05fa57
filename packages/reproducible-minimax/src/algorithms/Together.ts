/** Solvers that wait for steps of their methods, so that several of them take theirs together. */
import { schemes } from "../internal/Known.ts"
import { advance, type Limits, skip, skips } from "../methods/Advance.ts"
import type { Scheme, SchemeState } from "../methods/Scheme.ts"

/** So many steps of a state, which the solver goes on from; with limits at most so many, up to the one that reaches them. */
interface Asked {
  readonly scheme: Scheme
  readonly state: SchemeState
  readonly steps: number
  readonly limits?: Partial<Limits>
}

/** A solver: what it yields is done when it is called again. */
export type Solver<A> = Generator<Asked, A, void>

/** What a solver yields for steps of a state. */
export const stepsOf = <State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
  steps: number,
): Asked => ({ scheme, state, steps })

/**
 * What a solver yields for at most `steps` steps of a state, none of which reaches the limits: the next one may, and is its own. Yields nothing where no kernel knows
 * them.
 */
export function* upTo<State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
  steps: number,
  limits: Partial<Limits>,
): Solver<void> {
  if (steps > 0 && skips(scheme, state, limits)) yield { scheme, state, steps, limits }
}

/** Whether two ask for the same steps of one method. */
const isAlike = (one: Asked, other: Asked): boolean => {
  // oxlint-disable-next-line typescript/unbound-method -- functions as keys, that are never called
  const [first, second] = [schemes.of(one.scheme.step), schemes.of(other.scheme.step)]
  return (
    (one.limits === undefined ? one.steps === other.steps : other.limits !== undefined) &&
    one.limits?.slack === other.limits?.slack &&
    one.limits?.accuracy === other.limits?.accuracy &&
    first !== undefined &&
    first.isExtra === second?.isExtra &&
    first.step === second.step
  )
}

/** The answers of solvers that do not meet, in their order. */
export const together = <A>(solvers: ReadonlyArray<Solver<A>>): ReadonlyArray<A> => {
  const results = solvers.map((solver) => solver.next())
  for (;;) {
    const waiting = results.flatMap(({ done, value }, k) =>
      done === true ? [] : [{ asked: value, k }],
    )
    const [first] = waiting
    if (first === undefined) return results.map(({ value }) => value as A)
    const group = waiting.filter(({ asked, k }) => k === first.k || isAlike(first.asked, asked))
    const { limits, scheme, steps } = first.asked
    const states = group.map(({ asked }) => asked.state)
    if (limits === undefined) advance(scheme, states, steps)
    else {
      const most = Math.min(...group.map(({ asked }) => asked.steps))
      const taken = skip(scheme, states, most, limits)
      // not all together, but perhaps each alone
      if (taken === 0 && group.length > 1)
        for (const { asked } of group) skip(scheme, [asked.state], asked.steps, limits)
    }
    for (const { k } of group) results[k] = solvers[k]!.next()
  }
}
