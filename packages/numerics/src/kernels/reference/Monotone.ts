/** Runs of projected descent and of extragradient in plain loops: the twin of `assembly/monotone.ts`, which says where a run stops. */
import * as Vector from "../../Vector.ts"
import type {
  MonotoneKernels,
  MonotoneRun,
  MonotoneSet,
  MonotoneSteps,
} from "../MonotoneKernels.ts"

const most = 1e300
const leastRadius = 1e-140
const least = 1.0020841800044864e-292

/** The sum of the squares of a block, in the order of the projections onto balls. */
const squaresOf = (z: Float64Array, begin: number, end: number): number => {
  const whole = end - ((end - begin) % 4)
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = begin; i < whole; i += 4) {
    s0 += z[i]! * z[i]!
    s1 += z[i + 1]! * z[i + 1]!
    s2 += z[i + 2]! * z[i + 2]!
    s3 += z[i + 3]! * z[i + 3]!
  }
  for (let i = whole; i < end; i++) s0 += z[i]! * z[i]!
  return s0 + s1 + (s2 + s3)
}

const isSmall = (z: Float64Array, begin: number, end: number): boolean => {
  for (let i = begin; i < end; i++) if (!(Math.abs(z[i]!) < most)) return false
  return true
}

/** Moves a block into its set; false where its numbers are not ordinary. */
const into = (set: MonotoneSet, z: Float64Array, begin: number, end: number): boolean => {
  if (set.kind === "whole") return isSmall(z, begin, end)
  if (set.kind === "ball") {
    const squares = squaresOf(z, begin, end)
    const length = Math.sqrt(squares)
    if (length > set.extent) {
      const scale = set.extent / length
      for (let i = begin; i < end; i++) z[i]! *= scale
    }
    return squares >= (set.extent < leastRadius ? least : 0) && squares < Infinity
  }
  if (!isSmall(z, begin, end)) return false
  let top = -Infinity
  for (let i = begin; i < end; i++) top = Math.max(top, z[i]!)
  for (let i = begin; i < end; i++) z[i]! -= top
  let threshold = -Infinity
  for (let count = end - begin + 1; ;) {
    let [sum, kept] = [0, 0]
    for (let i = begin; i < end; i++) {
      if (z[i]! > threshold) {
        sum += z[i]!
        kept++
      }
    }
    if (kept === 0 || kept >= count) break
    count = kept
    threshold = (sum - set.extent) / kept
  }
  for (let i = begin; i < end; i++) z[i] = Math.max(0, z[i]! - threshold)
  return true
}

/** The largest inner product of a point of the set with the negative of a block; NaN where its squares overflow or lose their digits. */
const supportOf = (set: MonotoneSet, v: Float64Array, begin: number, end: number): number => {
  if (set.kind === "ball") {
    const squares = squaresOf(v, begin, end)
    return Vector.isSafeSum(squares) ? set.extent * Math.sqrt(squares) : Number.NaN
  }
  let top = -Infinity
  for (let i = begin; i < end; i++) top = Math.max(top, -v[i]!)
  return set.extent * top
}

/** What a run has beside its problem, and its step. */
const prepare = (steps: MonotoneSteps, run: MonotoneRun) => {
  const { columns, isExtra, rows, sets, step, strength } = steps
  const { center, errors, matrix, mean, point, saddle } = run
  const size = rows + columns
  const [offset, first, second, candidate, next] = Array.from(
    { length: 5 },
    () => new Float64Array(size),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const y = offset.subarray(rows)
  const stride = errors.length > size ? size : 0
  const inverse = 1 / step
  /** The answer to query `query` at `z`. */
  const ask = (query: number, z: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < size; i++) offset[i] = z[i]! - saddle[i]!
    out.fill(0, rows)
    for (let i = 0; i < rows; i++) {
      out[i] = Vector.dotAt(matrix, i * columns, y)
      for (let j = 0; j < columns; j++) out[rows + j]! += offset[i]! * matrix[i * columns + j]!
    }
    for (let i = 0; i < size; i++) {
      const answer = (i < rows ? out[i]! : -out[i]!) + errors[query * stride + i]!
      out[i] = center === undefined ? answer : answer + strength * (z[i]! - center[i]!)
    }
  }
  const project = (z: Float64Array): boolean => {
    const isFirst = into(sets[0], z, 0, rows)
    return into(sets[1], z, rows, size) && isFirst
  }
  const descend = (taken: number): boolean => {
    ask(taken, point, first)
    for (let i = 0; i < size; i++) next[i] = point[i]! - step * first[i]!
    return project(next)
  }
  let residual = Infinity
  let isWithin = false
  const extra = (taken: number): boolean => {
    ask(2 * taken, point, first)
    for (let i = 0; i < size; i++) candidate[i] = point[i]! - step * first[i]!
    let isOrdinary = project(candidate)
    ask(2 * taken + 1, candidate, second)
    let [square, product, length] = [0, 0, 0]
    for (let i = 0; i < size; i++) {
      const back = point[i]! - candidate[i]!
      const change = second[i]! - first[i]!
      const rest = change + back * inverse
      square += rest * rest
      product -= change * back
      length += back * back
      next[i] = point[i]! - step * second[i]!
    }
    residual = Math.sqrt(square)
    const moved = Math.sqrt(length)
    if (product < steps.modulus * moved * moved - steps.doubt * moved) isOrdinary = false
    if (steps.accuracy >= 0) {
      const support = supportOf(sets[0], second, 0, rows) + supportOf(sets[1], second, rows, size)
      const violation = Vector.dot(second, candidate) + support
      isWithin = violation + steps.slack <= steps.accuracy
      if (Number.isNaN(violation)) isOrdinary = false
    }
    return project(next) && isOrdinary && square < Infinity
  }
  return {
    /** Whether step number `taken` is ordinary, and the residual after it, and whether that of the variational inequality is within the accuracy. */
    attempt: (taken: number) => ({
      isOrdinary: isExtra ? extra(taken) : descend(taken),
      residual,
      isWithin,
    }),
    commit: (): void => {
      const added = isExtra ? candidate : point
      for (let i = 0; i < size; i++) {
        const held = mean.sum[i]!
        const total = held + added[i]!
        const gained = total - held
        mean.compensation[i]! += held - (total - gained) + (added[i]! - gained)
        mean.sum[i] = total
      }
      point.set(next)
      const { best } = run
      if (!isExtra || best === undefined) return
      if (residual <= steps.goal && residual < best.residual) {
        best.residual = residual
        best.point.set(candidate)
      }
    },
  }
}

export const descend: MonotoneKernels["descendMonotone"] = (steps, count, runs) => {
  const all = runs.map((run) => prepare(steps, run))
  for (let taken = 0; taken < count; taken++) {
    const found = all.map(({ attempt }) => attempt(taken))
    if (!found.every(({ isOrdinary }) => isOrdinary)) return { steps: taken, isSettled: false }
    const isLeft = found.some(({ residual }) => residual > steps.until)
    if (steps.isExtra && (!isLeft || found.some(({ isWithin }) => isWithin)))
      return { steps: taken, isSettled: true }
    for (const { commit } of all) commit()
  }
  return { steps: count, isSettled: false }
}
