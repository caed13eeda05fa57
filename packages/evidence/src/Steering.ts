/**
 * Search towards small margins: an evolution strategy over the choices that generate instances.
 *
 * A few instances are drawn at random, both simple and complex ones. Those closest to a violation are then changed in a few
 * choices at a time. A change that is not worse replaces its parent. Choices and sizes of changes are learned from earlier
 * improvements. Seeds change most often, since they have no direction of improvement. The method is ours. It combines a
 * (1+1) evolution strategy with restarts (Rechenberg 1973), pattern search (Hooke and Jeeves 1961) for steps that helped,
 * and differential evolution (Storn and Price 1997) for steps between the best.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type fc from "fast-check"
import * as ChoiceSequence from "./ChoiceSequence.ts"

/** Number of instances drawn at random before any is changed. */
const warming = 16

/** Number of the best points that are continued. */
const kept = 4

/** Number of draws without a new best after which the search restarts. */
const patience = 150

/** Range from which neighbouring choices are unrelated: the seeds of random expansions. */
const unstructured = 2 ** 20

/** Weight of a seed against a choice without history, and its least weight, however seldom it helped. */
const seedWeight = { first: 3, least: 2 } as const

/** Largest number of values of a choice for which any of them is tried. */
const few = 6

/** Maximum number of further changes if an instance has already been tried. */
const retries = 4

/** Statistics of one place of the sequence. */
interface Place {
  /** Weight of its changes, relative to the others. */
  weight: number
  /** Steps are up to the range halved so often. */
  halvings: number
}

interface Point {
  readonly choices: ReadonlyArray<ChoiceSequence.Choice>
  readonly margin: number
  /** Grouped by structure: points whose choices have the same ranges. */
  readonly places: ReadonlyArray<Place>
  /** Last change that helped: it is tried again. */
  readonly step?: ReadonlyArray<number>
}

/** A draw, its parent, and the changed choices. */
interface Tried {
  readonly choices: ReadonlyArray<ChoiceSequence.Choice>
  readonly from?: Point
  readonly at: ReadonlyArray<readonly [place: number, halvings: number]>
}

/** Smallest relative improvement of the margin that counts, 1e-3, to exclude rounding. */
const helps = (margin: number, before: number): boolean => margin < before - 1e-3 * Math.abs(before)

const isAlike = (a: Tried["choices"], b: Tried["choices"]): boolean =>
  a.length === b.length && a.every(({ most }, at) => most === b[at]!.most)

const bits = (most: number): number => 32 - Math.clz32(most)

const placeOf = ({ most }: ChoiceSequence.Choice): Place => ({
  weight: most === 0 ? 0 : most >= unstructured ? seedWeight.first : 1,
  halvings: Math.min(3, bits(most)),
})

/** Learns from a change: improvements make it more likely, changes without effect less. */
const learn = (from: Point, at: Tried["at"], margin: number): void => {
  const isBetter = helps(margin, from.margin)
  const isWorse = helps(from.margin, margin)
  if (isWorse && at.length > 1) return
  for (const [index, halvings] of at) {
    const place = from.places[index]!
    if (isBetter) {
      place.weight = Math.min(8, 2 * place.weight)
      place.halvings = halvings
    } else if (!isWorse) {
      place.weight = Math.max(1 / 16, place.weight / 2)
    } else {
      const { most } = from.choices[index]!
      // a seed that is worse says nothing of the next
      const least = most >= unstructured ? seedWeight.least : 1 / 4
      place.weight = Math.max(least, 0.95 * place.weight)
      place.halvings = Math.min(place.halvings + 0.5, bits(most))
    }
  }
}

/** Draws of a search that depend on the previous margins: call `next`, then `learn`. */
export class Steering<Instance> {
  readonly #instances: fc.Arbitrary<Instance>
  readonly #seed: number
  readonly #stream: RandomStream.RandomStream
  /** Instances drawn since the last restart, by their choices. */
  readonly #seen = new Set<number>()
  #best: ReadonlyArray<Point> = []
  #last: Tried | undefined
  #largest = Number.NEGATIVE_INFINITY
  /** Draws that changed nothing, and draws without a new best, since the last restart. */
  #fresh = 0
  #idle = 0

  constructor(instances: fc.Arbitrary<Instance>, seed: number) {
    this.#instances = instances
    this.#seed = seed
    this.#stream = RandomStream.make(Seed.root(seed).child("steering"))
  }

  next(): ChoiceSequence.Drawn<Instance> {
    for (let again = 0; ; again++) {
      const found = this.#tried()
      const key = ChoiceSequence.keyOf(found.choices)
      if (again < retries && this.#seen.has(key)) continue
      this.#seen.add(key)
      this.#last = found
      return found
    }
  }

  /** Takes the margin of the last drawn instance. */
  learn(margin: number): void {
    const { at, choices, from } = this.#last!
    this.#largest = Math.max(this.#largest, margin)
    const [first] = this.#best
    this.#idle = first === undefined || helps(margin, first.margin) ? 0 : this.#idle + 1
    if (this.#idle > patience) {
      this.#seen.clear()
      this.#best = []
      this.#fresh = 0
      this.#idle = 0
      return
    }
    if (from !== undefined) {
      learn(from, at, margin)
      if (margin > from.margin) {
        if (at.length === 0) this.#stepless(from)
        return
      }
    }
    const others = this.#best.filter((each) => each !== from)
    const like = [...(from === undefined ? [] : [from]), ...others].find((each) =>
      isAlike(each.choices, choices),
    )
    const places = like?.places ?? choices.map(placeOf)
    const step =
      from !== undefined && from === like && helps(margin, from.margin)
        ? { step: choices.map(({ value }, place) => value - from.choices[place]!.value) }
        : {}
    this.#best = [...others, { choices, margin, places, ...step }]
      .toSorted((a, b) => a.margin - b.margin)
      .slice(0, kept)
  }

  /** The step of a point that helped once has gone too far. */
  #stepless(from: Point): void {
    const { step: _, ...rest } = from
    this.#best = this.#best.map((each) => (each === from ? rest : each))
  }

