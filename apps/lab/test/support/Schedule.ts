/** Which part of a command's work ran when: recorded from a real run, and played to an estimate. */
import { Watch } from "@nonconvex/runner"
import { Clock, Effect } from "effect"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import type { Estimated } from "../../src/cli/ProgressLine.ts"
import * as Estimate from "../../src/evidence/Estimate.ts"
import * as JobProgress from "../../src/evidence/JobProgress.ts"

/** `[item, kind, units, milliseconds at which it began, and at which it ended]`. */
type Event = readonly [
  item: number,
  kind: Estimate.Kind,
  units: number,
  began: number,
  ended: number,
]

/** A run as it was: JSON. */
export interface Schedule {
  readonly threads: number
  readonly items: ReadonlyArray<readonly [id: string, group: string]>
  readonly events: ReadonlyArray<Event>
}

/** Runs `work`, and gives what was when. `groupOf` says which system an item belongs to. */
export const record = Effect.fnUntraced(function* <A, E, R>(
  threads: number,
  work: Effect.Effect<A, E, R>,
) {
  const clock = yield* Clock.Clock
  const started = clock.currentTimeMillisUnsafe()
  const now = () => clock.currentTimeMillisUnsafe() - started
  const places = new Map<string, number>()
  const items: Array<readonly [id: string, group: string]> = []
  const events: Array<Event> = []
  yield* Effect.provideService(work, Watch, (job) => {
    const { kind, units } = JobProgress.partOf(job)
    let item = places.get(job.id)
    if (item === undefined) {
      item = items.push([job.id, job.id.split("/")[0]!]) - 1
      places.set(job.id, item)
    }
    const began = now()
    return () => {
      events.push([item, kind, units, began, now()])
    }
  })
  return { threads, items, events } satisfies Schedule
})

/**
 * A real `reproduce --preset smoke` on two threads, first or second: the same work a few minutes apart, on a machine of two cores whose load
 * was about eleven and changed all the time, so that one took 4 minutes and the other 6.
 */
export const recorded = (which: 1 | 2): Schedule => {
  const file = new URL(`../fixtures/schedule${which}.json.gz`, import.meta.url)
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Schedule
}

/** Seconds of the work of each item. */
export const secondsOf = ({ events, items }: Schedule): ReadonlyMap<string, number> => {
  const seconds = new Map<string, number>()
  for (const [item, , , began, ended] of events) {
    const [id] = items[item]!
    seconds.set(id, (seconds.get(id) ?? 0) + (ended - began) / 1000)
  }
  return seconds
}

/** Milliseconds from the start to the end of the last part. */
export const lasts = ({ events }: Schedule): number =>
  events.reduce((most, [, , , , ended]) => Math.max(most, ended), 0)

/** What an estimate says at each hundredth of the time of a schedule; undefined where it says nothing. */
export const play = (
  schedule: Schedule,
  before: ReadonlyMap<string, number> = new Map(),
): ReadonlyArray<Estimated | undefined> => {
  const { events, items, threads } = schedule
  let at = 0
  const estimate = Estimate.make(
    items.map(([id, group], item) => ({
      id,
      group,
      parts: events.filter(([of]) => of === item).map(([, kind, units]) => ({ kind, units })),
      before: before.get(id),
    })),
    threads,
    () => at / 1000,
  )
  const moments = events
    .flatMap(([item, kind, units, began, ended]) => {
      let leave: (() => void) | undefined
      const begin = () => {
        leave = estimate.began(items[item]![0], { kind, units })
      }
      return [
        { at: began, happen: begin },
        { at: ended, happen: () => leave?.() },
      ]
    })
    .toSorted((a, b) => a.at - b.at)
  const whole = lasts(schedule)
  const said: Array<Estimated | undefined> = []
  let next = 0
  for (let percent = 1; percent <= 100; percent++) {
    const until = (percent / 100) * whole
    for (; next < moments.length && moments[next]!.at <= until; next++) {
      at = moments[next]!.at
      moments[next]!.happen()
    }
    at = until
    said.push(estimate.now())
  }
  return said
}
