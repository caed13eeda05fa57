/**
 * Tree-structured Parzen estimator: draws where good configurations are denser than the others. J. Bergstra, R. Bardenet,
 * Y. Bengio and B. Kégl, Algorithms for hyper-parameter optimization, 2011. Its kernels, weights and shares are those of the
 * multivariate sampler of Optuna: one kernel over all settings for each configuration, and a broad one for the unknown.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { canonical } from "../RunKey.ts"
import * as RandomSearch from "./RandomSearch.ts"
import { isList, type Sweep } from "./Sweep.ts"

/** A configuration with its cost, the smaller the better; Infinity of one that failed or has not ended. */
export interface Tried extends RandomSearch.Draw {
  readonly cost: number
}

/** Number of configurations that are drawn before there is anything to learn from. */
export const startup = 10

/** Draws of which the most promising one is a configuration. */
const candidates = 24

/** Number of the latest configurations that count fully. */
const recent = 25

/**
 * Bandwidth of each point on an axis of length 1: the larger distance to its neighbours, within limits. The first and the last
 * point have a neighbour on one side only, and a single one has the ends of the axis.
 */
const bandwidths = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sorted = values.toSorted((a, b) => a - b)
  const least = 1 / Math.min(100, values.length + 2)
  const ends = sorted.length === 1 ? [0, 1] : []
  return values.map((value) => {
    const at = sorted.indexOf(value)
    const last = sorted.lastIndexOf(value)
    const twins = last > at
    const [before, after] = [
      sorted[at - 1] ?? (twins ? value : ends[0]),
      sorted[last + 1] ?? (twins ? value : ends[1]),
    ]
    const widest = Math.max(value - (before ?? value), (after ?? value) - value)
    return Math.min(1, Math.max(least, widest))
  })
}

/** Weights of configurations from the oldest to the latest, which counts most. */
const weightsOf = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, k) =>
    k >= count - recent ? 1 : 1 / count + (k / Math.max(1, count - recent - 1)) * (1 - 1 / count),
  )

/** Distribution of one setting around a configuration, or over all of its values. */
interface Kernel {
  readonly density: (x: number) => number
  readonly draw: (stream: RandomStream.RandomStream) => number
}

const rootTwoPi = Math.sqrt(2 * Math.PI)

/** Normal distribution around `mean`, cut to [0, 1). */
const ofRange = (mean: number, width: number): Kernel => {
  const inside = NormalDistribution.cdf((1 - mean) / width) - NormalDistribution.cdf(-mean / width)
  return {
    density: (x) =>
      Elementary.exp(-0.5 * Elementary.square((x - mean) / width)) / (rootTwoPi * width * inside),
    draw: (stream) => {
      for (;;) {
        const x = mean + width * stream.normal()
        if (x >= 0 && x < 1) return x
      }
    },
  }
}

/** Distribution over the values of a list, the more at `value` the more configurations there are. */
const ofList = (size: number, value: number | undefined, count: number): Kernel => {
  const each = 1 / (count + 1)
  const all = each * size + (value === undefined ? 0 : 1)
  const weight = (x: number) => (each + (x === value ? 1 : 0)) / all
  return {
    density: weight,
    draw: (stream) => {
      let left = stream.uniform()
      for (let x = 0; x < size - 1; x++) {
        left -= weight(x)
        if (left < 0) return x
      }
      return size - 1
    },
  }
}

/** Mixture of a kernel for each configuration and a broad one. */
interface Mixture {
  readonly weights: ReadonlyArray<number>
  readonly kernels: ReadonlyArray<ReadonlyArray<Kernel>>
}

/** For each setting the number of its values, or undefined for a range. */
type Sizes = ReadonlyArray<number | undefined>

const mixtureOf = (points: ReadonlyArray<RandomSearch.Draw["point"]>, sizes: Sizes): Mixture => {
  const count = points.length
  const widths = sizes.map((_, axis) => bandwidths(points.map((point) => point[axis]!)))
  const weights = [...weightsOf(count), 1]
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    weights: weights.map((weight) => weight / total),
    kernels: [...points, undefined].map((point, k) =>
      sizes.map((size, axis) =>
        size === undefined
          ? ofRange(point?.[axis] ?? 0.5, widths[axis]![k] ?? 1)
          : ofList(size, point?.[axis], count),
      ),
    ),
  }
}

const density = ({ kernels, weights }: Mixture, point: RandomSearch.Draw["point"]): number =>
  weights.reduce(
    (sum, weight, k) =>
      sum +
      kernels[k]!.reduce((product, kernel, axis) => product * kernel.density(point[axis]!), weight),
    0,
  )

const drawFrom = (
  { kernels, weights }: Mixture,
  stream: RandomStream.RandomStream,
): RandomSearch.Draw["point"] => {
  let left = stream.uniform()
  const found = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return kernels.at(found)!.map((kernel) => kernel.draw(stream))
}

/** Number of the best that the others are compared with. */
const good = (count: number): number => Math.min(Math.ceil(0.1 * count), 25)

/** The most promising new configuration; undefined if none was found. */
const proposal = (
  sweep: Sweep,
  tried: ReadonlyArray<Tried>,
  known: ReadonlySet<string>,
): RandomSearch.Draw | undefined => {
  const sizes = Object.values(sweep.vary).map((varied) =>
    isList(varied) ? varied.length : undefined,
  )
  const stream = RandomStream.make(
    Seed.root(sweep.samplerSeed).child("sweep").child("tpe").child(tried.length),
  )
  const order = tried
    .map((_, place) => place)
    .toSorted((a, b) =>
      tried[a]!.cost === tried[b]!.cost ? a - b : tried[a]!.cost < tried[b]!.cost ? -1 : 1,
    )
  const best = new Set(order.slice(0, good(tried.length)))
  const pointsOf = (isGood: boolean) =>
    tried.filter((_, place) => best.has(place) === isGood).map(({ point }) => point)
  const [among, others] = [mixtureOf(pointsOf(true), sizes), mixtureOf(pointsOf(false), sizes)]
  const drawn = Array.from({ length: candidates }, () => {
    const point = drawFrom(among, stream)
    return { point, promise: density(among, point) / density(others, point) }
  })
  const isNew = ({ settings }: RandomSearch.Draw) => !known.has(canonical(settings))
  const found = drawn
    .toSorted((a, b) => b.promise - a.promise)
    .map(({ point }) => RandomSearch.drawAt(sweep, point))
    .find(isNew)
  if (found !== undefined) return found
  for (let k = 0; k < RandomSearch.patience; k++) {
    const point = sizes.map((size) =>
      size === undefined ? stream.uniform() : stream.integer(size),
    )
    const draw = RandomSearch.drawAt(sweep, point)
    if (isNew(draw)) return draw
  }
  return undefined
}

/**
 * The next `count` configurations after those that were tried, in their order, all different; fewer if there are no more.
 * Those of one call count as bad for each other, so that they differ.
 */
export const propose = (
  sweep: Sweep,
  tried: ReadonlyArray<Tried>,
  count: number,
): ReadonlyArray<RandomSearch.Draw> => {
  const all = [...tried]
  const known = new Set(tried.map(({ settings }) => canonical(settings)))
  const found: Array<RandomSearch.Draw> = []
  while (found.length < count) {
    const next = proposal(sweep, all, known)
    if (next === undefined) break
    found.push(next)
    known.add(canonical(next.settings))
    all.push({ ...next, cost: Infinity })
  }
  return found
}
