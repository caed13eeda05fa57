/**
 * Whole runs of small descents on a(x) y^2 / 2 with the curvature base + amplitude sin x, point after point: the twin of `reference/Descent.ts`, where `descent.ts` says when they stop.
 *
 * Sine and cosine are those of `internal/elementary/Trigonometry.ts`, to the bit, of one reduction.
 */
import { least, most, normalised, settle } from "./descent"

/** Up to which a number is reduced by three parts of pi / 2. */
const farthest: f64 = 1647099

let sine: f64 = 0
let cosine: f64 = 0

@inline
function exponentOf(x: f64): i64 {
  return (reinterpret<i64>(x) >> 52) & 0x7ff
}

@inline
function sinNear0(x: f64, rest: f64): f64 {
  const z = x * x
  const w = z * z
  const r = 0.00833333333332249 + z * (-0.0001984126982985795 + z * 2.7557313707070068e-6) +
    z * w * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)
  const v = z * x
  return x - (z * (0.5 * rest - v * r) - rest - v * -0.16666666666666632)
}

@inline
function cosNear0(x: f64, rest: f64): f64 {
  const z = x * x
  const w = z * z
  const r = z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 2.480158728947673e-5)) +
    w * w * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))
  const half = 0.5 * z
  const value = 1 - half
  return value + (1 - value - half + (z * r - x * rest))
}

/** Sine and cosine of |x| up to `farthest`. */
@inline
function turn(x: f64): void {
  if (abs(x) < 0.7853981633974483) {
    sine = abs(x) < 1.4901161193847656e-8 ? x : sinNear0(x, 0)
    cosine = cosNear0(x, 0)
    return
  }
  const n = Math.round(x * 0.6366197723675814)
  const exponent = exponentOf(x)
  let r = x - n * 1.5707963267341256
  let w = n * 6.077100506506192e-11
  let first = r - w
  if (exponent - exponentOf(first) > 16) {
    let before = r
    w = n * 6.077100506303966e-11
    r = before - w
    w = n * 2.0222662487959506e-21 - (before - r - w)
    first = r - w
    if (exponent - exponentOf(first) > 49) {
      before = r
      w = n * 2.0222662487111665e-21
      r = before - w
      w = n * 8.4784276603689e-32 - (before - r - w)
      first = r - w
    }
  }
  const second = r - first - w
  const s = sinNear0(first, second)
  const c = cosNear0(first, second)
  const quarter = <i32>n & 3
  const one = quarter & 1 ? c : s
  const other = quarter & 1 ? s : c
  sine = quarter & 2 ? -one : one
  cosine = (quarter + 1) & 2 ? -other : other
}

let gx: f64 = 0
let gy: f64 = 0
let squares: f64 = 0

/** The gradient at (x, y), and whether it is ordinary. */
@inline
function evaluate(base: f64, amplitude: f64, x: f64, y: f64, low: f64): bool {
  if (!(abs(x) <= farthest)) return false
  turn(x)
  const a = base + amplitude * sine
  gx = 0.5 * (amplitude * cosine) * y * y
  gy = a * y
  squares = gx * gx + gy * gy
  return squares >= low && squares < most && abs(0.5 * a * y * y) < most
}

/** As `descendProduct`, of `runs` points, x and y one after the other; `work` is as large as `points`. */
export function descendValley(
  kind: i32, steps: i32, rate: f64, radius: f64, base: f64, amplitude: f64, runs: i32, points: usize, work: usize,
): i32 {
  const size = <usize>runs << 4
  const low = kind == normalised ? least : 0
  let now = points
  let next = work
  for (let taken = 0; taken < steps; taken++) {
    for (let i: usize = 0; i < size; i += 16) {
      const x = load<f64>(now + i)
      const y = load<f64>(now + i, 8)
      let isOrdinary = evaluate(base, amplitude, x, y, low)
      if (kind != 0) {
        const scale = kind == normalised ? radius / sqrt(squares) : radius
        isOrdinary = isOrdinary && evaluate(base, amplitude, x + scale * gx, y + scale * gy, 0) && scale < most
      }
      if (!isOrdinary) return settle(size, points, now, taken)
      store<f64>(next + i, x - rate * gx)
      store<f64>(next + i, y - rate * gy, 8)
    }
    const before = now
    now = next
    next = before
  }
  return settle(size, points, now, steps)
}
