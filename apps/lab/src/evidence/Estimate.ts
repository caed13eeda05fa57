/** Remaining time of a command: from earlier durations of the same work, else from the pace of finished work. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Estimated } from "../cli/ProgressLine.ts"

/**
 * Kinds of work with similar durations: cases of an experiment, searches among the instances of a statement, and searches
 * for a control, which end early.
 */
export type Kind = "case" | "search" | "control"

export interface Part {
  readonly kind: Kind
  /** Number of runs of a search; 1 for a case. */
  readonly units: number
}

/** An experiment or a statement. */
export interface Item {
  readonly id: string
  /** System of the item; its items have similar durations. */
  readonly group: string
  readonly parts: ReadonlyArray<Part>
  /** Seconds that all its parts took in earlier runs, if known. */
  readonly before?: number | undefined
}

export interface Estimate {
  /** Parts of an item that are reused from earlier runs, with the seconds that each took. */
  readonly reused: (id: string, parts: ReadonlyArray<Part & { readonly seconds: number }>) => void
  /** Marks a part of an item as running in a thread; the returned function is called when it leaves the thread. */
  readonly began: (id: string, part: Part) => () => void
  /** Marks an item as finished, whatever its outcome. */
  readonly closed: (id: string) => void
  /** Undefined before anything has begun, or without data for an estimate. */
  readonly now: () => Estimated | undefined
}

/** Unfinished item, with the work left. */
interface Open {
  readonly item: Item
  /** Numbers of unfinished units, by kind. */
  readonly units: Map<Kind, number>
  parts: number
  /** Expected seconds of its parts, without reused ones. */
  known: number | undefined
  /** Total seconds of the finished units. */
  spent: number
  isClosed: boolean
}

interface UnderWay {
  readonly open: Open
  readonly part: Part
  readonly since: number
}

/** Finished parts of one kind. */
interface Ended {
  seconds: number
  units: number
}

/** Share of an overdue duration that is assumed to remain: with a known duration, and without. */
const overdue = { known: 0.1, unknown: 0.5 }

/**
 * Weight of known durations, as a share of their sum, against the first ones measured now: a machine may be busier than
 * earlier.
 */
const trust = 0.02

const sum = <A>(list: Iterable<A>, of: (each: A) => number): number => {
  let total = 0
  for (const each of list) total += of(each)
  return total
}

/** Parts similar to an item: first its own, then those of its system, then all of its kind. */
const alikeTo = ({ group, id }: Item, kind: Kind): ReadonlyArray<string> => [
  `${kind} of ${id}`,
  `${kind} of ${group}`,
  kind,
]

const opened = (item: Item): Open => {
  const units = new Map<Kind, number>()
  for (const part of item.parts) units.set(part.kind, (units.get(part.kind) ?? 0) + part.units)
  return { item, units, parts: item.parts.length, known: item.before, spent: 0, isClosed: false }
}

