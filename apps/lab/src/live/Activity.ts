/** Activity in a store: the work of this program, and records of others, watched by its stamp. */
import type * as Live from "@nonconvex/gallery/internal/Live"
import { Runs } from "@nonconvex/store/Runs"
import { Clock, Context, Effect, Layer, Stream, SubscriptionRef } from "effect"
import * as MonotonicTime from "../cli/MonotonicTime.ts"
import { Tasks } from "./Tasks.ts"

/** Milliseconds between two checks of the tasks, and number of these per check of the store. */
const interval = 250
const looksOfStore = 4

/** Milliseconds for which a run in progress is remembered without news, since parts may take long. */
const patience = 600_000

/** Maximum number of unfinished runs to check, the latest first. */
const mostUnfinished = 100

type Elsewhere = Live.Now["elsewhere"][number]

const make = Effect.gen(function* () {
  const tasks = yield* Tasks
  const runs = yield* Runs
  const clock = yield* Clock.Clock
  const said = yield* SubscriptionRef.make("")
  const known = new Map<string, Elsewhere & { readonly movedAt: number }>()
  let listeners = 0
  let seen: Pick<Live.Now, "stamp" | "fault"> = { stamp: "" }
  let isFirst = true

  /** Finds unfinished runs that changed since the previous look. */
  const look = Effect.gen(function* () {
    const stamp = yield* runs.stamp
    if (stamp === seen.stamp) return { stamp }
    const unfinished = yield* runs.list({
      status: "unfinished",
      latest: { skip: 0, count: mostUnfinished },
    })
    const now = MonotonicTime.milliseconds(clock)
    const open = new Set(unfinished.map(({ id }) => id))
    for (const id of known.keys()) if (!open.has(id)) known.delete(id)
    for (const { id, kept, key, parts } of unfinished) {
      const before = known.get(id)
      // what was there before anybody looked need not go on
      const moved = before === undefined ? !isFirst : before.kept !== kept
      const movedAt = moved ? now : (before?.movedAt ?? 0)
      known.set(id, { id, subject: key.subject, kept, parts, movedAt })
    }
    isFirst = false
    return { stamp }
  }).pipe(Effect.catch(({ message }) => Effect.succeed({ stamp: seen.stamp, fault: message })))

  const elsewhere = (): ReadonlyArray<Elsewhere> => {
    const since = MonotonicTime.milliseconds(clock) - patience
    return [...known.values()]
      .filter(({ id, movedAt }) => movedAt > since && !tasks.owns(id))
      .map(({ id, kept, parts, subject }) => ({ id, subject, kept, parts }))
  }

  const tell = Effect.fnUntraced(function* () {
    const now: Live.Now = { ...seen, tasks: yield* tasks.now, elsewhere: elsewhere() }
    const text = JSON.stringify(now)
    if (text !== (yield* SubscriptionRef.get(said))) yield* SubscriptionRef.set(said, text)
  })

  const looking = Effect.gen(function* () {
    for (let tick = 0; ; tick++) {
      if (listeners > 0) {
        if (tick % looksOfStore === 0) seen = yield* look
        yield* tell()
      }
      yield* Effect.sleep(interval)
    }
  })
  yield* Effect.forkScoped(looking)

  return Activity.of({
    changes: Stream.unwrap(
      Effect.gen(function* () {
        yield* Effect.acquireRelease(
          Effect.sync(() => void listeners++),
          () => Effect.sync(() => void listeners--),
        )
        seen = yield* look
        yield* tell()
        return SubscriptionRef.changes(said)
      }),
    ),
  })
})

/** Service that tracks the activity of a store. */
export class Activity extends Context.Service<
  Activity,
  {
    /** `Now` as JSON: as it is, and again whenever it changes. Nothing is read while no one listens. */
    readonly changes: Stream.Stream<string>
  }
>()("@nonconvex/lab/live/Going") {
  static readonly layer: Layer.Layer<Activity, never, Tasks | Runs> = Layer.effect(Activity, make)
}
