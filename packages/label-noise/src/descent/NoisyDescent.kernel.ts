/**
 * Steps of gradient descent with noise on the labels, in the pre-activations of f_i = sum_j z_ij^3 + slope z_ij.
 *
 * Rows have `pitch` numbers, an integral number of SIMD vectors; the last numbers may be padding.
 */
import { bytes } from "../../../numerics/assembly/simd"

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
 * Up to `steps` steps on `batch` of n data each; returns how many. Step t sees the data `indices[t batch ...]`, and stops the run
 * before it where the loss is not finite. `numbers` begins with slope and rate. The pre-activations and the coefficients follow
 * (n rows each), then the slopes of a batch (as many rows) and its residuals. Last come the Gram matrix, the labels, and the
 * noise of all steps.
 */
export function noisySteps(steps: i32, batch: i32, n: i32, m: i32, numbers: usize, indices: usize): i32 {
  const pitch = <usize>((m + 1) & ~1) << 3
  const slopes = v128.load64_splat(numbers)
  const rate = load<f64>(numbers, 8)
  const z = numbers + 16
  const coefficients = z + <usize>n * pitch
  const work = coefficients + <usize>n * pitch
  const residuals = work + <usize>batch * pitch
  const gram = residuals + bytes<f64>(batch)
  const labels = gram + bytes<f64>(n * n)
  let epsilon = labels + bytes<f64>(n)
  const share = rate / <f64>batch
  for (let taken = 0; taken < steps; taken++) {
    let row = work
    let squares: f64 = 0
    for (let b = 0; b < batch; b++) {
      const i = <usize>load<u32>(indices + (<usize>b << 2))
      const f = sweep(m, pitch, slopes, z + i * pitch, row)
      const r = f - load<f64>(labels + (i << 3)) - load<f64>(epsilon + bytes<f64>(b))
      store<f64>(residuals + bytes<f64>(b), r)
      squares += r * r
      row += pitch
    }
    if (!(squares < Infinity)) return taken
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
