/**
 * Closed convex sets with the operations that methods and their certificates need: projection, support function and
 * diameter.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { projectOnSimplex } from "./internal/SimplexProjection.ts"

/** Closed convex set. It acts on the elements from `begin` up to `end`, and one value may serve blocks of several lengths. */
export interface FeasibleSet {
  readonly name: string
  /** Moves the point to the nearest one of the set, in place. */
  project(point: Float64Array, begin: number, end: number): void
  /** Support function: the largest inner product of the vector with a point of the set; Infinity if unbounded. */
  support(vector: Float64Array, begin: number, end: number): number
  /** The largest distance from the point to a point of the set; Infinity where the set is unbounded. */
  reach(point: Float64Array, begin: number, end: number): number
  /** Largest distance between two points of the set, in `dimension` coordinates; Infinity if it is unbounded. */
  diameter(dimension: number): number
  /** Radius of a ball around the origin, and Infinity for the whole space: quadratics have closed forms on them. */
  readonly radius?: number
  /**
   * The set as data, for twins of methods. A set with another `project` or `support` must drop it: `{ ...set, project, form:
   * undefined }`.
   */
  readonly form?: SetForm | undefined
}

/**
 * All points, a ball around the origin of radius `extent`, or nonnegative points that sum to `extent`. Or consecutive blocks in
 * such sets.
 */
type SetForm =
  | { readonly kind: "whole" | "ball" | "simplex"; readonly extent: number }
  | {
      readonly kind: "product"
      readonly blocks: ReadonlyArray<{ readonly form: SetForm; readonly length: number }>
    }

/** The Euclidean norm of `length` numbers, safe from overflow and underflow. */
const norm = (length: number, at: (i: number) => number): number => {
  let largest = 0
  for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(at(i)))
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let sum = 0
  for (let i = 0; i < length; i++) {
    const ratio = at(i) / largest
    sum += ratio * ratio
  }
  return largest * Math.sqrt(sum)
}

/**
 * Norm of the elements from `begin` up to `end`, without closures, and without divisions unless there is a risk of overflow.
 */
const normOf = (x: Float64Array, begin: number, end: number): number => {
  const whole = end - ((end - begin) % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = begin; i < whole; i += 4) {
    s0 += x[i]! * x[i]!
    s1 += x[i + 1]! * x[i + 1]!
    s2 += x[i + 2]! * x[i + 2]!
    s3 += x[i + 3]! * x[i + 3]!
  }
  for (let i = whole; i < end; i++) s0 += x[i]! * x[i]!
  const sum = s0 + s1 + (s2 + s3)
  return Vector.isSafeSum(sum) ? Math.sqrt(sum) : norm(end - begin, (i) => x[begin + i]!)
}

/**
 * The Euclidean ball around the origin. Throws InvalidInput on a negative radius.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
 *
 * const point = Float64Array.of(3, 4)
 * FeasibleSet.ball(1).project(point, 0, 2)
 * point // ≈ [0.6000, 0.8000]
 * ```
 */
export const ball = (radius: number): FeasibleSet => {
  Require.nonNegative("FeasibleSet.ball", "radius", radius)
  return {
    name: `ball of radius ${radius}`,
    radius,
    form: { kind: "ball", extent: radius },
    project: (point, begin, end) => {
      const length = normOf(point, begin, end)
      if (!(length > radius)) return
      const scale = radius / length
      for (let i = begin; i < end; i++) point[i]! *= scale
    },
    support: (vector, begin, end) => radius * normOf(vector, begin, end),
    reach: (point, begin, end) => (end > begin ? normOf(point, begin, end) + radius : 0),
    diameter: (dimension) => (dimension > 0 ? 2 * radius : 0),
  }
}

/** Box with bounds for each coordinate, which `low` and `high` return by its position in the block. */
const between = (
  name: string,
  low: (i: number) => number,
  high: (i: number) => number,
): FeasibleSet => ({
  name,
  project: (point, begin, end) => {
    for (let i = begin; i < end; i++) {
      point[i] = Math.min(high(i - begin), Math.max(low(i - begin), point[i]!))
    }
  },
  support: (vector, begin, end) => {
    let sum = 0
    for (let i = begin; i < end; i++) {
      const v = vector[i]!
      sum += v < 0 ? v * low(i - begin) : v * high(i - begin)
    }
    return sum
  },
  reach: (point, begin, end) =>
    norm(end - begin, (i) => {
      const x = point[begin + i]!
      return Math.max(x - low(i), high(i) - x)
    }),
  diameter: (dimension) => norm(dimension, (i) => high(i) - low(i)),
})

/** The cube of points with coordinates in [-halfWidth, halfWidth]. Throws InvalidInput on a negative half width. */
export const box = (halfWidth: number): FeasibleSet => {
  Require.nonNegative("FeasibleSet.box", "halfWidth", halfWidth)
  return between(
    `box of half width ${halfWidth}`,
    () => -halfWidth,
    () => halfWidth,
  )
}

/**
 * The box of points with `lower[i] <= x_i <= upper[i]`, in as many coordinates as there are bounds. Throws InvalidInput on
 * different lengths, on bounds that are not finite and on an empty box.
 */
