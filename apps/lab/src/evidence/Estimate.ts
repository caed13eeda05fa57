/** Remaining time of a command: from earlier durations of the same work, else from the pace of finished work. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Estimated } from "../cli/ProgressLine.ts"

/** Parts of a kind are alike: cases of an experiment, searches among the instances of a statement, or of a control, which end early. */
export type Kind = "case" | "search" | "control"

export interface Part {
  readonly kind: Kind
  /** The runs of a search; 1 of a case. */
  readonly units: number
}

/** An experiment or a statement. */
export interface Item {
  readonly id: string
  /** Its system, whose items are alike. */
  readonly group: string
  readonly parts: ReadonlyArray<Part>
  /** Seconds of the work of all its parts, where they are known. */
  readonly before?: number | undefined
}

export interface Estimate {
  /** Parts of an item that are kept from before, each with the seconds that it took. */
  readonly reused: (id: string, parts: ReadonlyArray<Part & { readonly seconds: number }>) => void
  /** A part of an item has a thread; what it answers is called when the part leaves it. */
  readonly began: (id: string, part: Part) => () => void
  /** Nothing of an item is left to do, whatever became of it. */
  readonly closed: (id: string) => void
  /** Undefined while nothing has begun, or there is nothing to tell it from. */
  readonly now: () => Estimated | undefined
}

/** Unfinished item, with the work left. */
interface Open {
  readonly item: Item
  /** Units that have not ended, by kind. */
  readonly units: Map<Kind, number>
  parts: number
  /** Seconds that its parts are to take, without those that are kept from before. */
  known: number | undefined
  /** Seconds that those took that have ended. */
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

/** Share of an overdue duration that is assumed to be left: with a known duration, and without. */
const overdue = { known: 0.1, unknown: 0.5 }

/** Weight of known durations, as a share of their sum, against the first ones measured now: a machine may be busier than it was. */
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

/** An estimate for `items` on so many threads; `clock` gives seconds. */
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

  /** Seconds of work that are left of an item; undefined where nothing tells. */
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

/** An estimate for `count` pieces of work that are alike, some of which are kept from before. */
export const ofAlike = (count: number, clock: () => number) => {
  const started = clock()
  let [reused, computed, shown] = [0, 0, 0]
  return {
    /** So many more are there already. */
    reused: (more: number): void => {
      reused += more
    },
    /** One that was not there has ended. */
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
