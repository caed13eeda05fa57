/** Sine and cosine with the bits of `internal/elementary/Trigonometry.ts` (fdlibm, Sun Microsystems 1993), both of one reduction. */
/** Up to which a number is reduced by three parts of pi / 2. */
export const farthest: f64 = 1647099

/** What `turn` has found. */
export let sine: f64 = 0
export let cosine: f64 = 0

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
export function turn(x: f64): void {
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