export const boxBetween = (lower: Float64Array, upper: Float64Array): FeasibleSet => {
  Require.length("FeasibleSet.boxBetween", "upper", upper.length, lower.length)
  Require.allFinite("FeasibleSet.boxBetween", "lower", lower)
  Require.allFinite("FeasibleSet.boxBetween", "upper", upper)
  const empty = lower.findIndex((low, i) => low > upper[i]!)
  if (empty >= 0) {
    invalid("FeasibleSet.boxBetween", "the box must not be empty: lower at most upper", {
      index: empty,
      lower: lower[empty]!,
      upper: upper[empty]!,
    })
  }
  const [low, high] = [lower.slice(), upper.slice()]
  return between(
    "box",
    (i) => low[i]!,
    (i) => high[i]!,
  )
}

/**
 * Points with nonnegative coordinates that sum to `total`: mixed strategies, for a total of 1. Throws InvalidInput on a
 * negative total.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
 *
 * const point = Float64Array.of(0.9, 0.3, -1)
 * FeasibleSet.simplex().project(point, 0, 3)
 * point // ≈ [0.8000, 0.2000, 0.0000]
 * ```
 */
export const simplex = (total = 1): FeasibleSet => {
  Require.nonNegative("FeasibleSet.simplex", "total", total)
  return {
    name: total === 1 ? "simplex" : `simplex of total ${total}`,
    form: { kind: "simplex", extent: total },
    project: (point, begin, end) => projectOnSimplex(point, begin, end, total),
    support: (vector, begin, end) => {
      let largest = Number.NEGATIVE_INFINITY
      for (let i = begin; i < end; i++) largest = Math.max(largest, vector[i]!)
      return total * largest
    },
    reach: (point, begin, end) => {
      let least = Number.POSITIVE_INFINITY
      for (let i = begin; i < end; i++) least = Math.min(least, point[i]!)
      const square = Elementary.square(normOf(point, begin, end))
      return Math.sqrt(Math.max(0, square - 2 * total * least + total * total))
    },
    diameter: (dimension) => (dimension > 1 ? Math.SQRT2 * total : 0),
  }
}

/** All points; algorithms that need a bounded diameter do not accept it. */
export const wholeSpace: FeasibleSet = {
  name: "whole space",
  radius: Number.POSITIVE_INFINITY,
  form: { kind: "whole", extent: Number.POSITIVE_INFINITY },
  project: () => undefined,
  support: (vector, begin, end) =>
    normOf(vector, begin, end) === 0 ? 0 : Number.POSITIVE_INFINITY,
  reach: (_, begin, end) => (end > begin ? Number.POSITIVE_INFINITY : 0),
  diameter: (dimension) => (dimension > 0 ? Number.POSITIVE_INFINITY : 0),
}

/**
 * Consecutive blocks, each in a set of its own. Throws InvalidInput on a negative or fractional length.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
 *
 * const set = FeasibleSet.product([FeasibleSet.ball(1), 2], [FeasibleSet.box(1), 1])
 * const point = Float64Array.of(3, 4, 5)
 * set.project(point, 0, 3)
 * point // ≈ [0.6000, 0.8000, 1.0000]
 * ```
 */
export const product = (
  ...blocks: ReadonlyArray<readonly [set: FeasibleSet, length: number]>
): FeasibleSet => {
  const begins: Array<number> = []
  let size = 0
  for (const [, length] of blocks) {
    Require.count("FeasibleSet.product", "length", length, 0)
    begins.push(size)
    size += length
  }
  const sizes = (of: (set: FeasibleSet, length: number, at: number) => number) =>
    norm(blocks.length, (k) => of(blocks[k]![0], blocks[k]![1], begins[k]!))
  return {
    name: blocks.map(([set]) => set.name).join(" x "),
    form: blocks.every(([set]) => set.form !== undefined)
      ? { kind: "product", blocks: blocks.map(([set, length]) => ({ form: set.form!, length })) }
      : undefined,
    project: (point, begin) => {
      for (let k = 0; k < blocks.length; k++) {
        const block = blocks[k]!
        const at = begin + begins[k]!
        block[0].project(point, at, at + block[1])
      }
    },
    support: (vector, begin) => {
      let sum = 0
      for (let k = 0; k < blocks.length; k++) {
        const block = blocks[k]!
        const at = begin + begins[k]!
        sum += block[0].support(vector, at, at + block[1])
      }
      return sum
    },
    reach: (point, begin) =>
      sizes((set, length, at) => set.reach(point, begin + at, begin + at + length)),
    diameter: () => sizes((set, length) => set.diameter(length)),
  }
}

/**
 * The set moved by `shift`, which has one element per coordinate of the block. Throws InvalidInput on a shift that is not
 * finite, and on blocks of another length.
 */
export const translated = (set: FeasibleSet, shift: Float64Array): FeasibleSet => {
  Require.allFinite("FeasibleSet.translated", "shift", shift)
  const by = shift.slice()
  const moved = new Float64Array(by.length)
  const load = (point: Float64Array, begin: number, end: number) => {
    Require.length("FeasibleSet.translated", "shift", by.length, end - begin)
    for (let i = begin; i < end; i++) moved[i - begin] = point[i]! - by[i - begin]!
  }
  return {
    name: `${set.name}, moved`,
    project: (point, begin, end) => {
      load(point, begin, end)
      set.project(moved, 0, by.length)
      for (let i = begin; i < end; i++) point[i] = moved[i - begin]! + by[i - begin]!
    },
    support: (vector, begin, end) => {
      let sum = set.support(vector, begin, end)
      for (let i = begin; i < end; i++) sum += vector[i]! * by[i - begin]!
      return sum
    },
    reach: (point, begin, end) => {
      load(point, begin, end)
      return set.reach(moved, 0, by.length)
    },
    diameter: (dimension) => set.diameter(dimension),
  }
}