  #chance(one: number): boolean {
    return this.#stream.integer(one) === 0
  }

  #tried(): Tried & ChoiceSequence.Drawn<Instance> {
    const from = this.#parent()
    if (from !== undefined) return this.#near(from)
    this.#fresh++
    return { ...this.#fromNothing(), at: [] }
  }

  /** Point to continue from; undefined where a fresh instance is drawn. */
  #parent(): Point | undefined {
    const [first] = this.#best
    if (this.#fresh < warming || first === undefined || this.#chance(12)) return undefined
    // where margins are all alike they lead nowhere
    if (first.margin === this.#largest) return undefined
    const from = this.#chance(6) ? this.#best[this.#stream.integer(this.#best.length)]! : first
    return from.choices.some(({ most }) => most > 0) ? from : undefined
  }

  #drawn(given: ReadonlyArray<number>): ChoiceSequence.Drawn<Instance> {
    return ChoiceSequence.draw(this.#instances, this.#seed, given, (most) => this.#anew(most))
  }

  /**
   * Instance in which a random share of the choices, from none to all, has its first value. Ranges are written from their
   * first value, to which instances shrink. Simple instances are the cheapest, and the worst case of many bounds.
   */
  #fromNothing(): ChoiceSequence.Drawn<Instance> {
    const simple = this.#stream.uniform()
    return ChoiceSequence.draw(this.#instances, this.#seed, [], (most) =>
      most < unstructured && this.#stream.uniform() < simple ? 0 : this.#anew(most),
    )
  }

  #anew(most: number): number {
    const stream = this.#stream
    // bounds are tight where a range ends, and near it
    if (most < few || most >= unstructured || this.#chance(2)) return stream.integer(most + 1)
    const near = this.#chance(2) ? 0 : stream.integer(Math.min(10, most))
    return this.#chance(2) ? near : most - near
  }

  /** Changes some choices; if one lengthens or shortens the sequence, later choices are kept, as in a list with more items. */
  #near(from: Point): Tried & ChoiceSequence.Drawn<Instance> {
    const values = from.choices.map(({ value }) => value)
    const by = this.#along(from)
    if (by !== undefined) {
      const moved = values.map((value, at) => Math.max(0, value + by[at]!))
      return { ...this.#drawn(moved), from, at: [] }
    }
    const at = this.#someOf(from)
    for (const [place, halvings] of at) {
      values[place] = this.#changed(from.choices[place]!, halvings)
    }
    const first = this.#drawn(values)
    const longer = first.choices.length - from.choices.length
    const [one] = at
    if (longer === 0 || one === undefined || at.length > 1) return { ...first, from, at }
    const after = one[0] + 1
    const added = first.choices.slice(after, after + Math.max(0, longer))
    const given = [
      ...values.slice(0, after),
      ...added.map(({ most }) => this.#anew(most)),
      ...values.slice(after + Math.max(0, -longer)),
    ]
    return { ...this.#drawn(given), from, at }
  }

  /** Twice the last step if it improved the margin, or the difference of two of the best instances. */
  #along(from: Point): ReadonlyArray<number> | undefined {
    const stream = this.#stream
    if (from.step !== undefined && !this.#chance(3)) return from.step.map((by) => 2 * by)
    const alike = this.#best.filter((each) => each !== from && isAlike(each.choices, from.choices))
    if (alike.length < 2 || !this.#chance(8)) return undefined
    const [a, b] = [alike[stream.integer(alike.length)]!, alike[stream.integer(alike.length)]!]
    return a.choices.map(({ value }, at) => value - b.choices[at]!.value)
  }

  /** A place or more, by their weights, and the sizes of the steps there. */
  #someOf({ choices, places }: Point): Tried["at"] {
    const at = new Map<number, number>()
    do {
      let left = this.#stream.uniform() * places.reduce((sum, { weight }) => sum + weight, 0)
      const place = places.findIndex(({ weight }) => (left -= weight) < 0)
      if (place >= 0) at.set(place, this.#halvings(places[place]!, choices[place]!))
    } while (this.#chance(3))
    return [...at]
  }

  #halvings({ halvings }: Place, { most }: ChoiceSequence.Choice): number {
    const sizes = bits(most)
    if (this.#chance(3)) return 1 + this.#stream.integer(sizes)
    return Math.min(Math.max(1, Math.round(halvings) - 1 + this.#stream.integer(3)), sizes)
  }

  #changed({ most, value }: ChoiceSequence.Choice, halvings: number): number {
    const stream = this.#stream
    if (most < few || most >= unstructured || this.#chance(12)) {
      return (value + 1 + stream.integer(most)) % (most + 1)
    }
    if (this.#chance(10)) return this.#chance(2) ? 0 : most
    const by = 1 + stream.integer(Math.max(1, most >> halvings))
    return Math.min(Math.max(this.#chance(2) ? value + by : value - by, 0), most)
  }
}
