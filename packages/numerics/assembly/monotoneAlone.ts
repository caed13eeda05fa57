/**
 * One run of projected descent or of extragradient in a bilinear game, coordinate i of both players in the lanes of vector i: the twin of `reference/Monotone.ts`, with
 * its operator. No multiply-add is fused, whatever the build.
 *
 * What one player does not have is 0, of either player up to an even number of vectors; in a projection onto a simplex it is -Infinity.
 */
import { ball, intoBall, intoSimplex, simplex, support, within } from "./sets"
import { at, multiplyAdd, zero } from "./simd"

/** Bytes of the coordinates that both players have, that one has, and of a point. */
let both: usize = 0
let some: usize = 0
let size: usize = 0
/** Bytes of the numbers of each player, in a row of a matrix: a multiple of 4 numbers. */
let rowOfMin: usize = 0
let rowOfMax: usize = 0
let countOfMin: usize = 0
let countOfMax: usize = 0
let hasSaddle: bool = false
let hasCenter: bool = false
let strength: v128 = zero()
let kindOfSets: i32 = 0
let extents: v128 = zero()
/** In the lane of the player with fewer coordinates. */
let hole: v128 = zero()

/** Two coordinates of sum_j y_j column_j, in the order of a product of vectors: `y` is the first of numbers that are 16 bytes apart. */
@inline
function multiplyColumns(columns: usize, row: usize, y: usize, count: usize, out: usize): void {
  for (let v: usize = 0; v < row; v += 32) {
    let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero()
    let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero()
    let a = columns + v
    let p = y
    const end = y + (count << 4)
    for (const whole = y + ((count & ~3) << 4); p < whole; p += 64) {
      let value = v128.load64_splat(p)
      a0 = multiplyAdd(at(a), value, a0)
      b0 = multiplyAdd(v128.load(a, 16), value, b0)
      a += row
      value = v128.load64_splat(p, 16)
      a1 = multiplyAdd(at(a), value, a1)
      b1 = multiplyAdd(v128.load(a, 16), value, b1)
      a += row
      value = v128.load64_splat(p, 32)
      a2 = multiplyAdd(at(a), value, a2)
      b2 = multiplyAdd(v128.load(a, 16), value, b2)
      a += row
      value = v128.load64_splat(p, 48)
      a3 = multiplyAdd(at(a), value, a3)
      b3 = multiplyAdd(v128.load(a, 16), value, b3)
      a += row
    }
    if (p < end) {
      const value = v128.load64_splat(p)
      a0 = multiplyAdd(at(a), value, a0)
      b0 = multiplyAdd(v128.load(a, 16), value, b0)
      a += row
    }
    if (p + 16 < end) {
      const value = v128.load64_splat(p, 16)
      a1 = multiplyAdd(at(a), value, a1)
      b1 = multiplyAdd(v128.load(a, 16), value, b1)
      a += row
    }
    if (p + 32 < end) {
      const value = v128.load64_splat(p, 32)
      a2 = multiplyAdd(at(a), value, a2)
      b2 = multiplyAdd(v128.load(a, 16), value, b2)
    }
    v128.store(out + v, f64x2.add(f64x2.add(a0, a1), f64x2.add(a2, a3)))
    v128.store(out + v, f64x2.add(f64x2.add(b0, b1), f64x2.add(b2, b3)), 16)
  }
}

/** The same of sum_i x_i row_i, term after term. */
@inline
function multiplyRows(rows: usize, row: usize, x: usize, count: usize, out: usize): void {
  const end = x + (count << 4)
  let v: usize = 0
  for (; v + 64 <= row; v += 64) {
    let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero()
    let a = rows + v
    for (let p = x; p < end; p += 16) {
      const value = v128.load64_splat(p)
      a0 = multiplyAdd(at(a), value, a0)
      a1 = multiplyAdd(v128.load(a, 16), value, a1)
      a2 = multiplyAdd(v128.load(a, 32), value, a2)
      a3 = multiplyAdd(v128.load(a, 48), value, a3)
      a += row
    }
    v128.store(out + v, a0)
    v128.store(out + v, a1, 16)
    v128.store(out + v, a2, 32)
    v128.store(out + v, a3, 48)
  }
  if (v == row) return
  let a0 = zero(), a1 = zero()
  let a = rows + v
  for (let p = x; p < end; p += 16) {
    const value = v128.load64_splat(p)
    a0 = multiplyAdd(at(a), value, a0)
    a1 = multiplyAdd(v128.load(a, 16), value, a1)
    a += row
  }
  v128.store(out + v, a0)
  v128.store(out + v, a1, 16)
}

