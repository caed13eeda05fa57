/**
 * Whole runs of gradient descent of two layers in the space of their samples: the twin of `reference/Samples.ts`.
 *
 * A step goes over the columns block by block, and looks at each where it has moved it: every array of n x m passes the processor once a step.
 */
import { activate } from "./activation"
import { gemm } from "./gemm"
import { addRows, rowEnd } from "./gemv"
import { bytes, lanes, madd, zero } from "./simd"

/** The number of slopes that are held. */
const held = -1

/** Columns of a block: whole pairs of vectors, and as many as gemm packs at once. */
const breadth: i32 = 256

/** Bytes of the pairs of vectors in so many columns. */
@inline
function paired<T>(columns: i32): usize {
  return bytes<T>(columns & ~(2 * lanes<T>() - 1))
}

/** value = slope z. */
@inline
function hold<T>(columns: i32, z: usize, slope: usize, value: usize): void {
  const end = z + bytes<T>(columns)
  while (z + 16 <= end) {
    v128.store(value, v128.mul<T>(v128.load(slope), v128.load(z)))
    z += 16
    slope += 16
    value += 16
  }
  while (z < end) {
    store<T>(value, load<T>(slope) * load<T>(z))
    z += sizeof<T>()
    slope += sizeof<T>()
    value += sizeof<T>()
  }
}

/** Values and slopes of a block, whose products with the weights go to the two sums of each row. */
function look<T>(
  kind: i32, n: i32, columns: i32, pitch: usize, z: usize, value: usize, slope: usize, weights: usize, sums: usize,
): void {
  const end = weights + paired<T>(columns)
  for (let k = 0; k < n; k++) {
    if (kind == held) hold<T>(columns, z, slope, value)
    else activate<T>(kind, columns, z, value, slope)
    let low = v128.load(sums)
    let high = v128.load(sums, 16)
    let v = value
    for (let w = weights; w < end; w += 32) {
      low = madd<T>(v128.load(v), v128.load(w), low)
      high = madd<T>(v128.load(v, 16), v128.load(w, 16), high)
      v += 32
    }
    v128.store(sums, low)
    v128.store(sums, high, 16)
    sums += 32
    z += pitch
    value += pitch
    slope += pitch
  }
}

/** The predictions, from the sums of the rows and the columns that are in no pair of vectors; the sums begin anew. */
function predict<T>(n: i32, m: i32, scale: T, value: usize, weights: usize, sums: usize, predictions: usize): void {
  const whole = paired<T>(m)
  const left = m & (2 * lanes<T>() - 1)
  value += whole
  for (let k = 0; k < n; k++) {
    store<T>(predictions, scale * rowEnd<T>(v128.load(sums), v128.load(sums, 16), value, weights + whole, left))
    v128.store(sums, zero())
    v128.store(sums, zero(), 16)
    predictions += sizeof<T>()
    sums += 32
    value += bytes<T>(m)
  }
}

/** The loss `factor` times the sum of squares, and what it asks of each prediction. */
function judge<T>(n: i32, factor: f64, targets: usize, predictions: usize, adjoint: usize): f64 {
  let sum: f64 = 0
  for (let k = 0; k < n; k++) {
    const residual = <f64>load<T>(predictions + bytes<T>(k)) - load<f64>(targets + bytes<f64>(k))
    store<T>(adjoint + bytes<T>(k), <T>(2 * factor * residual))
    sum += residual * residual
  }
  return factor * sum
}

/** Two numbers of float32 as float64, the first or the last of a vector. */
@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1))
}

/** Two times two numbers of float64, rounded to float32. */
@inline
function rounded(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
}

