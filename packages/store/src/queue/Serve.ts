/** A worker: takes trials of its own versions, one per thread, and returns those that it cannot finish. */
import type { System } from "@nonconvex/evidence/System"
import { Compute } from "@nonconvex/runner/Compute"
import { ThreadEnded } from "@nonconvex/runner/JobFailure"
import { type OpenRun, RunStore, type StoreFailed } from "@nonconvex/runner/RunStore"
import * as Reason from "@nonconvex/evidence/Reason"
import { Cause, Deferred, Effect, Result, Schema } from "effect"
import type { PersistedQueue } from "effect/persistence/PersistedQueue"
import * as Gate from "./Gate.ts"
import * as LookPause from "./LookPause.ts"
import { sqlErrorIn } from "../internal/LostTransaction.ts"
import type { Outlasting } from "./Outage.ts"
import { giveUp, perform } from "./Perform.ts"
import { type Pending, reasonOf, type Statements } from "./QueueTable.ts"
import { Trial, type Version } from "./Trial.ts"
import type { Serving } from "./Serving.ts"
import { queueOf, versionIn } from "./QueueName.ts"

/** Number of the attempt from which a trial runs alone, so that it affects no other. */
const aloneFrom = 3

/** Milliseconds between two polls of waiting trials, while working and while idle. */
const lookInterval = { busy: 1500, idle: 500 }

/** Polls between two checks for abandoned trials. */
const looksApart = 10

/** Services of a worker, apart from its computing power. */
interface Means {
  readonly table: Statements
  readonly queue: (name: string) => Effect.Effect<PersistedQueue<Trial>>
  /** Maximum number of attempts of a trial. */
  readonly mostAttempts: number
  readonly outlasting: Outlasting
}

interface Own {
  readonly name: string
  readonly system: System
  readonly version: Version
  readonly queue: PersistedQueue<Trial>
}

/** Store of the program, which retries while the database is unreachable. */
const patient = Effect.fnUntraced(function* ({ outlast }: Outlasting) {
  const store = yield* RunStore
  const lasting = (run: OpenRun): OpenRun => ({
    ...run,
    leave: (place, left) => outlast(run.leave(place, left)),
    keep: (place, part) => outlast(run.keep(place, part)),
    end: (outcome) => outlast(run.end(outcome)),
  })
  return RunStore.of({
    ...store,
    open: (system, subject) => Effect.map(outlast(store.open(system, subject)), lasting),
  })
})

/** Queue whose first free trial has waited longest. */
const longestWaiting = (pending: ReadonlyArray<Pending>): string | undefined =>
  pending
    .filter(({ first }) => first !== null)
    .toSorted((a, b) => a.first! - b.first!)
    .at(0)?.queue

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(Trial)))

