/** Sums and linear combinations of rows of channels, in float32; the sums in float64, row after row. */
import { zero } from "./simd"

/** Rows that stay in the first-level cache while all of their channels are used. */
const block: i32 = 64

@inline
function size(count: i32): usize {
  return (<usize>count) << 2
}

@inline
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))
}

@inline
function addSums(gated: bool, rows: i32, row: usize, x: usize, y: usize, gate: usize, first: usize, second: usize): void {
  let s0 = v128.load(first), s1 = v128.load(first, 16)
  let t0 = v128.load(second), t1 = v128.load(second, 16)
  for (let i = rows; i > 0; i--) {
    let a = v128.load(x)
    if (gated) a = v128.and(a, f32x4.gt(v128.load(gate), zero()))
    const b = v128.load(y)
    const a0 = f64x2.promote_low_f32x4(a), a1 = high(a)
    s0 = f64x2.add(s0, a0)
    s1 = f64x2.add(s1, a1)
    // products of two numbers of float32 are exact
    t0 = f64x2.add(t0, f64x2.mul(a0, f64x2.promote_low_f32x4(b)))
    t1 = f64x2.add(t1, f64x2.mul(a1, high(b)))
    x += row
    y += row
    if (gated) gate += row
  }
  v128.store(first, s0)
  v128.store(first, s1, 16)
  v128.store(second, t0)
  v128.store(second, t1, 16)
}

/** Sums of x for each channel, then those of x y, which are written; x counts as 0 where there is a gate (not 0) and it is not positive. */
export function channelSums(count: i32, channels: i32, x: usize, y: usize, gate: usize, sums: usize): void {
  const row = size(channels)
  memory.fill(sums, 0, 4 * row)
  for (let from = 0; from < count; from += block) {
    const rows = min(block, count - from)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const first = sums + 2 * size(c), second = first + 2 * row
      if (gate != 0) addSums(true, rows, row, x + size(c), y + size(c), gate + size(c), first, second)
      else addSums(false, rows, row, x + size(c), y + size(c), 0, first, second)
    }
    for (; c < channels; c++) {
      const first = sums + 2 * size(c), second = first + 2 * row
      let s = load<f64>(first), t = load<f64>(second)
      for (let i = 0; i < rows; i++) {
        const at = row * <usize>i + size(c)
        const a: f64 = gate == 0 || load<f32>(gate + at) > 0 ? <f64>load<f32>(x + at) : 0
        s += a
        t += a * <f64>load<f32>(y + at)
      }
      store<f64>(first, s)
      store<f64>(second, t)
    }
    const all = row * <usize>rows
    x += all
    y += all
    if (gate != 0) gate += all
  }
}

@inline
function combineRows(
  added: bool, gated: bool, positive: bool, rows: i32, row: usize, coefficients: usize,
  x: usize, y: usize, gate: usize, out: usize,
): void {
  const a = v128.load(coefficients), b = v128.load(coefficients + row), c = v128.load(coefficients + 2 * row)
  for (let i = rows; i > 0; i--) {
    let value = v128.load(x)
    if (gated) value = v128.and(value, f32x4.gt(v128.load(gate), zero()))
    let sum = added ? f32x4.add(c, f32x4.mul(b, v128.load(y))) : c
    sum = f32x4.add(sum, f32x4.mul(a, value))
    if (positive) sum = v128.andnot(sum, f32x4.le(sum, zero()))
    v128.store(out, sum)
    x += row
    out += row
    if (added) y += row
    if (gated) gate += row
  }
}

/**
 * out = a x + b y + c with the coefficients a, b and c of each channel; x counts as 0 where there is a gate (not 0) and it is not positive, y where it is not there (0).
 * Bit 0 of `positive`: of the sum what is not positive counts as 0, but for NaN.
 */
export function combineChannels(
  count: i32, channels: i32, coefficients: usize, x: usize, y: usize, gate: usize, positive: i32, out: usize,
): void {
  const row = size(channels)
  for (let from = 0; from < count; from += block) {
    const rows = min(block, count - from)
    let c = 0
    for (; c + 4 <= channels; c += 4) {
      const at = size(c), k = coefficients + at
      if (y != 0) {
        if (gate != 0) {
          if (positive) combineRows(true, true, true, rows, row, k, x + at, y + at, gate + at, out + at)
          else combineRows(true, true, false, rows, row, k, x + at, y + at, gate + at, out + at)
        } else if (positive) combineRows(true, false, true, rows, row, k, x + at, y + at, 0, out + at)
        else combineRows(true, false, false, rows, row, k, x + at, y + at, 0, out + at)
      } else if (gate != 0) {
        if (positive) combineRows(false, true, true, rows, row, k, x + at, 0, gate + at, out + at)
        else combineRows(false, true, false, rows, row, k, x + at, 0, gate + at, out + at)
      } else if (positive) combineRows(false, false, true, rows, row, k, x + at, 0, 0, out + at)
      else combineRows(false, false, false, rows, row, k, x + at, 0, 0, out + at)
    }
    for (; c < channels; c++) {
      const a = load<f32>(coefficients + size(c))
      const b = load<f32>(coefficients + row + size(c))
      for (let i = 0; i < rows; i++) {
        const at = row * <usize>i + size(c)
        const value: f32 = gate == 0 || load<f32>(gate + at) > 0 ? load<f32>(x + at) : 0
        let sum = load<f32>(coefficients + 2 * row + size(c))
        if (y != 0) sum += b * load<f32>(y + at)
        sum += a * value
        store<f32>(out + at, positive && sum <= 0 ? 0 : sum)
      }
    }
    const all = row * <usize>rows
    x += all
    out += all
    if (y != 0) y += all
    if (gate != 0) gate += all
  }
}
