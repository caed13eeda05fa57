import { requireNumber } from "./Input.ts"

/** A compact convex set around the origin, of any dimension; it acts on the elements from `begin` up to `end`. */
export interface FeasibleSet {
  readonly name: string
  /** Moves the point to the nearest one of the set, in place. */
  project(point: Float64Array, begin: number, end: number): void
  /** The support function: the largest inner product of the vector with a point of the set. */
  support(vector: Float64Array, begin: number, end: number): number
}

/** The Euclidean norm of a stretch, safe from overflow and underflow. */
const norm = (x: Float64Array, begin: number, end: number): number => {
  let largest = 0
  for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(x[i]!))
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let sum = 0
  for (let i = begin; i < end; i++) {
    const ratio = x[i]! / largest
    sum += ratio * ratio
  }
  return largest * Math.sqrt(sum)
}

/** The Euclidean ball around the origin. Throws InvalidInput on a negative radius. */
export const ball = (radius: number): FeasibleSet => {
  requireNumber("FeasibleSet.ball", "radius", radius, 0)
  return {
    name: `ball of radius ${radius}`,
    project: (point, begin, end) => {
      const length = norm(point, begin, end)
      if (!(length > radius)) return
      const scale = radius / length
      for (let i = begin; i < end; i++) point[i]! *= scale
    },
    support: (vector, begin, end) => radius * norm(vector, begin, end),
  }
}

/** The cube of points with coordinates in [-halfWidth, halfWidth]. Throws InvalidInput on a negative half width. */
export const box = (halfWidth: number): FeasibleSet => {
  requireNumber("FeasibleSet.box", "halfWidth", halfWidth, 0)
  return {
    name: `box of half width ${halfWidth}`,
    project: (point, begin, end) => {
      for (let i = begin; i < end; i++) {
        point[i] = Math.min(halfWidth, Math.max(-halfWidth, point[i]!))
      }
    },
    support: (vector, begin, end) => {
      let sum = 0
      for (let i = begin; i < end; i++) sum += Math.abs(vector[i]!)
      return halfWidth * sum
    },
  }
}
