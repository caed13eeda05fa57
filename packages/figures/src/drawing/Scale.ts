/** A quantitative axis: its domain with a margin, its ticks, and the map between values and pixels. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { extentOf } from "../Extent.ts"

/** Scales that are drawn with a domain and ticks of this project. */
export type Kind = "linear" | "log" | "symlog"

export const kinds: ReadonlyArray<string> = ["linear", "log", "symlog"]

export interface Scale {
  readonly kind: Kind
  readonly domain: readonly [low: number, high: number]
}

const bent = (kind: Kind, value: number): number =>
  kind === "log"
    ? Elementary.log10(value)
    : kind === "symlog"
      ? Math.sign(value) * Elementary.log1p(Math.abs(value))
      : value

/** Exponents for which a power of ten is a finite number. */
const [leastPower, mostPower] = [-307, 308]

const straight = (kind: Kind, at: number): number =>
  kind === "log"
    ? Elementary.pow(10, Math.min(mostPower, Math.max(leastPower, at)))
    : kind === "symlog"
      ? Math.sign(at) * Elementary.expm1(Math.abs(at))
      : at

/** Scale that shows all values, with a margin at either end as a fraction of the axis. */
export const around = (kind: Kind, values: ReadonlyArray<number>, margin: number): Scale => {
  const [low, high] = extentOf(values.map((value) => bent(kind, value)))
  const alone = kind === "linear" ? Math.abs(low) || 1 : 1
  const span = high > low ? high - low : alone
  const [from, to] = high > low ? [low, high] : [low - span / 2, high + span / 2]
  const beyond = (margin / (1 - 2 * margin)) * (to - from)
  return { kind, domain: [straight(kind, from - beyond), straight(kind, to + beyond)] }
}

/** Position of a value on the axis: 0 at its low end, 1 at its high end. */
export const partOf = ({ domain, kind }: Scale, value: number): number => {
  const [low, high] = domain.map((end) => bent(kind, end))
  return (bent(kind, value) - low!) / (high! - low!)
}

/** Value at a position on the axis, also beyond its ends. */
export const valueAt = ({ domain, kind }: Scale, part: number): number => {
  const [low, high] = domain.map((end) => bent(kind, end))
  return straight(kind, low! + part * (high! - low!))
}

/** Removes the rounding error of a product from a decimal fraction. */
const decimal = (value: number): number => Number(value.toPrecision(12))

const multiples = (step: number, [low, high]: Scale["domain"]): ReadonlyArray<number> => {
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)]
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    decimal((first + i) * step),
  )
}

/** Fewest ticks of a readable axis. */
const fewest = 3

/** Among several lists of ticks with at least three, the one closest to a count. */
const nearest = (
  lists: ReadonlyArray<ReadonlyArray<number>>,
  count: number,
): ReadonlyArray<number> => {
  const enough = lists.filter(({ length }) => length >= fewest)
  return (enough.length > 0 ? enough : lists).reduce((best, each) =>
    Math.abs(each.length - count) < Math.abs(best.length - count) ? each : best,
  )
}

const linear = (domain: Scale["domain"], count: number, least: number) => {
  const exponent = Math.floor(Elementary.log10((domain[1] - domain[0]) / count))
  const steps = [-1, 0, 1].flatMap((more) =>
    [1, 2, 4, 5].map((factor) => decimal(factor * Elementary.pow(10, exponent + more))),
  )
  const wide = steps.filter((step) => step >= least)
  return nearest(
    (wide.length > 0 ? wide : [least]).map((step) => multiples(step, domain)),
    count,
  )
}

/** Mantissas of the ticks in a decade. Of two lists at the same distance from a count, the first is preferred. */
const mantissas = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7], [3]]

const logarithmic = (domain: Scale["domain"], count: number): ReadonlyArray<number> => {
  const [low, high] = domain.map((end) => Elementary.log10(end))
  const first = Math.floor(low!)
  const decades = Array.from({ length: Math.ceil(high!) - first + 1 }, (_, i) => first + i)
  const within = (value: number) => value >= domain[0] && value <= domain[1]
  const powers = (every: number) =>
    decades
      .filter((exponent) => exponent % every === 0)
      .map((at) => decimal(Elementary.pow(10, at)))
  const sparse = [1, 2, 3, 4, 5, 6, 10, 20, 50, 100].map((every) => powers(every).filter(within))
  if (sparse[0]!.length >= fewest) return nearest(sparse, count)
  const dense = mantissas.map((factors) =>
    powers(1)
      .flatMap((power) => factors.map((factor) => decimal(factor * power)))
      .filter(within),
  )
  const enough = dense.filter(({ length }) => length >= fewest)
  // within a part of a decade a logarithm is almost a line
  return enough.length > 0 ? nearest(enough, count) : linear(domain, count, 0)
}

const symmetric = ([low, high]: Scale["domain"], count: number): ReadonlyArray<number> => {
  const most = Math.max(Math.abs(low), Math.abs(high))
  const top = Math.max(0, Math.floor(Elementary.log10(most)))
  const lists = [1, 2, 3, 4, 5, 10].map((every) =>
    [
      0,
      ...Array.from({ length: top + 1 }, (_, exponent) => exponent).flatMap((exponent) => {
        const power = Elementary.pow(10, exponent)
        return exponent % every === 0 ? [power, -power] : []
      }),
    ]
      .filter((value) => value >= low && value <= high)
      .toSorted((a, b) => a - b),
  )
  return nearest([...lists, linear([low, high], count, 0)], count)
}

/** Ticks of an axis: close to a count, at least three, and at least `least` apart. */
export const ticks = ({ domain, kind }: Scale, count: number, least = 0): ReadonlyArray<number> =>
  kind === "log"
    ? logarithmic(domain, count)
    : kind === "symlog"
      ? symmetric(domain, count)
      : linear(domain, count, least)

/** One tick for each decade, at 2, 3 or 5 times its power, where these are at least three; empty on scales of other kinds. */
export const onePerDecade = ({ domain, kind }: Scale): ReadonlyArray<number> => {
  if (kind !== "log") return []
  const [first, last] = domain.map((end) => Math.floor(Elementary.log10(end))) as [number, number]
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const found = [5, 2, 3].map((factor) =>
    powers
      .map((power) => decimal(factor * Elementary.pow(10, power)))
      .filter((value) => value >= domain[0] && value <= domain[1]),
  )
  return found.find(({ length }) => length >= fewest) ?? []
}
