/**
 * Tiles four vectors wide, where pairs of vectors are joined to one of 256 bits: twice as many sums in as many registers. Without the joining
 * they would not fit, and take twice the time.
 */
import { bytes, lanes, madd, zero } from "./simd"
import { border, element0, element1, element2, element3, element4, element5, put, tall, tallTile } from "./tile"

/** Whether pairs are joined: whoever makes an instance says so. */
let isWide: bool = false

export function setWide(value: bool): void {
  isWide = value
}

/** As `tallTile`, with two strips of the panel of B at once. */
function joinedTile<T>(
  count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
  alpha: T, beta: T, fresh: bool, spare: usize,
): void {
  const width = 2 * lanes<T>()
  const alphas = v128.splat<T>(alpha)
  const betas = v128.splat<T>(beta)
  const strip = (<usize>count) << 5
  let j = 0
  for (; j + width < columns; j += 2 * width) {
    let a = panelA
    let c00 = zero(), c01 = zero(), c02 = zero(), c03 = zero()
    let c10 = zero(), c11 = zero(), c12 = zero(), c13 = zero()
    let c20 = zero(), c21 = zero(), c22 = zero(), c23 = zero()
    let c30 = zero(), c31 = zero(), c32 = zero(), c33 = zero()
    let c40 = zero(), c41 = zero(), c42 = zero(), c43 = zero()
    let c50 = zero(), c51 = zero(), c52 = zero(), c53 = zero()
    let next = panelB + strip
    const end = next
    while (panelB < end) {
      const b0 = v128.load(panelB)
      const b1 = v128.load(panelB, 16)
      const b2 = v128.load(next)
      const b3 = v128.load(next, 16)
      let x = element0<T>(a)
      c00 = madd<T>(x, b0, c00)
      c01 = madd<T>(x, b1, c01)
      c02 = madd<T>(x, b2, c02)
      c03 = madd<T>(x, b3, c03)
      x = element1<T>(a)
      c10 = madd<T>(x, b0, c10)
      c11 = madd<T>(x, b1, c11)
      c12 = madd<T>(x, b2, c12)
      c13 = madd<T>(x, b3, c13)
      x = element2<T>(a)
      c20 = madd<T>(x, b0, c20)
      c21 = madd<T>(x, b1, c21)
      c22 = madd<T>(x, b2, c22)
      c23 = madd<T>(x, b3, c23)
      x = element3<T>(a)
      c30 = madd<T>(x, b0, c30)
      c31 = madd<T>(x, b1, c31)
      c32 = madd<T>(x, b2, c32)
      c33 = madd<T>(x, b3, c33)
      x = element4<T>(a)
      c40 = madd<T>(x, b0, c40)
      c41 = madd<T>(x, b1, c41)
      c42 = madd<T>(x, b2, c42)
      c43 = madd<T>(x, b3, c43)
      if (tall > 5) {
        x = element5<T>(a)
        c50 = madd<T>(x, b0, c50)
        c51 = madd<T>(x, b1, c51)
        c52 = madd<T>(x, b2, c52)
        c53 = madd<T>(x, b3, c53)
      }
      panelB += 32
      next += 32
      a += bytes<T>(tall)
    }
    panelB = next
    const wholeFirst = available == tall && columns - j >= width
    const toFirst = wholeFirst ? c : spare
    const stepFirst: usize = wholeFirst ? row : 32
    const onlyFirst = fresh || !wholeFirst
    put<T>(toFirst, c00, c01, alphas, betas, onlyFirst)
    put<T>(toFirst + stepFirst, c10, c11, alphas, betas, onlyFirst)
    put<T>(toFirst + 2 * stepFirst, c20, c21, alphas, betas, onlyFirst)
    put<T>(toFirst + 3 * stepFirst, c30, c31, alphas, betas, onlyFirst)
    put<T>(toFirst + 4 * stepFirst, c40, c41, alphas, betas, onlyFirst)
    if (tall > 5) put<T>(toFirst + 5 * stepFirst, c50, c51, alphas, betas, onlyFirst)
    if (!wholeFirst) border<T>(spare, c, row, available, min(width, columns - j), beta, fresh)
    c += 32
    const wholeSecond = available == tall && columns - j - width >= width
    const toSecond = wholeSecond ? c : spare
    const stepSecond: usize = wholeSecond ? row : 32
    const onlySecond = fresh || !wholeSecond
    put<T>(toSecond, c02, c03, alphas, betas, onlySecond)
    put<T>(toSecond + stepSecond, c12, c13, alphas, betas, onlySecond)
    put<T>(toSecond + 2 * stepSecond, c22, c23, alphas, betas, onlySecond)
    put<T>(toSecond + 3 * stepSecond, c32, c33, alphas, betas, onlySecond)
    put<T>(toSecond + 4 * stepSecond, c42, c43, alphas, betas, onlySecond)
    if (tall > 5) put<T>(toSecond + 5 * stepSecond, c52, c53, alphas, betas, onlySecond)
    if (!wholeSecond) border<T>(spare, c, row, available, min(width, columns - j - width), beta, fresh)
    c += 32
  }
  if (j < columns) tallTile<T>(count, panelA, panelB, columns - j, c, row, available, alpha, beta, fresh, spare)
}

/** The tallest tiles, as wide as fits the registers. */
export function tallest<T>(
  count: i32, panelA: usize, panelB: usize, columns: i32, c: usize, row: usize, available: i32,
  alpha: T, beta: T, fresh: bool, spare: usize,
): void {
  if (isWide) joinedTile<T>(count, panelA, panelB, columns, c, row, available, alpha, beta, fresh, spare)
  else tallTile<T>(count, panelA, panelB, columns, c, row, available, alpha, beta, fresh, spare)
}
