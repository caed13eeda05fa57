/**
 * Runs of gradient descent with noise on the labels, of f_i = sum_j z_ij^3 + slope z_ij with z = X theta: the twin of `reference/Noisy.ts`.
 *
 * Rows have `pitch` numbers, a whole number of vectors: a last one may be no neuron. No multiply-add is fused, whatever the build.
 */
import { bytes } from "./simd"

/** The sum of the values of a row of `m` neurons, one after the other; their slopes go to `slopes`. */
@inline
function sweep(m: i32, pitch: usize, slope: v128, z: usize, slopes: usize): f64 {
  let sum: f64 = 0
  const three = f64x2.splat(3)
  const end = z + pitch
  let left = m
  while (z < end) {
    const here = v128.load(z)
    const square = f64x2.mul(here, here)
    const value = f64x2.mul(here, f64x2.add(square, slope))
    v128.store(slopes, f64x2.add(f64x2.mul(three, square), slope))
    sum += f64x2.extract_lane(value, 0)
    if (left > 1) sum += f64x2.extract_lane(value, 1)
    left -= 2
    z += 16
    slopes += 16
  }
  return sum
}

/** to -= factor row. */
@inline
function subtract(pitch: usize, factor: f64, row: usize, to: usize): void {
  const v = f64x2.splat(factor)
  const end = to + pitch
  while (to < end) {
    v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(v, v128.load(row))))
    to += 16
    row += 16
  }
}

/** to += factor row. */
@inline
function add(pitch: usize, factor: f64, row: usize, to: usize): void {
  const v = f64x2.splat(factor)
  const end = to + pitch
  while (to < end) {
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v, v128.load(row))))
    to += 16
    row += 16
  }
}

/**
 * Up to `steps` steps in the pre-activations, n x m; returns how many. Step t sees the data `indices[t batch ...]` with noise `epsilon` on their labels, and
 * stops the run before it where the square of a residual is not finite. `work` holds the slopes and the residuals of a batch.
 */
export function noisyPreactivations(
  steps: i32, batch: i32, n: i32, m: i32, slope: f64, rate: f64, gram: usize, labels: usize,
  indices: usize, epsilon: usize, z: usize, coefficients: usize, work: usize,
): i32 {
  const pitch = <usize>((m + 1) & ~1) << 3
  const slopes = f64x2.splat(slope)
  const residuals = work + <usize>batch * pitch
  const share = rate / <f64>batch
  for (let taken = 0; taken < steps; taken++) {
    let row = work
    for (let b = 0; b < batch; b++) {
      const i = <usize>load<u32>(indices + (<usize>b << 2))
      const f = sweep(m, pitch, slopes, z + i * pitch, row)
      const r = f - load<f64>(labels + (i << 3)) - load<f64>(epsilon + bytes<f64>(b))
      if (!(r * r < Infinity)) return taken
      store<f64>(residuals + bytes<f64>(b), r)
      row += pitch
    }
    row = work
    for (let b = 0; b < batch; b++) {
      const i = <usize>load<u32>(indices + (<usize>b << 2))
      const scale = share * load<f64>(residuals + bytes<f64>(b))
      let at = z
      let product = gram + i * bytes<f64>(n)
      for (let k = 0; k < n; k++) {
        subtract(pitch, scale * load<f64>(product), row, at)
        at += pitch
        product += 8
      }
      add(pitch, scale, row, coefficients + i * pitch)
      row += pitch
    }
    indices += <usize>batch << 2
    epsilon += bytes<f64>(batch)
  }
  return steps
}

