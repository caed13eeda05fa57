/**
 * A search that goes where margins are small: an evolution strategy over the choices that drawing makes.
 *
 * A few instances are drawn afresh; then the nearest to a violation are changed, in few choices at a time, and a change that is no worse takes
 * the place of what it changed. Which choices are changed, and by how much, is learned from what helped. Ours; the parts are those of a (1+1)
 * evolution strategy with restarts (Rechenberg 1973), of pattern search (Hooke and Jeeves 1961) for steps that helped, and of differential
 * evolution (Storn and Price 1997) for steps between the best.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type fc from "fast-check"
import * as Choices from "./Choices.ts"

/** Instances that are drawn afresh before any is changed. */
const warming = 16

/** How many of the best are gone on from. */
const kept = 4

/** Draws without a new best, after which the search begins anew. */
const patience = 150

/** Of this size on, choices that are near each other have nothing in common: the seeds of random expansions. */
const unstructured = 2 ** 20

/** Choices of so few values are tried at any of them. */
const few = 6

/** An instance that is asked for again is changed once more, so often at most. */
const retries = 4

/** What is known of one place of the sequence. */
interface Place {
  /** How often it is changed, beside the others. */
  weight: number
  /** Steps are up to the range halved so often. */
  halvings: number
}

interface Point {
  readonly choices: ReadonlyArray<Choices.Choice>
  readonly margin: number
  /** Shared with its like: points whose choices have the same ranges. */
  readonly places: ReadonlyArray<Place>
  /** What was changed last and helped: it is tried again. */
  readonly step?: ReadonlyArray<number>
}

/** A draw, what it was changed from, and where. */
interface Tried {
  readonly choices: ReadonlyArray<Choices.Choice>
  readonly from?: Point
  readonly at: ReadonlyArray<readonly [place: number, halvings: number]>
}

/** Draws of a search, each after the margin of the one before. */
export interface Steering<Instance> {
  readonly next: () => Choices.Drawn<Instance>
  /** The margin of the instance that was drawn last. */
  readonly heard: (margin: number) => void
}

const isAlike = (a: Tried["choices"], b: Tried["choices"]): boolean =>
  a.length === b.length && a.every(({ most }, at) => most === b[at]!.most)

const bits = (most: number): number => 32 - Math.clz32(most)

const placeOf = ({ most }: Choices.Choice): Place => ({
  weight: most === 0 ? 0 : 1,
  halvings: Math.min(3, bits(most)),
})