/** change = (adjoint scale) slope seen and moved -= rate change, row by row; in float64, and rounded where they are stored. */
function change<T>(
  n: i32, columns: i32, pitch: usize, scale: f64, rate: f64, adjoint: usize, slope: usize, seen: usize, to: usize,
  moved: usize,
): void {
  const rates = f64x2.splat(rate)
  const size = bytes<T>(columns)
  const whole = size & ~15
  for (let k = 0; k < n; k++) {
    const scaled = <f64>load<T>(adjoint + bytes<T>(k)) * scale
    const factor = f64x2.splat(scaled)
    for (let i: usize = 0; i < whole; i += 16) {
      const s = v128.load(slope + i)
      const w = v128.load(seen + i)
      const before = v128.load(moved + i)
      if (sizeof<T>() == 8) {
        const c = f64x2.mul(f64x2.mul(factor, s), w)
        v128.store(to + i, c)
        v128.store(moved + i, f64x2.sub(before, f64x2.mul(rates, c)))
      } else {
        const low = f64x2.mul(f64x2.mul(factor, f64x2.promote_low_f32x4(s)), f64x2.promote_low_f32x4(w))
        const high = f64x2.mul(f64x2.mul(factor, upper(s)), upper(w))
        const c = rounded(low, high)
        v128.store(to + i, c)
        v128.store(
          moved + i,
          rounded(
            f64x2.sub(f64x2.promote_low_f32x4(before), f64x2.mul(rates, f64x2.promote_low_f32x4(c))),
            f64x2.sub(upper(before), f64x2.mul(rates, upper(c))),
          ),
        )
      }
    }
    for (let i = whole; i < size; i += sizeof<T>()) {
      const c = <T>(scaled * <f64>load<T>(slope + i) * <f64>load<T>(seen + i))
      store<T>(to + i, c)
      store<T>(moved + i, <T>(<f64>load<T>(moved + i) - rate * <f64>c))
    }
    slope += pitch
    to += pitch
    moved += pitch
  }
}

/**
 * Up to `steps` steps of n samples and m neurons, whose first losses go to `losses`; returns how many. It stops where it has looked and the loss is not above `low` and at most `high`. `sums` has 32 bytes a
 * sample.
 */
@inline
function descend<T>(
  kind: i32, steps: i32, n: i32, m: i32, scale: f64, rate: f64, factor: f64, low: f64, high: f64,
  targets: usize, gram: usize, z: usize, moved: usize, value: usize, slope: usize, to: usize,
  weights: usize, seen: usize, predictions: usize, adjoint: usize, losses: usize, sums: usize,
): i32 {
  const pitch = bytes<T>(m)
  memory.fill(sums, 0, <usize>n << 5)
  for (let j = 0; j < m; j += breadth) {
    const at = bytes<T>(j)
    look<T>(kind, n, min(breadth, m - j), pitch, z + at, value + at, slope + at, weights + at, sums)
  }
  for (let taken = 0; taken < steps; taken++) {
    predict<T>(n, m, <T>scale, value, weights, sums, predictions)
    memory.copy(seen, weights, pitch)
    const loss = judge<T>(n, factor, targets, predictions, adjoint)
    store<f64>(losses + bytes<f64>(taken), loss)
    if (!(loss > low && loss <= high)) return taken
    const isLast = taken + 1 == steps
    for (let j = 0; j < m; j += breadth) {
      const columns = min(breadth, m - j)
      const at = bytes<T>(j)
      addRows<T>(n, columns, <T>(-rate * scale), value + at, pitch, adjoint, weights + at)
      change<T>(n, columns, pitch, scale, rate, adjoint, slope + at, seen + at, to + at, moved + at)
      gemm<T>(false, false, n, columns, n, <T>-rate, gram, n, to + at, m, <T>1, z + at, m, 0)
      if (!isLast) look<T>(kind, n, columns, pitch, z + at, value + at, slope + at, weights + at, sums)
    }
  }
  return steps
}

export function descendSamples(
  kind: i32, steps: i32, n: i32, m: i32, scale: f64, rate: f64, factor: f64, low: f64, high: f64,
  targets: usize, gram: usize, z: usize, moved: usize, value: usize, slope: usize, to: usize,
  weights: usize, seen: usize, predictions: usize, adjoint: usize, losses: usize, sums: usize,
): i32 {
  return descend<f64>(
    kind, steps, n, m, scale, rate, factor, low, high, targets, gram, z, moved, value, slope, to, weights, seen,
    predictions, adjoint, losses, sums,
  )
}

/** The same in float32, but for targets and losses. */
export function descendSamples32(
  kind: i32, steps: i32, n: i32, m: i32, scale: f64, rate: f64, factor: f64, low: f64, high: f64,
  targets: usize, gram: usize, z: usize, moved: usize, value: usize, slope: usize, to: usize,
  weights: usize, seen: usize, predictions: usize, adjoint: usize, losses: usize, sums: usize,
): i32 {
  return descend<f32>(
    kind, steps, n, m, scale, rate, factor, low, high, targets, gram, z, moved, value, slope, to, weights, seen,
    predictions, adjoint, losses, sums,
  )
}
