/**
 * The secular equation 1 + rho sum z_i^2 / (d_i - lambda) = 0: the eigenvalues of diag(d) + rho z z^T.
 *
 * Source: Li, "Solving secular equations stably and efficiently" (LAPACK working note 89, 1993). It uses rational interpolation
 * with fixed weights or the middle way, each root relative to its nearer pole. Ours: bisection keeps every step inside the
 * bracket.
 */

const epsilon = 2 ** -53
const maxSteps = 200

/** Value, derivative of the part left and right of the root, error bound: written by `evaluate`, read by its caller. */
const at = new Float64Array(4)

/** At lambda = d[origin] + tau, with the poles 0 .. split to the left. Sums run towards the root, smallest terms first. */
const evaluate = (
  d: Float64Array,
  z: Float64Array,
  count: number,
  split: number,
  pole: number,
  tau: number,
  inverseRho: number,
): void => {
  let psi = 0
  let slopePsi = 0
  let phi = 0
  let slopePhi = 0
  let error = 0
  for (let i = 0; i <= split; i++) {
    const t = z[i]! / (d[i]! - pole - tau)
    psi += z[i]! * t
    slopePsi += t * t
    error -= psi
  }
  for (let i = count - 1; i > split; i--) {
    const t = z[i]! / (d[i]! - pole - tau)
    phi += z[i]! * t
    slopePhi += t * t
    error += phi
  }
  at[0] = inverseRho + psi + phi
  at[1] = slopePsi
  at[2] = slopePhi
  at[3] =
    8 * (Math.abs(phi) + Math.abs(psi)) +
    Math.abs(error) +
    2 * inverseRho +
    Math.abs(tau) * (slopePsi + slopePhi)
}

/** A root of c eta^2 - a eta + b = 0, the one closer to 0, without cancellation. */
const smallerRoot = (a: number, b: number, c: number): number => {
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c))
  return a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root)
}

/**
 * Root j of `count` poles d with weights z and rho > 0. The poles are strictly ascending and well separated, as after deflation;
 * no z is zero, and |z| <= 1. Returns the index of the nearer pole, and writes the distance from it to `tau[j]`.
 */
export const root = (
  d: Float64Array,
  z: Float64Array,
  count: number,
  rho: number,
  j: number,
  tau: Float64Array,
): number => {
  const inverseRho = 1 / rho
  if (count === 1) {
    tau[0] = rho * z[0]! * z[0]!
    return 0
  }
  const last = j === count - 1
  // The two poles of the rational model, and the last pole counted as "left".
  const left = last ? j - 1 : j
  const right = left + 1
  const gap = d[right]! - d[left]!
  const zl = z[left]! * z[left]!
  const zr = z[right]! * z[right]!
  const middle = last ? rho / 2 : gap / 2
  const start = last ? d[right]! : d[left]!
  let rest = inverseRho
  for (let i = 0; i < count; i++) {
    if (i !== left && i !== right) rest += (z[i]! * z[i]!) / (d[i]! - start - middle)
  }
  const valueAtMiddle = rest + zl / (d[left]! - start - middle) + zr / (d[right]! - start - middle)

  let origin = right
  let lo: number
  let hi: number
  let t: number
  if (last) {
    lo = valueAtMiddle <= 0 ? middle : 0
    hi = valueAtMiddle <= 0 ? rho : middle
    const a = -rest * gap + zl + zr
    const b = zr * gap
    const discriminant = Math.sqrt(Math.abs(a * a + 4 * b * rest))
    t = a < 0 ? (2 * b) / (discriminant - a) : (a + discriminant) / (2 * rest)
  } else if (valueAtMiddle > 0) {
    origin = left
    lo = 0
    hi = middle
    t = smallerRoot(rest * gap + zl + zr, zl * gap, rest)
  } else {
    lo = -middle
    hi = 0
    const a = rest * gap - zl - zr
    const b = zr * gap
    const discriminant = Math.sqrt(Math.abs(a * a + 4 * b * rest))
    t = a < 0 ? (2 * b) / (a - discriminant) : -(a + discriminant) / (2 * rest)
  }
  if (!(t > lo && t < hi)) t = inside(lo, hi)

  const pole = d[origin]!
  let fixedWeight = !last
  let previous = Infinity
  for (let step = 0; step < maxSteps; step++) {
    evaluate(d, z, count, last ? count - 2 : j, pole, t, inverseRho)
    const w = at[0]!
    if (Math.abs(w) <= epsilon * at[3]!) break
    if (w < 0) lo = t
    else hi = t
    if (Math.abs(w) > previous / 10) fixedWeight = !fixedWeight && !last
    previous = Math.abs(w)
    const deltaLeft = d[left]! - pole - t
    const deltaRight = d[right]! - pole - t
    const slope = at[1]! + at[2]!
    let c: number
    if (!fixedWeight) c = w - deltaLeft * at[1]! - deltaRight * at[2]!
    else if (origin === left) c = w - deltaRight * slope + gap * (zl / (deltaLeft * deltaLeft))
    else c = w - deltaLeft * slope - gap * (zr / (deltaRight * deltaRight))
    const a = (deltaLeft + deltaRight) * w - deltaLeft * deltaRight * slope
    const b = deltaLeft * deltaRight * w
    let eta: number
    if (last) {
      const size = Math.abs(c)
      const discriminant = Math.sqrt(Math.abs(a * a - 4 * b * size))
      eta = a >= 0 ? (a + discriminant) / (2 * size) : (2 * b) / (a - discriminant)
    } else {
      eta = smallerRoot(a, b, c)
    }
    if (!(w * eta < 0)) eta = -w / slope
    const next = t + eta
    // A step that leaves the bracket, or no longer moves, is replaced or ends the search.
    if (next > lo && next < hi) {
      if (next === t) break
      t = next
    } else {
      const half = inside(lo, hi)
      if (half <= lo || half >= hi) break
      t = half
    }
  }
  tau[j] = t
  return origin
}

/** Point between the ends, the geometric mean if they differ much, since roots can be tiny relative to the gap. */
const inside = (lo: number, hi: number): number => {
  const near = Math.min(Math.abs(lo), Math.abs(hi))
  const far = Math.max(Math.abs(lo), Math.abs(hi))
  const sign = lo < 0 ? -1 : 1
  if (near === 0) return sign * far * 2 ** -10
  return far > 4 * near ? sign * Math.sqrt(near) * Math.sqrt(far) : (lo + hi) / 2
}
