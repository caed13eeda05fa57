/**
 * The tiles of gemm: 4, 5 or 6 rows times two vectors, held in registers while the sum runs.
 *
 * V8 gives 15 registers: 12 accumulators, two vectors of B and one element of A fill them when the multiply-add is fused;
 * without the fusion the product needs one more, so the strict build has at most 5 rows.
 */
import { bytes, lanes, madd, zero } from "./simd"

/** Element 0 to 5 of a packed column in every lane; an offset of a load must be a literal. */
@inline
export function element0<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at) : v128.load32_splat(at)
}

@inline
export function element1<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at, 8) : v128.load32_splat(at, 4)
}

@inline
export function element2<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at, 16) : v128.load32_splat(at, 8)
}

@inline
export function element3<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at, 24) : v128.load32_splat(at, 12)
}

@inline
export function element4<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at, 32) : v128.load32_splat(at, 16)
}

@inline
export function element5<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(at, 40) : v128.load32_splat(at, 20)
}

@inline
export function put<T>(c: usize, low: v128, high: v128, alpha: v128, beta: v128, fresh: bool): void {
  low = v128.mul<T>(alpha, low)
  high = v128.mul<T>(alpha, high)
  if (!fresh) {
    low = v128.add<T>(v128.mul<T>(beta, v128.load(c)), low)
    high = v128.add<T>(v128.mul<T>(beta, v128.load(c, 16)), high)
  }
  v128.store(c, low)
  v128.store(c, high, 16)
}

/** Brings the part of a tile that lies inside C from the spare tile into C. */
export function border<T>(spare: usize, c: usize, row: usize, rows: i32, columns: i32, beta: T, fresh: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = load<T>(spare + bytes<T>(j))
      const at = c + bytes<T>(j)
      store<T>(at, fresh ? value : beta * load<T>(at) + value)
    }
    c += row
    spare += 32
  }
}

/** `rows` rows of C, of which `available` exist, all columns of the block: C = beta C + alpha A B, with C only written where `fresh`. */
@inline
function tile<T>(
  rows: i32, count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
  alpha: T, beta: T, fresh: bool, spare: usize,
): void {
  const width = 2 * lanes<T>()
  const alphas = v128.splat<T>(alpha)
  const betas = v128.splat<T>(beta)
  for (let j = 0; j < columns; j += width) {
    let a = panelA
    let c00 = zero(), c01 = zero()
    let c10 = zero(), c11 = zero()
    let c20 = zero(), c21 = zero()
    let c30 = zero(), c31 = zero()
    let c40 = zero(), c41 = zero()
    let c50 = zero(), c51 = zero()
    const end = panelB + ((<usize>count) << 5)
    while (panelB < end) {
      const b0 = v128.load(panelB)
      const b1 = v128.load(panelB, 16)
      let x = element0<T>(a)
      c00 = madd<T>(x, b0, c00)
      c01 = madd<T>(x, b1, c01)
      x = element1<T>(a)
      c10 = madd<T>(x, b0, c10)
      c11 = madd<T>(x, b1, c11)
      x = element2<T>(a)
      c20 = madd<T>(x, b0, c20)
      c21 = madd<T>(x, b1, c21)
      x = element3<T>(a)
      c30 = madd<T>(x, b0, c30)
      c31 = madd<T>(x, b1, c31)
      if (rows > 4) {
        x = element4<T>(a)
        c40 = madd<T>(x, b0, c40)
        c41 = madd<T>(x, b1, c41)
      }
      if (rows > 5) {
        x = element5<T>(a)
        c50 = madd<T>(x, b0, c50)
        c51 = madd<T>(x, b1, c51)
      }
      panelB += 32
      a += bytes<T>(rows)
    }
    const whole = available == rows && columns - j >= width
    const to = whole ? c : spare
    const step: usize = whole ? row : 32
    const only = fresh || !whole
    put<T>(to, c00, c01, alphas, betas, only)
    put<T>(to + step, c10, c11, alphas, betas, only)
    put<T>(to + 2 * step, c20, c21, alphas, betas, only)
    put<T>(to + 3 * step, c30, c31, alphas, betas, only)
    if (rows > 4) put<T>(to + 4 * step, c40, c41, alphas, betas, only)
    if (rows > 5) put<T>(to + 5 * step, c50, c51, alphas, betas, only)
    if (!whole) border<T>(spare, c, row, available, min(width, columns - j), beta, fresh)
    c += 32
  }
}

/** Rows of the tallest tiles: one less without the fused multiply-add, which saves a register. */
export const tall: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5

export function tile4<T>(
  count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
  alpha: T, beta: T, fresh: bool, spare: usize,
): void {
  tile<T>(4, count, panelA, panelB, columns, c, row, available, alpha, beta, fresh, spare)
}

export function tallTile<T>(
  count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
  alpha: T, beta: T, fresh: bool, spare: usize,
): void {
  tile<T>(tall, count, panelA, panelB, columns, c, row, available, alpha, beta, fresh, spare)
}
