/** Solvers that wait for steps of their methods, so that several of them take theirs together. */
import { schemes } from "../internal/Known.ts"
import { advance } from "../methods/Advance.ts"
import type { Scheme, SchemeState } from "../methods/Scheme.ts"

/** So many steps of a state, which the solver goes on from. */
interface Asked {
  readonly scheme: Scheme
  readonly state: SchemeState
  readonly steps: number
}

/** A solver: what it yields is done when it is called again. */
export type Solver<A> = Generator<Asked, A, void>

/** What a solver yields for steps of a state. */
export const stepsOf = <State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
  steps: number,
): Asked => ({ scheme, state, steps })

/** Whether two ask for the same steps of one method. */
const isAlike = (one: Asked, other: Asked): boolean => {
  // oxlint-disable-next-line typescript/unbound-method -- functions as keys, that are never called
  const [first, second] = [schemes.of(one.scheme.step), schemes.of(other.scheme.step)]
  return (
    one.steps === other.steps &&
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
    const { scheme, steps } = first.asked
    advance(
      scheme,
      group.map(({ asked }) => asked.state),
      steps,
    )
    for (const { k } of group) results[k] = solvers[k]!.next()
  }
}
