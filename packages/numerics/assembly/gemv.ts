/**
 * Matrix times vector, row-major.
 *
 * `A x`: each row is one inner product, in the order of `Vector.dot` (f32: element i to accumulator i mod 8, pairs summed).
 * `A^T x`: rows are added one after the other, element by element.
 */
import { bytes, lanes, madd, zero } from "./simd"
import { finish, scale } from "./vector"

/** y = beta y + alpha value; y is not read where beta is 0. */
@inline
function put<T>(y: usize, alpha: T, value: T, beta: T): void {
  store<T>(y, beta == 0 ? alpha * value : beta * load<T>(y) + alpha * value)
}

/** The sum of two accumulators of one row of f32, with the elements that are left. */
@inline
function finish32(low: v128, high: v128, a: usize, x: usize, left: i32): f32 {
  let s = f32x4.add(low, high)
  let t = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3))
  for (let i = 0; i < left; i++) t += load<f32>(a + bytes<f32>(i)) * load<f32>(x + bytes<f32>(i))
  return t
}

/** The sum of a row, of either element type. */
@inline
export function rowEnd<T>(low: v128, high: v128, a: usize, x: usize, left: i32): T {
  if (sizeof<T>() == 8) return <T>finish(low, high, a, x, left)
  return <T>finish32(low, high, a, x, left)
}

/** y = alpha A x + beta y, A m x n with `lda` elements from row to row. */
export function multiply<T>(m: i32, n: i32, alpha: T, a: usize, lda: i32, x: usize, beta: T, y: usize): void {
  const step = bytes<T>(lda)
  const whole = n & ~(2 * lanes<T>() - 1)
  const length = bytes<T>(whole)
  const left = n - whole
  let i = 0
  for (; i + 4 <= m; i += 4) {
    let r0 = a
    let r1 = a + step
    let r2 = r1 + step
    let r3 = r2 + step
    let p00 = zero(), p01 = zero(), p10 = zero(), p11 = zero()
    let p20 = zero(), p21 = zero(), p30 = zero(), p31 = zero()
    let p = x
    const end = x + length
    while (p < end) {
      const x0 = v128.load(p)
      const x1 = v128.load(p, 16)
      p00 = madd<T>(v128.load(r0), x0, p00)
      p01 = madd<T>(v128.load(r0, 16), x1, p01)
      p10 = madd<T>(v128.load(r1), x0, p10)
      p11 = madd<T>(v128.load(r1, 16), x1, p11)
      p20 = madd<T>(v128.load(r2), x0, p20)
      p21 = madd<T>(v128.load(r2, 16), x1, p21)
      p30 = madd<T>(v128.load(r3), x0, p30)
      p31 = madd<T>(v128.load(r3, 16), x1, p31)
      p += 32
      r0 += 32
      r1 += 32
      r2 += 32
      r3 += 32
    }
    put<T>(y, alpha, rowEnd<T>(p00, p01, r0, p, left), beta)
    put<T>(y + sizeof<T>(), alpha, rowEnd<T>(p10, p11, r1, p, left), beta)
    put<T>(y + 2 * sizeof<T>(), alpha, rowEnd<T>(p20, p21, r2, p, left), beta)
    put<T>(y + 3 * sizeof<T>(), alpha, rowEnd<T>(p30, p31, r3, p, left), beta)
    y += 4 * sizeof<T>()
    a += 4 * step
  }
  for (; i < m; i++) {
    let r = a
    let low = zero()
    let high = zero()
    let p = x
    const end = x + length
    while (p < end) {
      low = madd<T>(v128.load(r), v128.load(p), low)
      high = madd<T>(v128.load(r, 16), v128.load(p, 16), high)
      p += 32
      r += 32
    }
    put<T>(y, alpha, rowEnd<T>(low, high, r, p, left), beta)
    y += sizeof<T>()
    a += step
  }
}

/** y = beta y, with y set (not read) where beta is 0. */
@inline
export function start<T>(n: i32, beta: T, y: usize): void {
  if (beta == 0) memory.fill(y, 0, bytes<T>(n))
  else if (beta != 1) scale<T>(n, beta, y)
}