/** V(z), with the two products in `room`, behind a point. A by columns, A by rows, the saddle and the center lie one after the other at `problem`. */
function ask(problem: usize, z: usize, error: usize, out: usize, room: usize): void {
  const rows = problem + countOfMax * rowOfMin
  const saddle = rows + countOfMin * rowOfMax
  let offset = z
  if (hasSaddle) {
    for (let i: usize = 0; i < size; i += 16) v128.store(room + i, f64x2.sub(at(z + i), at(saddle + i)))
    offset = room
  }
  const ofMin = room + size
  const ofMax = ofMin + max(rowOfMin, rowOfMax)
  multiplyColumns(problem, rowOfMin, offset + 8, countOfMax, ofMin)
  multiplyRows(rows, rowOfMax, offset, countOfMin, ofMax)
  const center = saddle + size
  for (let i: usize = 0; i < size; i += 32) {
    const x = at(ofMin + (i >> 1))
    const y = f64x2.neg(at(ofMax + (i >> 1)))
    let first = f64x2.add(v128.shuffle<f64>(x, y, 0, 2), at(error + i))
    let second = f64x2.add(v128.shuffle<f64>(x, y, 1, 3), v128.load(error + i, 16))
    if (hasCenter) {
      first = f64x2.add(first, f64x2.mul(strength, f64x2.sub(at(z + i), at(center + i))))
      second = f64x2.add(second, f64x2.mul(strength, f64x2.sub(v128.load(z + i, 16), v128.load(center + i, 16))))
    }
    v128.store(out + i, first)
    v128.store(out + i, second, 16)
  }
}

/** Makes holes of what one player does not have. */
@inline
function dig(z: usize): void {
  for (let i = both; i < some; i += 16) v128.store(z + i, f64x2.sub(at(z + i), hole))
}

/** Moves a point into the sets; whether its numbers are ordinary. */
@inline
function confine(z: usize, guess: usize, room: usize): bool {
  if (kindOfSets == ball) return i64x2.all_true(intoBall(z, z + some, 16, extents))
  const ordinary = within(z, z + some)
  if (kindOfSets == simplex) {
    dig(z)
    intoSimplex(false, z, z + some, extents, guess, room)
  }
  return i64x2.all_true(ordinary)
}

/** The sum of numbers of the first player and then of the second. */
@inline
function total(from: usize): f64 {
  let sum: f64 = 0
  for (let i: usize = 0; i < countOfMin; i++) sum += load<f64>(from + (i << 4))
  for (let i: usize = 0; i < countOfMax; i++) sum += load<f64>(from + (i << 4), 8)
  return sum
}

/** As that of `monotone.ts`, of the answer at z; in `room` are four sums. */
function violation(z: usize, answer: usize, room: usize): f64 {
  v128.store(room, zero())
  v128.store(room, zero(), 16)
  for (let i: usize = 0; i < countOfMin + countOfMax; i++) {
    const from = i < countOfMin ? i << 4 : ((i - countOfMin) << 4) + 8
    const sum = room + ((i & 3) << 3)
    store<f64>(sum, load<f64>(sum) + load<f64>(answer + from) * load<f64>(z + from))
  }
  const product = load<f64>(room) + load<f64>(room, 8) + (load<f64>(room, 16) + load<f64>(room, 24))
  // the largest of the negatives is no hole
  if (kindOfSets == simplex) for (let i = both; i < some; i += 16) v128.store(answer + i, f64x2.add(at(answer + i), hole))
  const supports = support(kindOfSets, extents, answer, answer + some, 16)
  return product + (f64x2.extract_lane(supports, 0) + f64x2.extract_lane(supports, 1))
}

/** Adds a point to the mean, the sum and then what it has lost, and brings the next point to `z`. */
@inline
function add(mean: usize, point: usize, z: usize, moved: usize): void {
  for (let i: usize = 0; i < size; i += 16) {
    const held = at(mean + i)
    const next = at(point + i)
    v128.store(z + i, at(moved + i))
    const sum = f64x2.add(held, next)
    const added = f64x2.sub(sum, held)
    const lost = f64x2.add(f64x2.sub(held, f64x2.sub(sum, added)), f64x2.sub(next, added))
    v128.store(mean + size + i, f64x2.add(at(mean + size + i), lost))
    v128.store(mean + i, sum)
  }
}

