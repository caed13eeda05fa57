/**
 * Linear systems of integers, solved in exact arithmetic. The inverse modulo p gives the digits of the solution in base p
 * one after another, and enough of them determine the fractions (Dixon 1982, as recalled). Products modulo p and products of
 * a matrix with digits are sums of integers below 2^53, which the kernels compute exactly.
 */
import type { Workspace } from "@nonconvex/numerics/Workspace"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { bitsOf, magnitude } from "@nonconvex/numerics/Rational"

/** Largest primes below 2^21; sums of products of their halves stay below 2^53 in systems of `mostUnknowns`. */
const primes = [2097143, 2097133, 2097131, 2097097]
export const mostUnknowns = 4096

export interface WholeSystem {
  readonly size: number
  /** Row-major. */
  readonly entries: ReadonlyArray<bigint>
  readonly prime: number
  /** Modulo the prime. */
  readonly inverse: Float64Array
  /** The entries are `sum_k limbs[k] 2^(k width)`. */
  readonly limbs: ReadonlyArray<Float64Array>
  readonly width: number
  /** Bits of a row: those of its largest entry, plus those of the square root of their number. */
  readonly rowBits: ReadonlyArray<number>
  readonly kernels: Kernels.Kernels
}

/** Binary digits of a limb in a system of this size. */
const widthOf = (size: number): number => 53 - 20 - 1 - Math.ceil(Elementary.log2(size + 1))

/** Size of the workspace of a system, from the binary digits of its entries. */
export const room = (size: number, bits: number): number =>
  (3 + Math.ceil(bits / widthOf(size))) * Elementary.square(size + 8)

/** The remainder of least magnitude. */
const remainder = (value: number, prime: number): number => {
  const near = value - prime * Math.round(value / prime)
  if (near > prime / 2) return near - prime
  return near < -prime / 2 ? near + prime : near
}

const inverseModulo = (value: number, prime: number): number => {
  let [r, before, s, last] = [Math.abs(value), prime, 1, 0]
  while (r !== 1) {
    const quotient = Math.floor(before / r)
    ;[before, r] = [r, before - quotient * r]
    ;[last, s] = [s, last - quotient * s]
  }
  return remainder(value < 0 ? -s : s, prime)
}

/** Inverts in place by Gauss-Jordan steps with row exchanges; false if the matrix is singular modulo the prime. */
const invert = (matrix: Float64Array, size: number, prime: number): boolean => {
  const order = Array.from({ length: size }, (_, i) => i)
  const rows = order.map((i) => matrix.subarray(i * size, (i + 1) * size))
  for (let c = 0; c < size; c++) {
    let at = c
    while (at < size && rows[at]![c] === 0) at++
    if (at === size) return false
    const row = rows[at]!
    rows[at] = rows[c]!
    rows[c] = row
    const from = order[at]!
    order[at] = order[c]!
    order[c] = from
    const pivot = inverseModulo(row[c]!, prime)
    row[c] = 1
    for (let j = 0; j < size; j++) row[j] = remainder(row[j]! * pivot, prime)
    for (let i = 0; i < size; i++) {
      const other = rows[i]!
      const factor = other[c]!
      if (i === c || factor === 0) continue
      other[c] = 0
      for (let j = 0; j < size; j++) {
        const value = other[j]! - factor * row[j]!
        other[j] = value - prime * Math.round(value / prime)
      }
    }
  }
  // columns back into the order that the rows were taken in
  const sorted = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) sorted[i * size + order[j]!] = remainder(rows[i]![j]!, prime)
  }
  matrix.set(sorted)
  return true
}

/** The system, prepared for right-hand sides; undefined if it is singular (or, very rarely, only modulo four primes). */
export const prepare = (
  entries: ReadonlyArray<bigint>,
  size: number,
  kernels: Kernels.Kernels,
  workspace: Workspace,
): WholeSystem | undefined => {
  const inverse = workspace.f64(size * size)
  const prime = primes.find((p) => {
    for (let k = 0; k < entries.length; k++) {
      inverse[k] = remainder(Number(entries[k]! % BigInt(p)), p)
    }
    return invert(inverse, size, p)
  })
  if (prime === undefined) return undefined
  const rowBits = Array.from({ length: size }, (_, i) => {
    const row = entries.slice(i * size, (i + 1) * size)
    return bitsOf(row.reduce((most, x) => (magnitude(x) > most ? magnitude(x) : most), 0n))
  })
  const width = widthOf(size)
  const count = Math.max(1, Math.ceil(Math.max(...rowBits) / width))
  const limbs = Array.from({ length: count }, () => workspace.f64(size * size))
  const base = 1n << BigInt(width)
  for (let k = 0; k < entries.length; k++) {
    let rest = entries[k]!
    for (let l = 0; rest !== 0n; l++) {
      limbs[l]![k] = Number(rest % base)
      rest /= base
    }
  }
  return {
    size,
    entries,
    prime,
    inverse,
    limbs,
    width,
    rowBits: rowBits.map((bits) => bits + Elementary.log2(size) / 2),
    kernels,
  }
}