/** y += alpha (x0 row0 + x1 row1 + ...) for four or eight rows, one after the other: y is read and written once for them. */
@inline
function add<T>(rows: i32, n: i32, alpha: T, a: usize, step: usize, x: usize, y: usize): void {
  const v0 = v128.splat<T>(alpha * load<T>(x))
  const v1 = v128.splat<T>(alpha * load<T>(x + sizeof<T>()))
  const v2 = v128.splat<T>(alpha * load<T>(x + 2 * sizeof<T>()))
  const v3 = v128.splat<T>(alpha * load<T>(x + 3 * sizeof<T>()))
  const v4 = rows > 4 ? v128.splat<T>(alpha * load<T>(x + 4 * sizeof<T>())) : zero()
  const v5 = rows > 4 ? v128.splat<T>(alpha * load<T>(x + 5 * sizeof<T>())) : zero()
  const v6 = rows > 4 ? v128.splat<T>(alpha * load<T>(x + 6 * sizeof<T>())) : zero()
  const v7 = rows > 4 ? v128.splat<T>(alpha * load<T>(x + 7 * sizeof<T>())) : zero()
  let r0 = a
  let r1 = r0 + step
  let r2 = r1 + step
  let r3 = r2 + step
  let r4 = r3 + step
  let r5 = r4 + step
  let r6 = r5 + step
  let r7 = r6 + step
  const end = y + bytes<T>(n)
  // in pairs, which wide vectors join: their loads come before their stores
  while (y + 32 <= end) {
    let s = madd<T>(v0, v128.load(r0), v128.load(y))
    let t = madd<T>(v0, v128.load(r0, 16), v128.load(y, 16))
    s = madd<T>(v1, v128.load(r1), s)
    t = madd<T>(v1, v128.load(r1, 16), t)
    s = madd<T>(v2, v128.load(r2), s)
    t = madd<T>(v2, v128.load(r2, 16), t)
    s = madd<T>(v3, v128.load(r3), s)
    t = madd<T>(v3, v128.load(r3, 16), t)
    if (rows > 4) {
      s = madd<T>(v4, v128.load(r4), s)
      t = madd<T>(v4, v128.load(r4, 16), t)
      s = madd<T>(v5, v128.load(r5), s)
      t = madd<T>(v5, v128.load(r5, 16), t)
      s = madd<T>(v6, v128.load(r6), s)
      t = madd<T>(v6, v128.load(r6, 16), t)
      s = madd<T>(v7, v128.load(r7), s)
      t = madd<T>(v7, v128.load(r7, 16), t)
      r4 += 32
      r5 += 32
      r6 += 32
      r7 += 32
    }
    v128.store(y, s)
    v128.store(y, t, 16)
    y += 32
    r0 += 32
    r1 += 32
    r2 += 32
    r3 += 32
  }
  while (y + 16 <= end) {
    let s = madd<T>(v0, v128.load(r0), v128.load(y))
    s = madd<T>(v1, v128.load(r1), s)
    s = madd<T>(v2, v128.load(r2), s)
    s = madd<T>(v3, v128.load(r3), s)
    if (rows > 4) {
      s = madd<T>(v4, v128.load(r4), s)
      s = madd<T>(v5, v128.load(r5), s)
      s = madd<T>(v6, v128.load(r6), s)
      s = madd<T>(v7, v128.load(r7), s)
      r4 += 16
      r5 += 16
      r6 += 16
      r7 += 16
    }
    v128.store(y, s)
    y += 16
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
  }
  for (; y < end; y += sizeof<T>()) {
    let s = load<T>(y)
    let r = r0
    for (let i = 0; i < rows; i++) {
      s += alpha * load<T>(x + bytes<T>(i)) * load<T>(r)
      r += step
    }
    store<T>(y, s)
    r0 += sizeof<T>()
  }
}

function addRows8<T>(n: i32, alpha: T, a: usize, step: usize, x: usize, y: usize): void {
  add<T>(8, n, alpha, a, step, x, y)
}

function addRows4<T>(n: i32, alpha: T, a: usize, step: usize, x: usize, y: usize): void {
  add<T>(4, n, alpha, a, step, x, y)
}