/**
 * As `descendMonotone`, of a run whose sets are of one kind; balls are of as many coordinates. `problem` has A by columns and by rows, each of a multiple of 4 numbers, the saddle and the center; `errors` one a
 * query, the next `stride` bytes later; `points` the point and the mean; `best` the best candidate, behind its residual. `work` holds eight points and four numbers, and two of the longest rows, which are 0.
 */
export function descendMonotoneAlone(
  isExtra: bool, steps: i32, m: i32, n: i32, kind: i32, minExtent: f64, maxExtent: f64, given: f64, isOff: bool,
  pull: f64, isPulled: bool, until: f64, modulus: f64, doubt: f64, goal: f64, slack: f64, accuracy: f64,
  problem: usize, errors: usize, stride: usize, points: usize, best: usize, work: usize,
): i32 {
  countOfMin = m
  countOfMax = n
  both = <usize>min(m, n) << 4
  some = <usize>max(m, n) << 4
  size = (some + 16) & ~31
  rowOfMin = ((<usize>m << 3) + 31) & ~31
  rowOfMax = ((<usize>n << 3) + 31) & ~31
  strength = f64x2.splat(pull)
  hasSaddle = isOff
  hasCenter = isPulled
  kindOfSets = kind
  extents = f64x2.replace_lane(f64x2.splat(minExtent), 1, maxExtent)
  hole = f64x2.replace_lane(f64x2.splat(m < n ? Infinity : 0), 1, m < n ? 0 : Infinity)
  const step = f64x2.splat(given)
  const inverse = f64x2.splat(1 / given)
  const next = work
  const candidate = next + size
  const here = candidate + size
  const half = here + size
  const squares = half + size
  const products = squares + size
  const lengths = products + size
  const guesses = lengths + size
  const room = guesses + 32
  v128.store(guesses, f64x2.splat(-Infinity))
  v128.store(guesses, f64x2.splat(-Infinity), 16)
  const isMeasured = until >= 0 || goal >= 0
  const isWatched = doubt == doubt
  for (let taken = 0; taken < steps; taken++) {
    let residual: f64 = Infinity
    ask(problem, points, errors, here, room)
    const to = isExtra ? candidate : next
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.sub(at(points + i), f64x2.mul(step, at(here + i))))
    let isOrdinary = confine(to, isExtra ? guesses + 16 : guesses, room)
    let isSettled = false
    if (isExtra) {
      ask(problem, candidate, errors + stride, half, room)
      let quick = zero()
      for (let i: usize = 0; i < size; i += 16) {
        const before = at(points + i)
        const back = f64x2.sub(before, at(candidate + i))
        const change = f64x2.sub(at(half + i), at(here + i))
        const rest = f64x2.add(change, f64x2.mul(back, inverse))
        const square = f64x2.mul(rest, rest)
        quick = f64x2.add(quick, square)
        v128.store(squares + i, square)
        if (isWatched) {
          v128.store(products + i, f64x2.mul(change, back))
          v128.store(lengths + i, f64x2.mul(back, back))
        }
        v128.store(next + i, f64x2.sub(before, f64x2.mul(step, at(half + i))))
      }
      // far below the largest number the order of a sum does not tell whether it overflows
      if (isMeasured || !i64x2.all_true(f64x2.lt(quick, f64x2.splat(1e300)))) {
        const square = total(squares)
        residual = sqrt(square)
        isOrdinary = isOrdinary && square < Infinity
      }
      if (isWatched) {
        const moved = sqrt(total(lengths))
        isOrdinary = isOrdinary && !(-total(products) < modulus * moved * moved - doubt * moved)
      }
      let isWithin = false
      if (accuracy >= 0) {
        const left = violation(candidate, half, room)
        isOrdinary = isOrdinary && left == left
        isWithin = left + slack <= accuracy
      }
      isOrdinary = confine(next, guesses, room) && isOrdinary
      isSettled = !(residual > until) || isWithin
    }
    if (!isOrdinary) return taken
    if (isSettled) return ~taken
    add(points + size, isExtra ? candidate : points, points, next)
    if (goal >= 0 && residual <= goal && residual < load<f64>(best)) {
      store<f64>(best, residual)
      for (let i: usize = 0; i < size; i += 16) v128.store(best + 16 + i, at(candidate + i))
    }
    errors += isExtra ? stride << 1 : stride
  }
  return steps
}