/** Estimate for `items` on the given number of threads; `clock` returns seconds. */
export const make = (
  items: ReadonlyArray<Item>,
  threads: number,
  clock: () => number,
): Estimate => {
  const all = new Map(items.map((item) => [item.id, opened(item)]))
  const underWay = new Set<UnderWay>()
  const ended = new Map<string, Ended>()
  const started = clock()
  let hasBegun = false
  let shown = 0

  const end = (open: Open, { kind, units }: Part, seconds: number) => {
    open.units.set(kind, Math.max(0, (open.units.get(kind) ?? 0) - units))
    open.parts = Math.max(0, open.parts - 1)
    for (const name of alikeTo(open.item, kind)) {
      const before = ended.get(name) ?? { seconds: 0, units: 0 }
      ended.set(name, { seconds: before.seconds + seconds, units: before.units + units })
    }
  }

  /**
   * Seconds of a unit. Running parts count with their elapsed time and as unfinished. Quick parts finish first, and would otherwise
   * make slow ones look quick.
   */
  const paceOf = (open: Open, kind: Kind, at: number): number | undefined => {
    for (const name of alikeTo(open.item, kind)) {
      const done = ended.get(name)
      if (done === undefined) continue
      const alike = [...underWay].filter((each) =>
        alikeTo(each.open.item, each.part.kind).includes(name),
      )
      return (done.seconds + sum(alike, ({ since }) => at - since)) / done.units
    }
    return undefined
  }

  /** Ratio of current durations to earlier ones. */
  const slowness = (at: number): number => {
    let [before, now] = [0, 0]
    for (const open of all.values()) {
      if (open.known === undefined) continue
      before += trust * open.known
      now += trust * open.known
      const own = [...underWay].filter((each) => each.open === open)
      const so = open.spent + sum(own, ({ since }) => at - since)
      if (!isDone(open) && so < open.known) continue
      before += open.known
      now += so
    }
    return before === 0 ? 1 : now / before
  }

  const isDone = (open: Open): boolean => open.isClosed || open.parts === 0

  /** Remaining seconds of work of an item; undefined without data. */
  const leftOf = (open: Open, at: number, slower: number): number | undefined => {
    if (isDone(open)) return 0
    const own = [...underWay].filter((each) => each.open === open)
    if (open.known !== undefined) {
      const expected = slower * open.known
      const so = open.spent + sum(own, ({ since }) => at - since)
      const longest = own.reduce((most, { since }) => Math.max(most, at - since), 0)
      const rest = (expected * open.parts) / open.item.parts.length
      return Math.max(expected - so, overdue.known * Math.max(longest, rest))
    }
    let left = 0
    for (const [kind, units] of open.units) {
      if (units === 0) continue
      const pace = paceOf(open, kind, at)
      if (pace === undefined) return undefined
      const ofKind = own.filter(({ part }) => part.kind === kind)
      left += pace * (units - sum(ofKind, ({ part }) => part.units))
      left += sum(ofKind, ({ part, since }) =>
        Math.max(pace * part.units - (at - since), overdue.unknown * (at - since)),
      )
    }
    return left
  }

  const isJudgedByOthers = ({ item, known, units }: Open): boolean =>
    known === undefined && ![...units.keys()].some((kind) => ended.has(alikeTo(item, kind)[0]!))

  /** The standard error of the seconds of those items that are judged by others of their system. */
  const doubt = (): number => {
    const groups = new Map<string, { ended: Array<number>; open: number }>()
    for (const open of all.values()) {
      const group = groups.get(open.item.group) ?? { ended: [], open: 0 }
      groups.set(open.item.group, group)
      if (!isDone(open)) group.open += isJudgedByOthers(open) ? 1 : 0
      else if (open.spent > 0) group.ended.push(open.spent)
    }
    let variance = 0
    for (const { ended: seconds, open } of groups.values()) {
      if (open === 0 || seconds.length < 2) continue
      const mean = sum(seconds, (each) => each) / seconds.length
      const one = sum(seconds, (each) => Elementary.square(each - mean)) / (seconds.length - 1)
      variance += one * (open + (open * open) / seconds.length)
    }
    return Math.sqrt(variance)
  }

  const now = (): Estimated | undefined => {
    if (!hasBegun) return undefined
    const at = clock()
    const slower = slowness(at)
    let [work, longest, foreign] = [0, 0, 0]
    for (const open of all.values()) {
      const left = leftOf(open, at, slower)
      if (left === undefined) return undefined
      work += left
      if (left > 0) longest = Math.max(longest, left / Math.min(threads, open.parts))
      if (isJudgedByOthers(open)) foreign += left
    }
    const left = Math.max(work / threads, longest)
    const elapsed = at - started
    // what cannot go back must not run ahead either
    const atMost = left + doubt() / threads
    shown = Math.max(shown, left === 0 ? 1 : elapsed / (elapsed + atMost))
    return { fraction: shown, left, isRough: foreign > work / 2 }
  }

  return {
    now,
    reused: (id, parts) => {
      const open = all.get(id)
      if (open === undefined) return
      for (const part of parts) end(open, part, part.seconds)
      const seconds = sum(parts, (part) => part.seconds)
      if (open.known === undefined) return
      const rest = (open.known * open.parts) / open.item.parts.length
      open.known = Math.max(open.known - seconds, overdue.known * rest)
    },
    began: (id, part) => {
      hasBegun = true
      const open = all.get(id)
      if (open === undefined) return () => undefined
      const each = { open, part, since: clock() }
      underWay.add(each)
      return () => {
        underWay.delete(each)
        const seconds = clock() - each.since
        open.spent += seconds
        end(open, part, seconds)
      }
    },
    closed: (id) => {
      const open = all.get(id)
      if (open !== undefined) open.isClosed = true
    },
  }
}

/** Estimate for `count` similar pieces of work, some of which are reused. */
export const ofAlike = (count: number, clock: () => number) => {
  const started = clock()
  let [reused, computed, shown] = [0, 0, 0]
  return {
    /** Adds this many reused pieces. */
    reused: (more: number): void => {
      reused += more
    },
    /** Records that a computed piece has ended. */
    ended: (): void => {
      computed++
    },
    now: (): Estimated | undefined => {
      if (computed === 0) return undefined
      const elapsed = clock() - started
      const left = (elapsed * Math.max(0, count - reused - computed)) / computed
      shown = Math.max(shown, left === 0 ? 1 : elapsed / (elapsed + left))
      return { fraction: shown, left, isRough: false }
    },
  }
}