/** As `noisyPreactivations`, in the parameters: `theta` is d x m, one row for each number of a datum, and `features` n x d. */
export function noisyParameters(
  steps: i32, batch: i32, d: i32, m: i32, slope: f64, rate: f64, features: usize, labels: usize,
  indices: usize, epsilon: usize, theta: usize, z: usize, work: usize,
): i32 {
  const pitch = <usize>((m + 1) & ~1) << 3
  const slopes = f64x2.splat(slope)
  const residuals = work + <usize>batch * pitch
  const share = rate / <f64>batch
  for (let taken = 0; taken < steps; taken++) {
    let row = work
    for (let b = 0; b < batch; b++) {
      const i = <usize>load<u32>(indices + (<usize>b << 2))
      const datum = features + i * bytes<f64>(d)
      for (let at: usize = 0; at < pitch; at += 16) {
        let sum = f64x2.splat(0)
        let from = theta + at
        for (let a = 0; a < d; a++) {
          sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(datum + bytes<f64>(a)), v128.load(from)))
          from += pitch
        }
        v128.store(z + at, sum)
      }
      const f = sweep(m, pitch, slopes, z, row)
      const r = f - load<f64>(labels + (i << 3)) - load<f64>(epsilon + bytes<f64>(b))
      if (!(r * r < Infinity)) return taken
      store<f64>(residuals + bytes<f64>(b), r)
      row += pitch
    }
    row = work
    for (let b = 0; b < batch; b++) {
      const i = <usize>load<u32>(indices + (<usize>b << 2))
      const datum = features + i * bytes<f64>(d)
      const scale = f64x2.splat(share * load<f64>(residuals + bytes<f64>(b)))
      for (let at: usize = 0; at < pitch; at += 16) {
        const weight = f64x2.mul(v128.load(row + at), scale)
        let to = theta + at
        for (let a = 0; a < d; a++) {
          v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(weight, v128.load64_splat(datum + bytes<f64>(a)))))
          to += pitch
        }
      }
      row += pitch
    }
    indices += <usize>batch << 2
    epsilon += bytes<f64>(batch)
  }
  return steps
}

/**
 * Up to `steps` steps of many runs on all data in their order, two runs in the lanes of a vector; returns how many. For each pair of runs `z` and `coefficients` have n x m
 * vectors; `epsilon` has n for each pair, step after step. `work` holds n (m + 1) vectors for each pair.
 */
export function noisyTogether(
  steps: i32, pairs: i32, n: i32, m: i32, slope: f64, rate: f64, gram: usize, labels: usize, epsilon: usize,
  z: usize, coefficients: usize, work: usize,
): i32 {
  const row = <usize>m << 4
  const one = <usize>n * row
  const slopes = f64x2.splat(slope)
  const three = f64x2.splat(3)
  const infinite = f64x2.splat(Infinity)
  const share = f64x2.splat(rate / <f64>n)
  const residuals = work + <usize>pairs * one
  for (let taken = 0; taken < steps; taken++) {
    let from = z
    let to = work
    let residual = residuals
    let isFinite = i64x2.splat(-1)
    for (let pair = 0; pair < pairs; pair++) {
      for (let i = 0; i < n; i++) {
        let sum = f64x2.splat(0)
        for (let j = 0; j < m; j++) {
          const here = v128.load(from)
          const square = f64x2.mul(here, here)
          sum = f64x2.add(sum, f64x2.mul(here, f64x2.add(square, slopes)))
          v128.store(to, f64x2.add(f64x2.mul(three, square), slopes))
          from += 16
          to += 16
        }
        const r = f64x2.sub(f64x2.sub(sum, v128.load64_splat(labels + bytes<f64>(i))), v128.load(epsilon))
        isFinite = v128.and(isFinite, f64x2.lt(f64x2.mul(r, r), infinite))
        v128.store(residual, r)
        residual += 16
        epsilon += 16
      }
    }
    if (!i64x2.all_true(isFinite)) return taken
    to = work
    residual = residuals
    for (let pair: usize = 0; pair < <usize>pairs; pair++) {
      let kept = coefficients + pair * one
      let product = gram
      for (let i = 0; i < n; i++) {
        const scale = f64x2.mul(share, v128.load(residual))
        let at = z + pair * one
        for (let k = 0; k < n; k++) {
          const factor = f64x2.mul(scale, v128.load64_splat(product))
          for (let j: usize = 0; j < row; j += 16) {
            v128.store(at + j, f64x2.sub(v128.load(at + j), f64x2.mul(factor, v128.load(to + j))))
          }
          at += row
          product += 8
        }
        for (let j: usize = 0; j < row; j += 16) {
          v128.store(kept + j, f64x2.add(v128.load(kept + j), f64x2.mul(scale, v128.load(to + j))))
        }
        kept += row
        to += row
        residual += 16
      }
    }
  }
  return steps
}