export const make = <Instance>(
  instances: fc.Arbitrary<Instance>,
  seed: number,
): Steering<Instance> => {
  const stream = RandomStream.make(Seed.root(seed).child("steering"))
  const seen = new Set<string>()
  let best: Array<Point> = []
  let fresh = 0
  let idle = 0
  let last: Tried | undefined

  const chance = (one: number): boolean => stream.integer(one) === 0

  const anew: Choices.Otherwise = (most) => {
    // bounds are tight where a range ends, and near it
    if (most < few || most >= unstructured || !chance(3)) return stream.integer(most + 1)
    const near = chance(2) ? 0 : stream.integer(Math.min(10, most))
    return chance(2) ? near : most - near
  }

  const changed = ({ most, value }: Choices.Choice, halvings: number): number => {
    if (most < few || most >= unstructured || chance(12)) {
      return (value + 1 + stream.integer(most)) % (most + 1)
    }
    if (chance(10)) return chance(2) ? 0 : most
    const by = 1 + stream.integer(Math.max(1, most >> halvings))
    return Math.min(Math.max(chance(2) ? value + by : value - by, 0), most)
  }

  const halvingsOf = ({ halvings }: Place, { most }: Choices.Choice): number => {
    const sizes = bits(most)
    if (chance(3)) return 1 + stream.integer(sizes)
    return Math.min(Math.max(1, Math.round(halvings) - 1 + stream.integer(3)), sizes)
  }

  const drawn = (given: ReadonlyArray<number>): Choices.Drawn<Instance> =>
    Choices.draw(instances, seed, given, anew)

  /** One place of them, by their weights. */
  const placeIn = (places: ReadonlyArray<Place>): number => {
    let left = stream.uniform() * places.reduce((sum, { weight }) => sum + weight, 0)
    return places.findIndex(({ weight }) => (left -= weight) < 0)
  }

  const someOf = (from: Point): Tried["at"] => {
    const at = new Map<number, number>()
    do {
      const place = placeIn(from.places)
      if (place >= 0) at.set(place, halvingsOf(from.places[place]!, from.choices[place]!))
    } while (chance(3))
    return [...at]
  }

  /** Steps along the last one that helped, or along the difference of two of the best. */
  const along = (from: Point): ReadonlyArray<number> | undefined => {
    if (from.step !== undefined && chance(2))
      return from.step.map((by) => (1 + stream.integer(2)) * by)
    const alike = best.filter((each) => each !== from && isAlike(each.choices, from.choices))
    if (alike.length < 2 || !chance(8)) return undefined
    const [a, b] = [alike[stream.integer(alike.length)]!, alike[stream.integer(alike.length)]!]
    return a.choices.map(({ value }, at) => value - b.choices[at]!.value)
  }

  /** Changes some choices; where one of them lengthens or shortens the sequence, what follows stays the same, as of a list with more items. */
  const near = (from: Point): Tried & Choices.Drawn<Instance> => {
    const values = from.choices.map(({ value }) => value)
    const by = along(from)
    if (by !== undefined) {
      const moved = values.map((value, at) => Math.max(0, value + by[at]!))
      return { ...drawn(moved), from, at: [] }
    }
    const at = someOf(from)
    for (const [place, halvings] of at) values[place] = changed(from.choices[place]!, halvings)
    const first = drawn(values)
    const longer = first.choices.length - from.choices.length
    const [one] = at
    if (longer === 0 || one === undefined || at.length > 1) return { ...first, from, at }
    const after = one[0] + 1
    const given =
      longer < 0
        ? [...values.slice(0, after), ...values.slice(after - longer)]
        : [
            ...values.slice(0, after),
            ...first.choices
              .slice(after, after + longer)
              .map(({ most }, k) => anew(most, after + k)),
            ...values.slice(after),
          ]
    return { ...drawn(given), from, at }
  }

  const parent = (): Point | undefined => {
    if (fresh < warming || best.length === 0 || chance(12)) return undefined
    if (best[0]!.margin >= 1) return undefined
    const from = chance(6) ? best[stream.integer(best.length)]! : best[0]!
    return from.choices.some(({ most }) => most > 0) ? from : undefined
  }

  const tried = (): Tried & Choices.Drawn<Instance> => {
    const from = parent()
    if (from !== undefined) return near(from)
    fresh++
    return { ...drawn([]), at: [] }
  }

  /** Learns from a change: of what helped more, of what changes nothing less. */
  const learn = (from: Point, at: Tried["at"], margin: number): void => {
    if (margin > from.margin && at.length > 1) return
    for (const [index, halvings] of at) {
      const place = from.places[index]!
      if (margin < from.margin) {
        place.weight = Math.min(8, 1.5 * place.weight)
        place.halvings = halvings
      } else if (margin === from.margin) {
        place.weight = Math.max(1 / 16, place.weight / 2)
      } else {
        const { most } = from.choices[index]!
        // a seed that is worse says nothing of the next
        place.weight = Math.max(most >= unstructured ? 1 : 1 / 4, 0.95 * place.weight)
        place.halvings = Math.min(place.halvings + 0.3, bits(most))
      }
    }
  }

  return {
    next: () => {
      let found = tried()
      for (let again = 0; again < retries && seen.has(Choices.format(found.choices)); again++)
        found = tried()
      seen.add(Choices.format(found.choices))
      last = found
      return found
    },
    heard: (margin) => {
      const { at, choices, from } = last!
      idle = margin < (best[0]?.margin ?? Infinity) ? 0 : idle + 1
      if (idle > patience) {
        best = []
        fresh = 0
        idle = 0
        return
      }
      if (from !== undefined) {
        learn(from, at, margin)
        if (margin > from.margin) return
      }
      const alike = [...(from === undefined ? [] : [from]), ...best].find((each) =>
        isAlike(each.choices, choices),
      )
      const places = alike?.places ?? choices.map(placeOf)
      const step =
        from !== undefined && margin < from.margin && isAlike(from.choices, choices)
          ? { step: choices.map(({ value }, place) => value - from.choices[place]!.value) }
          : {}
      const others = from === undefined ? best : best.filter((each) => each !== from)
      best = [...others, { choices, margin, places, ...step }]
        .toSorted((a, b) => a.margin - b.margin)
        .slice(0, kept)
    },
  }
}