/** `numerators[i] / denominator`, the denominator above 0 and the least common one. */
export interface WholeSolution {
  readonly numerators: ReadonlyArray<bigint>
  readonly denominator: bigint
}

/** Reduced fraction with terms up to `bound` that equals `value` modulo `modulus`, if there is one. */
const reconstruct = (value: bigint, modulus: bigint, bound: bigint) => {
  let [before, r, last, s] = [modulus, value, 0n, 1n]
  while (r > bound) {
    const quotient = before / r
    ;[before, r] = [r, before - quotient * r]
    ;[last, s] = [s, last - quotient * s]
  }
  if (s === 0n || magnitude(s) > bound) return undefined
  return s < 0n ? { numerator: -r, denominator: -s } : { numerator: r, denominator: s }
}

/** The fractions with a common denominator that these are modulo `modulus`, if they are small. */
const fractionsOf = (values: ReadonlyArray<bigint>, modulus: bigint): WholeSolution | undefined => {
  const bound = 1n << BigInt((modulus.toString(2).length - 2) >> 1)
  const half = modulus >> 1n
  const near = (x: bigint) => {
    const rest = x % modulus
    if (rest > half) return rest - modulus
    return rest < -half ? rest + modulus : rest
  }
  let denominator = 1n
  const numerators: Array<bigint> = []
  for (const value of values) {
    const scaled = near(value * denominator)
    if (magnitude(scaled) <= bound) {
      numerators.push(scaled)
      continue
    }
    const found = reconstruct(scaled < 0n ? scaled + modulus : scaled, modulus, bound)
    if (found === undefined) return undefined
    denominator *= found.denominator
    if (denominator > bound) return undefined
    for (const [i, numerator] of numerators.entries()) {
      numerators[i] = numerator * found.denominator
    }
    numerators.push(found.numerator)
  }
  return { numerators, denominator }
}

/** Tests whether the solution satisfies the system. */
const holds = (
  { entries, size }: WholeSystem,
  transpose: boolean,
  right: ReadonlyArray<bigint>,
  { denominator, numerators }: WholeSolution,
): boolean =>
  right.every((value, i) => {
    let sum = -value * denominator
    for (let j = 0; j < size; j++) {
      const [a, b] = [entries[transpose ? j * size + i : i * size + j]!, numerators[j]!]
      if (a !== 0n && b !== 0n) sum += a * b
    }
    return sum === 0n
  })

/**
 * Solves `A x = right`, or `A^T x = right`. `onDigit` receives the number of digits so far, and the number that always
 * suffices.
 */
export const solve = (
  system: WholeSystem,
  transpose: boolean,
  right: ReadonlyArray<bigint>,
  onDigit: (digits: number, most: number) => void,
): WholeSolution => {
  const { inverse, kernels, limbs, prime, rowBits, size, width } = system
  const p = BigInt(prime)
  // by Hadamard: numerators and denominator are determinants
  const ofRight = right.reduce((most, x) => Math.max(most, bitsOf(x)), 0)
  const bits = rowBits.reduce((sum, b) => sum + Math.max(0, b), ofRight)
  const most = Math.ceil((2 * bits + 8) / Elementary.log2(prime)) + 1
  return kernels.arena.scoped((workspace) => {
    const [off, digit, sums] = [0, 1, 2].map(() => workspace.f64(size)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const values: Array<bigint> = right.map(() => 0n)
    let residual = right
    let power = 1n
    let fresh: Array<Float64Array> = []
    for (let digits = 1, next = 8; ; digits++) {
      for (let i = 0; i < size; i++) off[i] = remainder(Number(residual[i]! % p), prime)
      kernels.gemv(transpose, size, size, 1, inverse, off, 0, digit)
      for (let i = 0; i < size; i++) digit[i] = remainder(digit[i]!, prime)
      fresh.push(digit.slice())
      const left = residual.slice()
      for (const [l, limb] of limbs.entries()) {
        kernels.gemv(transpose, size, size, 1, limb, digit, 0, sums)
        for (let i = 0; i < size; i++) left[i]! -= BigInt(sums[i]!) << BigInt(l * width)
      }
      residual = left.map((x) => x / p)
      onDigit(digits, most)
      const isExact = residual.every((x) => x === 0n)
      if (digits < Math.min(next, most) && !isExact) continue
      next = Math.ceil(1.4 * digits)
      for (let i = 0; i < size; i++) {
        let block = 0n
        for (let t = fresh.length - 1; t >= 0; t--) block = block * p + BigInt(fresh[t]![i]!)
        values[i]! += block * power
      }
      power *= p ** BigInt(fresh.length)
      fresh = []
      if (isExact) return { numerators: values, denominator: 1n }
      const found = fractionsOf(values, power)
      if (found !== undefined && holds(system, transpose, right, found)) return found
      if (digits >= most) throw new Error("digits past Hadamard's bound give no solution")
    }
  })
}
