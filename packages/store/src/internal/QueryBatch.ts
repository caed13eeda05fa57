/** Batches the queries of many fibers: a statement costs more than its answer. */
import { Effect, Exit } from "effect"

interface Waiting<Answer, Error> {
  readonly key: string
  readonly resume: (exit: Exit.Exit<Answer | undefined, Error>) => void
}

/** Answers of `ask` by key; undefined for a key that it does not answer. Fibers that ask at the same time share one request. */
export const make = <Answer, Error, Needs>(
  ask: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, Answer>, Error, Needs>,
): Effect.Effect<(key: string) => Effect.Effect<Answer | undefined, Error>, never, Needs> =>
  Effect.map(Effect.context<Needs>(), (context) => {
    const fork = Effect.runForkWith(context)
    let waiting: Array<Waiting<Answer, Error>> = []
    const answer = Effect.suspend(() => {
      const asked = waiting
      waiting = []
      return Effect.map(Effect.exit(ask(asked.map(({ key }) => key))), (exit) => {
        for (const { key, resume } of asked) {
          resume(Exit.map(exit, (answers) => answers.get(key)))
        }
      })
    })
    return (key) =>
      Effect.callback<Answer | undefined, Error>((resume) => {
        waiting.push({ key, resume })
        // others that are about to ask do so first
        if (waiting.length === 1) fork(Effect.andThen(Effect.yieldNow, answer))
      })
  })
