/**
 * The tiles of gemm: 4 or 6 rows times two vectors, held in registers while the sum runs.
 *
 * V8 gives 15 registers: 12 accumulators, two vectors of B and one element of A fill them when the multiply-add is fused;
 * without the fusion the product needs one more, so the strict build uses 4 rows only.
 */
import { bytes, lanes, madd, zero } from "./simd"
import { cell, packed } from "./pack"

@inline
function put<T>(c: usize, low: v128, high: v128, alpha: v128, beta: v128, fresh: bool): void {
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
function border<T>(spare: usize, c: usize, row: usize, rows: i32, columns: i32, beta: T, fresh: bool): void {
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

/** 4 rows of C, all columns of the block: C = beta C + alpha A B, with C only written where \`fresh\`. */
export function tile4<T>(
  count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
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
    const end = panelB + ((<usize>count) << 5)
    while (panelB < end) {
      const b0 = v128.load(panelB)
      const b1 = v128.load(panelB, 16)
      let x = packed<T>(a, 0)
      c00 = madd<T>(x, b0, c00)
      c01 = madd<T>(x, b1, c01)
      x = packed<T>(a, 1)
      c10 = madd<T>(x, b0, c10)
      c11 = madd<T>(x, b1, c11)
      x = packed<T>(a, 2)
      c20 = madd<T>(x, b0, c20)
      c21 = madd<T>(x, b1, c21)
      x = packed<T>(a, 3)
      c30 = madd<T>(x, b0, c30)
      c31 = madd<T>(x, b1, c31)
      panelB += 32
      a += 4 * cell<T>()
    }
    const whole = available == 4 && columns - j >= width
    const to = whole ? c : spare
    const step: usize = whole ? row : 32
    const only = fresh || !whole
    put<T>(to, c00, c01, alphas, betas, only)
    put<T>(to + step, c10, c11, alphas, betas, only)
    put<T>(to + 2 * step, c20, c21, alphas, betas, only)
    put<T>(to + 3 * step, c30, c31, alphas, betas, only)
    if (!whole) border<T>(spare, c, row, available, min(width, columns - j), beta, fresh)
    c += 32
  }
}

/** 6 rows of C, all columns of the block: C = beta C + alpha A B, with C only written where \`fresh\`. */
export function tile6<T>(
  count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
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
      let x = packed<T>(a, 0)
      c00 = madd<T>(x, b0, c00)
      c01 = madd<T>(x, b1, c01)
      x = packed<T>(a, 1)
      c10 = madd<T>(x, b0, c10)
      c11 = madd<T>(x, b1, c11)
      x = packed<T>(a, 2)
      c20 = madd<T>(x, b0, c20)
      c21 = madd<T>(x, b1, c21)
      x = packed<T>(a, 3)
      c30 = madd<T>(x, b0, c30)
      c31 = madd<T>(x, b1, c31)
      x = packed<T>(a, 4)
      c40 = madd<T>(x, b0, c40)
      c41 = madd<T>(x, b1, c41)
      x = packed<T>(a, 5)
      c50 = madd<T>(x, b0, c50)
      c51 = madd<T>(x, b1, c51)
      panelB += 32
      a += 6 * cell<T>()
    }
    const whole = available == 6 && columns - j >= width
    const to = whole ? c : spare
    const step: usize = whole ? row : 32
    const only = fresh || !whole
    put<T>(to, c00, c01, alphas, betas, only)
    put<T>(to + step, c10, c11, alphas, betas, only)
    put<T>(to + 2 * step, c20, c21, alphas, betas, only)
    put<T>(to + 3 * step, c30, c31, alphas, betas, only)
    put<T>(to + 4 * step, c40, c41, alphas, betas, only)
    put<T>(to + 5 * step, c50, c51, alphas, betas, only)
    if (!whole) border<T>(spare, c, row, available, min(width, columns - j), beta, fresh)
    c += 32
  }
}
