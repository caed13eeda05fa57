/**
 * A search that goes where margins are small: an evolution strategy over the choices that drawing makes.
 *
 * A few instances are drawn afresh; then the nearest to a violation are changed, in few choices at a time, by steps of all sizes, and a change
 * that is no worse takes the place of what it changed. Ours; the parts are those of a (1+1) evolution strategy with restarts, of pattern search
 * (Hooke and Jeeves 1961) for steps that helped, and of simulated annealing, whose place the drift along equals and the fresh draws take.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type fc from "fast-check"
import * as Choices from "./Choices.ts"

/** Instances that are drawn afresh before any is changed. */
const warming = 24

/** How many of the best are gone on from. */
const kept = 5

/** Draws without an improvement of any of the best, after which the search begins anew. */
const patience = 160

/** Of this size on, choices that are near each other have nothing in common: the seeds of random expansions. */
const unstructured = 2 ** 20

/** Choices of so few values are tried at any of them. */
const few = 6

interface Point {
  readonly choices: ReadonlyArray<Choices.Choice>
  readonly margin: number
  /** What was changed last and helped: it is tried again. */
  readonly step?: ReadonlyArray<number>
}

/** Draws of a search, each after the margin of the one before. */
export interface Steering<Instance> {
  readonly next: () => Choices.Drawn<Instance>
  /** The margin of the instance that was drawn last. */
  readonly heard: (margin: number) => void
}

export const make = <Instance>(
  instances: fc.Arbitrary<Instance>,
  seed: number,
): Steering<Instance> => {
  const stream = RandomStream.make(Seed.root(seed).child("steering"))
  let best: Array<Point> = []
  let fresh = 0
  let idle = 0
  let last: { readonly choices: ReadonlyArray<Choices.Choice>; readonly from?: Point } | undefined

  const chance = (one: number): boolean => stream.integer(one) === 0

  const anew: Choices.Otherwise = (most) => {
    // bounds are tight where a range ends, and near it
    if (most < few || most >= unstructured || !chance(3)) return stream.integer(most + 1)
    const near = chance(2) ? 0 : stream.integer(Math.min(10, most))
    return chance(2) ? near : most - near
  }

  const changed = ({ most, value }: Choices.Choice): number => {
    if (most < few || most >= unstructured || chance(8)) {
      return (value + 1 + stream.integer(most)) % (most + 1)
    }
    if (chance(8)) return chance(2) ? 0 : most
    // of every size as often: halves of the range, quarters, to a step of one
    let width = most
    for (let halvings = 1 + stream.integer(32 - Math.clz32(most)); halvings > 0; halvings--)
      width = Math.ceil(width / 2)
    const by = 1 + stream.integer(width)
    return Math.min(Math.max(chance(2) ? value + by : value - by, 0), most)
  }

  const drawn = (given: ReadonlyArray<number>): Choices.Drawn<Instance> =>
    Choices.draw(instances, seed, given, anew)

  /** Changes some choices; where one of them lengthens or shortens the sequence, what follows stays the same, as of a list with more items. */
  const near = (from: Point): Choices.Drawn<Instance> => {
    const values = from.choices.map(({ value }) => value)
    if (from.step !== undefined && chance(2)) {
      return drawn(values.map((value, at) => Math.max(0, value + 2 * (from.step![at] ?? 0))))
    }
    const free = from.choices.flatMap(({ most }, at) => (most > 0 ? [at] : []))
    const places = new Set<number>()
    do places.add(free[stream.integer(free.length)]!)
    while (chance(2) && places.size < free.length)
    for (const at of places) values[at] = changed(from.choices[at]!)
    const first = drawn(values)
    const longer = first.choices.length - from.choices.length
    const [at] = places
    if (longer === 0 || places.size > 1) return first
    const after = at! + 1
    return drawn(
      longer < 0
        ? [...values.slice(0, after), ...values.slice(after - longer)]
        : [
            ...values.slice(0, after),
            ...first.choices
              .slice(after, after + longer)
              .map(({ most }, k) => anew(most, after + k)),
            ...values.slice(after),
          ],
    )
  }

  const parent = (): Point | undefined => {
    if (fresh < warming || best.length === 0 || chance(10)) return undefined
    if (best.every(({ margin }) => margin === best[0]!.margin) && best[0]!.margin >= 1)
      return undefined
    const from = best[Math.min(stream.integer(best.length), stream.integer(best.length))]!
    return from.choices.some(({ most }) => most > 0) ? from : undefined
  }

  return {
    next: () => {
      const from = parent()
      if (from === undefined) fresh++
      const found = from === undefined ? drawn([]) : near(from)
      last = { choices: found.choices, ...(from === undefined ? {} : { from }) }
      return found
    },
    heard: (margin) => {
      const { choices, from } = last!
      const improves = from !== undefined && margin < from.margin
      idle = margin < (best[0]?.margin ?? Infinity) ? 0 : idle + 1
      if (idle > patience) {
        best = []
        fresh = 0
        idle = 0
        return
      }
      if (from !== undefined && margin > from.margin) {
        return
      }
      const step =
        improves && from.choices.length === choices.length
          ? { step: choices.map(({ value }, at) => value - from.choices[at]!.value) }
          : {}
      const others = from === undefined ? best : best.filter((each) => each !== from)
      best = [...others, { choices, margin, ...step }]
        .toSorted((a, b) => a.margin - b.margin)
        .slice(0, kept)
    },
  }
}
