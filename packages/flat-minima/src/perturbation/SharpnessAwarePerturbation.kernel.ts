/**
 * A run of sharpness-aware perturbation on the network p_i = a_i . (u^2 - v^2) with the square loss: the twin of `SharpnessAwarePerturbation.ts`.
 *
 * u and v have `width` numbers each, an even one: a last one may be 0 throughout. Sums run from the first to the last number. A run stops before a step whose numbers come near to where these end.
 */
import { bytes } from "../../../numerics/assembly/simd"

const least: f64 = 1.0020841800044864e-292
const most: f64 = 1e300
/** Below this times the perturbed gradient, the direction of the gradient is rounding noise. */
const noise: f64 = 1e-12

@inline
function isSafe(sum: f64): bool {
  return sum >= least && sum < most
}

/** sum + x0 + x1, in this order. */
@inline
function plus(sum: f64, x: v128): f64 {
  return sum + f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
}

/** u^2 - v^2. */
@inline
function weight(x: usize, half: usize): v128 {
  const u = v128.load(x)
  const v = v128.load(x + half)
  return f64x2.sub(f64x2.mul(u, u), f64x2.mul(v, v))
}

/** u^2 - v^2 at `x`, and the sum of the rows times their residuals; returns n times twice the loss. */
@inline
function slopesOf(n: i32, half: usize, matrix: usize, labels: usize, x: usize, weights: usize, slopes: usize): f64 {
  for (let at: usize = 0; at < half; at += 16) {
    v128.store(weights + at, weight(x + at, half))
    v128.store(slopes + at, f64x2.splat(0))
  }
  let sum: f64 = 0
  for (let i = 0; i < n; i++) {
    let residual = -load<f64>(labels)
    for (let at: usize = 0; at < half; at += 16) {
      residual = plus(residual, f64x2.mul(v128.load(matrix + at), v128.load(weights + at)))
    }
    const factor = f64x2.splat(residual)
    for (let at: usize = 0; at < half; at += 16) {
      v128.store(slopes + at, f64x2.add(v128.load(slopes + at), f64x2.mul(factor, v128.load(matrix + at))))
    }
    sum += residual * residual
    labels += 8
    matrix += half
  }
  return sum
}

/**
 * Takes up to `steps` steps from `x` and returns how many. `numbers` are the rates of perturbed and of plain steps, the radius,
 * and the threshold. The number of perturbed steps is written after them. Each perturbed step takes the next of `indices` and
 * `signs`. Behind the matrix lie the labels, and behind `x` room for six points.
 */
