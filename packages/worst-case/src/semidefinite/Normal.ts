/** A program whose rows, variables, bounds and cost are scaled to size one, and the inverse map. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { conic, eachBlock, type Problem } from "./Problem.ts"
import type { Point, Ray, Solution } from "./Outcome.ts"

export interface Normal {
  readonly original: Problem
  readonly problem: Problem
  /** x = (size of the bounds) . variables . (x of the normalised program). */
  readonly variables: Float64Array
  /** Factors of the rows. */
  readonly rows: Float64Array
  readonly bounds: number
  readonly cost: number
}

/** Rounds of balancing rows and variables in turn. */
const rounds = 4

/** Entries below this, relative to the largest of their row, are rounding. */
const dust = 1e-10

const largest = (values: Float64Array): number => {
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > most) most = size
  }
  return most === 0 ? 1 : most
}

/** Rounds to a power of two, so that scaling loses no digits. */
const powerOfTwo = (x: number): number => Elementary.powerOfTwo(Math.round(Elementary.log2(x)))

/** Factors of the variables; in blocks they are products of row and column factors. */
const spread = (problem: Problem, diagonal: Float64Array): Float64Array => {
  const out = new Float64Array(problem.cost.length)
  let from = 0
  let end = 0
  eachBlock(problem.orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        out[offset + i * order + j] = diagonal[from + i]! * diagonal[from + j]!
      }
    }
    from += order
    end = offset + order * order
  })
  out.set(diagonal.subarray(from), end)
  return out
}

/** The two factors that act on each entry of a row: the same one twice on a diagonal, and a single one for numbers. */
const factorsOf = (problem: Problem) => {
  const first = new Int32Array(problem.cost.length)
  const second = new Int32Array(problem.cost.length).fill(-1)
  let from = 0
  let end = 0
  eachBlock(problem.orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        first[offset + i * order + j] = from + i
        second[offset + i * order + j] = from + j
      }
    }
    from += order
    end = offset + order * order
  })
  for (let j = end; j < first.length; j++) first[j] = from + j - end
  return { first, second, count: from + first.length - end }
}

/** Largest entry that each factor of a variable acts on. */
const reaches = (problem: Problem, most: Float64Array): Float64Array => {
  const out: Array<number> = []
  let end = 0
  eachBlock(problem.orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      out.push(largest(most.subarray(offset + i * order, offset + (i + 1) * order)))
    }
    end = offset + order * order
  })
  return Float64Array.from([...out, ...most.subarray(end)])
}

/** Factors that scale the largest entries of rows and variables to 1, in turn. */
const byLargest = (original: Problem): Float64Array => {
  const width = original.cost.length
  const diagonal = new Float64Array(factorsOf(original).count).fill(1)
  const row = new Float64Array(width)
  for (let round = 0; round < rounds; round++) {
    const variables = spread(original, diagonal)
    const most = new Float64Array(width)
    for (let i = 0; i < original.bounds.length; i++) {
      for (let j = 0; j < width; j++) row[j] = variables[j]! * original.rows[i * width + j]!
      const size = largest(row)
      for (let j = 0; j < width; j++) {
        const relative = Math.abs(row[j]!) / size
        if (relative > most[j]!) most[j] = relative
      }
    }
    reaches(original, most).forEach((reach, i) => {
      if (reach > 0) diagonal[i] = diagonal[i]! / powerOfTwo(Math.sqrt(reach))
    })
  }
  return diagonal
}

