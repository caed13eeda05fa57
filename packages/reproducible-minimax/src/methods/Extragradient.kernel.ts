/**
 * Runs of extragradient and of gradient descent-ascent in small bilinear games. Coordinate i of both players lies in the lanes of
 * vector i. This is the twin of `Extragradient.ts` and of `GradientDescentAscent.ts`.
 *
 * The operator of a run is `V(z) = (A (y - y*), -A^T (x - x*)) + e + strength (z - c)`; each run has its own numbers. All runs take a part
 * of a step before any takes the next part, so that the processor overlaps them. Padding is 0, for either player up to an even number of
 * vectors; in a projection onto a simplex it is -Infinity.
 */
import { ball, intoBall, intoSimplex, simplex, support, within } from "../../../numerics/assembly/sets"
import { at, multiplyAdd, zero } from "../../../numerics/assembly/simd"

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

/** Marks the padding of the shorter player. */
@inline
function dig(z: usize): void {
  for (let i = both; i < some; i += 16) v128.store(z + i, f64x2.sub(at(z + i), hole))
}

/** Moves a point into the sets; whether its numbers are ordinary. */
@inline
function confine(z: usize, guess: usize, room: usize): bool {
  if (kindOfSets == ball) return i64x2.all_true(intoBall(z, z + some, extents))
  const ordinary = within(z, z + some)
  if (kindOfSets == simplex) {
    dig(z)
    intoSimplex(z, z + some, extents, guess, room)
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

/** `max over z' of V^T (z - z')` over the sets of both players, with the answer V at z; NaN if a part is NaN. In `room` are four sums. */
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
  const supports = support(kindOfSets, extents, answer, answer + some)
  return product + (f64x2.extract_lane(supports, 0) + f64x2.extract_lane(supports, 1))
}

/** Adds a point to the mean by compensated summation, and loads the next point into `z`. */
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

/** Ends of steps: see `ExtragradientLimits`. */
let until: f64 = 0
let modulus: f64 = 0
let doubt: f64 = 0
let goal: f64 = 0
let slack: f64 = 0
let accuracy: f64 = 0
let given: f64 = 0
let stride: usize = 0

/**
 * Reads the common data of the runs: step, strength, kind and extents of the sets, presence of a saddle and a centre, bytes
 * between errors, and the limits.
 */
function prepare(m: i32, n: i32, numbers: usize): void {
  countOfMin = m
  countOfMax = n
  both = <usize>min(m, n) << 4
  some = <usize>max(m, n) << 4
  size = (some + 16) & ~31
  rowOfMin = ((<usize>m << 3) + 31) & ~31
  rowOfMax = ((<usize>n << 3) + 31) & ~31
  hole = f64x2.replace_lane(f64x2.splat(m < n ? Infinity : 0), 1, m < n ? 0 : Infinity)
  given = load<f64>(numbers)
  strength = v128.load64_splat(numbers, 8)
  kindOfSets = <i32>load<f64>(numbers, 16)
  extents = v128.load(numbers, 24)
  hasSaddle = load<f64>(numbers, 40) != 0
  hasCenter = load<f64>(numbers, 48) != 0
  stride = <usize>load<f64>(numbers, 56)
  until = load<f64>(numbers, 64)
  modulus = load<f64>(numbers, 72)
  doubt = load<f64>(numbers, 80)
  goal = load<f64>(numbers, 88)
  slack = load<f64>(numbers, 96)
  accuracy = load<f64>(numbers, 104)
}

/** `z - step answer` at `to`. */
@inline
function move(z: usize, answer: usize, to: usize): void {
  const step = f64x2.splat(given)
  for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.sub(at(z + i), f64x2.mul(step, at(answer + i))))
}

let residual: f64 = 0
let isWithin: bool = false

/**
 * Computes the next point from the answers at z (`here`) and at the candidate (`half`), and the quantities of the limits. Returns
 * whether all numbers are in the normal range. `parts` is for three points.
 */