export function perturb(
  steps: i32, n: i32, width: i32, numbers: usize, matrix: usize, indices: usize, signs: usize, x: usize,
): i32 {
  const rate = load<f64>(numbers), plainRate = load<f64>(numbers, 8), radius = load<f64>(numbers, 16), threshold = load<f64>(numbers, 24)
  const half = bytes<f64>(width)
  const length: usize = 2 * half
  const labels = matrix + <usize>n * half
  const work = x + length
  const gradient = work + length
  const direction = gradient + length
  const perturbed = direction + length
  const move = perturbed + length
  const unit = move + length
  const slopes = work + half
  const mean = f64x2.splat(2 / <f64>n)
  const two = f64x2.splat(2)
  let perturbedSteps = 0
  let taken = 0
  // each loop has several sums that do not wait for each other: the processor runs them side by side
  for (; taken < steps; taken++) {
    const loss = slopesOf(n, half, matrix, labels, x, work, slopes)
    // of the next perturbed step, which may be another
    const i = <usize>load<u32>(indices + (<usize>perturbedSteps << 2))
    const a = matrix + i * half
    const label = load<f64>(labels + (i << 3))
    let square: f64 = 0
    let length2: f64 = 0
    let sum: f64 = 0
    for (let at: usize = 0; at < half; at += 16) {
      const u = v128.load(x + at)
      const row = v128.load(a + at)
      const g = f64x2.mul(f64x2.mul(mean, v128.load(slopes + at)), u)
      const d = f64x2.mul(f64x2.mul(two, row), u)
      v128.store(gradient + at, g)
      v128.store(direction + at, d)
      square = plus(square, f64x2.mul(g, g))
      length2 = plus(length2, f64x2.mul(d, d))
      sum = plus(sum, f64x2.mul(row, v128.load(work + at)))
    }
    for (let at: usize = 0; at < half; at += 16) {
      const v = v128.load(x + at + half)
      const g = f64x2.mul(f64x2.neg(f64x2.mul(mean, v128.load(slopes + at))), v)
      const d = f64x2.mul(f64x2.neg(f64x2.mul(two, v128.load(a + at))), v)
      v128.store(gradient + at + half, g)
      v128.store(direction + at + half, d)
      square = plus(square, f64x2.mul(g, g))
      length2 = plus(length2, f64x2.mul(d, d))
    }
    if (!isSafe(square) || !(loss < most)) break
    const norm = sqrt(square)
    if (!(norm <= threshold)) {
      const factor = f64x2.splat(plainRate)
      for (let at: usize = 0; at < length; at += 16) {
        v128.store(x + at, f64x2.sub(v128.load(x + at), f64x2.mul(factor, v128.load(gradient + at))))
      }
      continue
    }
    if (!isSafe(length2)) break
    const sign = f64x2.splat(load<f64>(signs + bytes<f64>(perturbedSteps)))
    const scale = f64x2.splat((sum - label < 0 ? -radius : radius) / sqrt(length2))
    sum = 0
    for (let at: usize = 0; at < half; at += 16) {
      const u = f64x2.add(v128.load(x + at), f64x2.mul(sign, f64x2.mul(v128.load(direction + at), scale)))
      const v = f64x2.add(v128.load(x + at + half), f64x2.mul(sign, f64x2.mul(v128.load(direction + at + half), scale)))
      v128.store(perturbed + at, u)
      v128.store(perturbed + at + half, v)
      sum = plus(sum, f64x2.mul(v128.load(a + at), f64x2.sub(f64x2.mul(u, u), f64x2.mul(v, v))))
    }
    const twice = f64x2.splat(2 * (sum - label))
    const divisor = f64x2.splat(norm)
    let size2: f64 = 0
    let along: f64 = 0
    for (let at: usize = 0; at < length; at += 16) {
      const product = f64x2.mul(twice, v128.load(at < half ? a + at : a + at - half))
      const there = f64x2.mul(at < half ? product : f64x2.neg(product), v128.load(perturbed + at))
      const g = v128.load(gradient + at)
      const v = f64x2.add(f64x2.splat(0), f64x2.sub(there, g))
      const direct = f64x2.div(g, divisor)
      v128.store(move + at, v)
      v128.store(unit + at, direct)
      size2 = plus(size2, f64x2.mul(there, there))
      along = plus(along, f64x2.mul(v, direct))
    }
    if (!isSafe(size2)) break
    // where the gradient is noise beside the perturbed one, nothing is taken off
    let factor = f64x2.splat(along)
    if (norm > noise * sqrt(size2)) {
      along = 0
      for (let at: usize = 0; at < length; at += 16) {
        const direct = v128.load(unit + at)
        const v = f64x2.sub(v128.load(move + at), f64x2.mul(factor, direct))
        v128.store(move + at, v)
        along = plus(along, f64x2.mul(v, direct))
      }
      factor = f64x2.splat(along)
      for (let at: usize = 0; at < length; at += 16) {
        v128.store(move + at, f64x2.sub(v128.load(move + at), f64x2.mul(factor, v128.load(unit + at))))
      }
    }
    factor = f64x2.splat(rate)
    for (let at: usize = 0; at < length; at += 16) {
      const whole = f64x2.add(v128.load(gradient + at), v128.load(move + at))
      v128.store(x + at, f64x2.sub(v128.load(x + at), f64x2.mul(factor, whole)))
    }
    perturbedSteps++
  }
  store<f64>(numbers, <f64>perturbedSteps, 32)
  return taken
}