/** Factors that equalise the sizes of the entries in each row: least squares of logarithms, by rows and variables in turn. */
const byMean = (problem: Problem): Float64Array => {
  const { bounds, cost, rows } = problem
  const width = cost.length
  const { count, first, second } = factorsOf(problem)
  const exponents = new Float64Array(count)
  const logarithms = new Float64Array(rows.length).fill(Number.NaN)
  for (let i = 0; i < bounds.length; i++) {
    const least = dust * largest(rows.subarray(i * width, (i + 1) * width))
    for (let k = i * width; k < (i + 1) * width; k++) {
      const size = Math.abs(rows[k]!)
      if (size > least) logarithms[k] = Elementary.log2(size)
    }
  }
  const now = new Float64Array(width)
  for (let round = 0; round < 5 * rounds; round++) {
    const sum = new Float64Array(count)
    const weight = new Float64Array(count)
    for (let i = 0; i < bounds.length; i++) {
      let [total, entries] = [0, 0]
      for (let j = 0; j < width; j++) {
        const q = second[j]!
        now[j] = logarithms[i * width + j]! + exponents[first[j]!]! + (q < 0 ? 0 : exponents[q]!)
        if (Number.isNaN(now[j]!)) continue
        total += now[j]!
        entries++
      }
      for (let j = 0; j < width; j++) {
        if (Number.isNaN(now[j]!)) continue
        for (const k of second[j]! < 0 ? [first[j]!] : [first[j]!, second[j]!]) {
          sum[k] = sum[k]! + now[j]! - total / entries
          weight[k] = weight[k]! + 1
        }
      }
    }
    for (let k = 0; k < count; k++) {
      if (weight[k]! > 0) exponents[k] = exponents[k]! - sum[k]! / weight[k]! / 2
    }
  }
  return exponents.map((exponent) => Elementary.powerOfTwo(Math.round(exponent)))
}

/** The normalised program, scaled by the largest entries, or by means if the sizes differ widely. */
export const normalise = (original: Problem, by: "largest" | "mean"): Normal => {
  const { bounds, cost } = original
  const width = cost.length
  const rows = new Float64Array(bounds.length)
  const diagonal = { largest: byLargest, mean: byMean }[by](original)
  const variables = spread(original, diagonal)
  const scaled = original.rows.slice()
  for (let i = 0; i < rows.length; i++) {
    const row = scaled.subarray(i * width, (i + 1) * width)
    for (let j = 0; j < width; j++) row[j] = row[j]! * variables[j]!
    rows[i] = 1 / powerOfTwo(largest(row))
    for (let j = 0; j < width; j++) row[j] = row[j]! * rows[i]!
  }
  const scaledBounds = bounds.map((bound, i) => bound * rows[i]!)
  const scaledCost = cost.map((c, j) => c * variables[j]!)
  const sizes = { bounds: powerOfTwo(largest(scaledBounds)), cost: powerOfTwo(largest(scaledCost)) }
  return {
    original,
    variables,
    rows,
    ...sizes,
    problem: {
      ...original,
      rows: scaled,
      bounds: scaledBounds.map((bound) => bound / sizes.bounds),
      cost: scaledCost.map((c) => c / sizes.cost),
    },
  }
}

/** A point of the normalised program in the original coordinates. */
export const solved = (
  normal: Normal,
  point: Point,
  status: "solved" | "stalled",
  iterations: number,
): Solution => {
  const { bounds, cost, rows, variables } = normal
  const width = conic(normal.original)
  return {
    status,
    primal: primal(normal, point.primal),
    multipliers: point.multipliers.map((y, i) => y * rows[i]! * cost),
    slack: variables.map((d, j) => (j < width ? (point.slack[j]! * cost) / d : 0)),
    primalObjective: point.primalObjective * bounds * cost,
    dualObjective: point.dualObjective * bounds * cost,
    primalResidual: point.primalResidual,
    dualResidual: point.dualResidual,
    gap: point.gap,
    iterations,
  }
}

const primal = ({ bounds, variables }: Normal, x: Float64Array): Float64Array =>
  variables.map((d, j) => x[j]! * d * bounds)

export const ray = (normal: Normal, found: Ray, iterations: number): Solution => {
  const { bounds, cost, rows } = normal
  const { kind, residual, values } = found
  return kind === "infeasible"
    ? {
        status: "infeasible",
        multipliers: values.map((y, i) => (y * rows[i]!) / bounds),
        residual,
        iterations,
      }
    : {
        status: "unbounded",
        direction: primal(normal, values).map((x) => x / (bounds * cost)),
        residual,
        iterations,
      }
}