/** See `Trials.serve`. */
export const serve = Effect.fnUntraced(function* <Stale>(
  { mostAttempts, outlasting, queue, table }: Means,
  {
    check = () => Effect.void,
    hear = () => undefined,
    untilIdle = false,
    versions,
  }: Serving<Stale>,
): Effect.fn.Return<void, StoreFailed | Stale, Compute> {
  const { outlast } = outlasting
  const { size } = yield* Compute
  const store = yield* patient(outlasting)
  const own = new Map<string, Own>()
  for (const each of versions) {
    const name = queueOf(each.version)
    own.set(name, { ...each, name, queue: yield* queue(name) })
  }
  const broken = yield* Deferred.make<never, StoreFailed | Stale>()
  /** Source of the next trial, while there is one. */
  let picked: Own | undefined
  const gate = Gate.make(size)

  const attempt = Effect.fnUntraced(
    function* ({ system }: Own, trial: Trial, attempts: number) {
      hear({ _tag: "Began", trial, attempt: attempts })
      const performed = yield* perform(system, trial)
      gate.ended(performed.seconds)
      hear({ _tag: "Ended", trial, ...performed })
    },
    Effect.provideService(RunStore, store),
    (work, { system }, trial) =>
      Effect.tapError(work, (error) => {
        if (error._tag === "StoreFailed") return Deferred.fail(broken, error)
        hear({ _tag: "Broke", trial, reason: error.reason })
        return Effect.ignore(
          Effect.tapError(check(system), (stale) => Deferred.fail(broken, stale)),
        )
      }),
  )

  /** Takes a trial and runs it; ends if there is none left. */
  const takeFrom = (mine: Own) =>
    Effect.suspend(() => {
      let hasBegun = false
      const taken = mine.queue.take((trial, { attempts }) => {
        // an interrupted trial is given back, and the attempt does not count
        if (gate.isAlone()) return Effect.interrupt
        hasBegun = true
        const work = attempt(mine, trial, attempts).pipe(
          Effect.catchTag("StoreFailed", () => Effect.interrupt),
        )
        return attempts < aloneFrom ? work : gate.alone(work)
      })
      const inVain = Effect.sleep(lookInterval.idle).pipe(
        Effect.repeat({ while: () => hasBegun || (picked === mine && !gate.isAlone()) }),
      )
      return Effect.raceFirst(taken, Effect.asVoid(inVain))
    })

  const next = gate.ask(
    Effect.suspend(() => (picked === undefined ? Effect.void : takeFrom(picked))),
  )
  const worker = next.pipe(
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.void
      const error = Cause.squash(cause)
      // the queue tries again what failed with its thread
      if (Schema.is(ThreadEnded)(error)) return Effect.void
      // the lease of a trial ended while it could not be handed in: it is in the store
      const isOfDatabase = sqlErrorIn(error) !== undefined
      return isOfDatabase ? outlasting.until : Effect.failCause(cause as Cause.Cause<never>)
    }),
    Effect.forever,
  )

  const refused = new Set<string>()
  const refuse = ({ queue: name, trials }: Pending) => {
    const version = versionIn(name)
    if (refused.has(name) || version === undefined) return
    refused.add(name)
    const mine = versions.find(({ system }) => system.id === version.system)?.version
    hear({ _tag: "Refused", waiting: { version, trials }, ...(mine === undefined ? {} : { mine }) })
  }

  const unreadable = new Set<string>()

  /** Fails abandoned trials in the store; the first worker that finds one reports it. */
  const endGivenUp = Effect.gen(function* () {
    for (const each of yield* outlast(table.givenUpIn([...own.keys()]))) {
      const decoded = yield* Effect.result(decode(each.element))
      if (Result.isFailure(decoded)) {
        if (!unreadable.has(each.id)) {
          hear({ _tag: "Unreadable", id: each.id, reason: Reason.of(decoded.failure) })
        }
        unreadable.add(each.id)
        continue
      }
      const trial = decoded.success
      const reason = reasonOf(mostAttempts, each)
      yield* giveUp(own.get(each.queue)!.system, trial, reason)
      const forgotten = yield* outlast(table.forget([each.id]))
      if (forgotten.length > 0) hear({ _tag: "Ended", trial, seconds: 0, failed: reason })
    }
  }).pipe(Effect.provideService(RunStore, store))

  const look = Effect.fnUntraced(function* (looks: number) {
    const [asked, pending] = yield* outlast(Effect.timed(table.pending))
    const mine = pending.filter((each) => own.has(each.queue))
    const longest = longestWaiting(mine)
    const before = picked
    picked = longest === undefined ? undefined : own.get(longest)
    if (picked !== undefined && picked !== before) yield* check(picked.system)
    gate.areThere(picked !== undefined)
    for (const each of pending) if (!own.has(each.queue)) refuse(each)
    const isIdle = mine.length === 0
    if ((isIdle && untilIdle) || looks % looksApart === 0) yield* endGivenUp
    return { asked, isIdle }
  })

  const watch = Effect.gen(function* () {
    for (let looks = 0; ; looks++) {
      const { asked, isIdle } = yield* look(looks)
      // what another took over is ended here all the same, for both are compared
      if (untilIdle && isIdle && !gate.isBusy()) return
      const least = picked === undefined ? lookInterval.idle : lookInterval.busy
      yield* Effect.sleep(LookPause.after(asked, least))
    }
  })

  const workers = Array.from({ length: size * Gate.mostHeld }, () => worker)
  yield* Effect.raceAllFirst([
    watch,
    Deferred.await(broken),
    Effect.all(workers, { concurrency: "unbounded", discard: true }),
  ])
})