/** y = alpha A^T x + beta y. */
export function multiplyTransposed<T>(m: i32, n: i32, alpha: T, a: usize, lda: i32, x: usize, beta: T, y: usize): void {
  start<T>(n, beta, y)
  addRows<T>(m, n, alpha, a, bytes<T>(lda), x, y)
}

/** y += alpha A^T x. */
export function addRows<T>(m: i32, n: i32, alpha: T, a: usize, step: usize, x: usize, y: usize): void {
  let i = 0
  for (; i + 8 <= m; i += 8) {
    addRows8<T>(n, alpha, a, step, x, y)
    a += 8 * step
    x += 8 * sizeof<T>()
  }
  if (i + 4 <= m) {
    addRows4<T>(n, alpha, a, step, x, y)
    a += 4 * step
    x += 4 * sizeof<T>()
    i += 4
  }
  for (; i < m; i++) {
    addRow<T>(n, alpha * load<T>(x), a, y)
    a += step
    x += sizeof<T>()
  }
}

/** c += coefficient row. */
export function addRow<T>(n: i32, coefficient: T, row: usize, c: usize): void {
  const v = v128.splat<T>(coefficient)
  const end = c + bytes<T>(n)
  while (c + 32 <= end) {
    const low = madd<T>(v, v128.load(row), v128.load(c))
    const high = madd<T>(v, v128.load(row, 16), v128.load(c, 16))
    v128.store(c, low)
    v128.store(c, high, 16)
    c += 32
    row += 32
  }
  while (c + 16 <= end) {
    v128.store(c, madd<T>(v, v128.load(row), v128.load(c)))
    c += 16
    row += 16
  }
  while (c < end) {
    store<T>(c, load<T>(c) + coefficient * load<T>(row))
    c += sizeof<T>()
    row += sizeof<T>()
  }
}

/** ax = A x and atu = A^T u in one pass over A, three rows at a time, each in the order of its own kernel. */
export function multiplyBoth(m: i32, n: i32, a: usize, lda: i32, x: usize, ax: usize, u: usize, atu: usize): void {
  const step = bytes<f64>(lda)
  const length = bytes<f64>(n & ~3)
  const left = n & 3
  memory.fill(atu, 0, bytes<f64>(n))
  let i = 0
  for (; i + 3 <= m; i += 3) {
    const v0 = v128.load64_splat(u), v1 = v128.load64_splat(u, 8), v2 = v128.load64_splat(u, 16)
    let r0 = a
    let r1 = r0 + step
    let r2 = r1 + step
    let p00 = zero(), p01 = zero(), p10 = zero(), p11 = zero(), p20 = zero(), p21 = zero()
    let p = x
    let q = atu
    const end = x + length
    while (p < end) {
      let xj = v128.load(p)
      let sum = v128.load(q)
      let value = v128.load(r0)
      p00 = madd<f64>(value, xj, p00)
      sum = madd<f64>(v0, value, sum)
      value = v128.load(r1)
      p10 = madd<f64>(value, xj, p10)
      sum = madd<f64>(v1, value, sum)
      value = v128.load(r2)
      p20 = madd<f64>(value, xj, p20)
      v128.store(q, madd<f64>(v2, value, sum))
      xj = v128.load(p, 16)
      sum = v128.load(q, 16)
      value = v128.load(r0, 16)
      p01 = madd<f64>(value, xj, p01)
      sum = madd<f64>(v0, value, sum)
      value = v128.load(r1, 16)
      p11 = madd<f64>(value, xj, p11)
      sum = madd<f64>(v1, value, sum)
      value = v128.load(r2, 16)
      p21 = madd<f64>(value, xj, p21)
      v128.store(q, madd<f64>(v2, value, sum), 16)
      p += 32
      q += 32
      r0 += 32
      r1 += 32
      r2 += 32
    }
    store<f64>(ax, finish(p00, p01, r0, p, left))
    store<f64>(ax, finish(p10, p11, r1, p, left), 8)
    store<f64>(ax, finish(p20, p21, r2, p, left), 16)
    if (left > 0) addRows<f64>(3, left, 1, r0, step, u, q)
    a += 3 * step
    ax += 24
    u += 24
  }
  multiply<f64>(m - i, n, 1, a, lda, x, 0, ax)
  addRows<f64>(m - i, n, 1, a, step, u, atu)
}