@inline
function land(z: usize, candidate: usize, here: usize, half: usize, next: usize, parts: usize, room: usize): bool {
  const step = f64x2.splat(given)
  const inverse = f64x2.splat(1 / given)
  const squares = parts, products = squares + size, lengths = products + size
  const isMeasured = until >= 0 || goal >= 0
  const isWatched = doubt == doubt
  let quick = zero()
  for (let i: usize = 0; i < size; i += 16) {
    const before = at(z + i)
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
  let isOrdinary = true
  residual = Infinity
  isWithin = false
  // far below the largest number the order of a sum does not tell whether it overflows
  if (isMeasured || !i64x2.all_true(f64x2.lt(quick, f64x2.splat(1e300)))) {
    const square = total(squares)
    residual = sqrt(square)
    isOrdinary = square < Infinity
  }
  if (isWatched) {
    const moved = sqrt(total(lengths))
    isOrdinary = isOrdinary && !(-total(products) < modulus * moved * moved - doubt * moved)
  }
  if (accuracy >= 0) {
    const left = violation(candidate, half, room)
    isOrdinary = isOrdinary && left == left
    isWithin = left + slack <= accuracy
  }
  return isOrdinary
}

/**
 * Takes up to `steps` steps of `runs` runs, `pitch` bytes apart, of extragradient or of descent-ascent. Returns how many, or
 * their complement if the next step reaches a limit. It stops before the first step in which the numbers of a run come close
 * to overflow or underflow.
 *
 * A run has these parts, one after the other. First come the point and the mean, then the best candidate behind two numbers, the
 * first of which is its residual. Then come eight points, four numbers and twice the longest row, all 0. A follows by columns and
 * by rows, each of a multiple of 4 numbers, then the saddle and the centre. The errors come last, one a query, the next `stride`
 * bytes later.
 */
export function descend(isExtra: bool, steps: i32, runs: i32, m: i32, n: i32, numbers: usize, first: usize, pitch: usize): i32 {
  prepare(m, n, numbers)
  const ofBest: usize = 3 * size
  const ofWork = ofBest + 16 + size
  const ofGuesses = ofWork + 7 * size
  const ofRoom = ofGuesses + 32
  const ofProblem = ofRoom + size + 2 * max(rowOfMin, rowOfMax)
  let ofErrors = ofProblem + <usize>n * rowOfMin + <usize>m * rowOfMax + 2 * size
  const last = first + <usize>runs * pitch
  for (let run = first; run < last; run += pitch) {
    v128.store(run + ofGuesses, f64x2.splat(-Infinity))
    v128.store(run + ofGuesses, f64x2.splat(-Infinity), 16)
  }
  for (let taken = 0; taken < steps; taken++) {
    let isOrdinary = true
    // the next point, the candidate, the answers at the point and at the candidate, and three points
    for (let run = first; run < last; run += pitch) {
      const next = run + ofWork
      ask(run + ofProblem, run, run + ofErrors, next + 2 * size, run + ofRoom)
      move(run, next + 2 * size, isExtra ? next + size : next)
    }
    for (let run = first; run < last; run += pitch) {
      const to = isExtra ? run + ofWork + size : run + ofWork
      isOrdinary = confine(to, run + ofGuesses + (isExtra ? 16 : 0), run + ofRoom) && isOrdinary
    }
    if (isExtra) {
      let isAbove = false
      let isDone = false
      for (let run = first; run < last; run += pitch) {
        const next = run + ofWork
        const candidate = next + size, here = candidate + size, half = here + size
        ask(run + ofProblem, candidate, run + ofErrors + stride, half, run + ofRoom)
        isOrdinary = land(run, candidate, here, half, next, half + size, run + ofRoom) && isOrdinary
        store<f64>(run + ofBest, residual, 8)
        isAbove = isAbove || residual > until
        isDone = isDone || isWithin
      }
      for (let run = first; run < last; run += pitch) isOrdinary = confine(run + ofWork, run + ofGuesses, run + ofRoom) && isOrdinary
      if (isOrdinary && (!isAbove || isDone)) return ~taken
    }
    if (!isOrdinary) return taken
    for (let run = first; run < last; run += pitch) {
      const next = run + ofWork
      const candidate = next + size
      add(run + size, isExtra ? candidate : run, run, next)
      const best = run + ofBest
      const found = load<f64>(best, 8)
      if (isExtra && goal >= 0 && found <= goal && found < load<f64>(best)) {
        store<f64>(best, found)
        for (let i: usize = 0; i < size; i += 16) v128.store(best + 16 + i, at(candidate + i))
      }
    }
    ofErrors += isExtra ? stride << 1 : stride
  }
  return steps
}
