/** Payoffs as integers: `payoff = origin + unit * entry`, without rounding. */
import { gcd, make, type Rational } from "@nonconvex/numerics/Rational"

export interface WholePayoffs {
  /** At least 0, row-major, with no common factor. */
  readonly entries: ReadonlyArray<bigint>
  readonly rows: number
  readonly columns: number
  readonly origin: Rational
  /** Above 0. */
  readonly unit: Rational
}

/** `digits * 10^exponent`, the shortest decimal that parses to the number, which recovers up to 15 written digits. */
const decimalOf = (number: number): { readonly digits: bigint; readonly exponent: number } => {
  const [mantissa = "0", exponent] = number.toExponential().split("e")
  const places = mantissa.split(".")[1]?.length ?? 0
  return { digits: BigInt(mantissa.replace(".", "")), exponent: Number(exponent) - places }
}

/** Payoffs as decimals, so that 0.1 is a tenth. */
export const ofDecimals = (payoffs: Float64Array, columns: number): WholePayoffs => {
  const known = new Map<number, ReturnType<typeof decimalOf>>()
  let least = 0
  for (const payoff of payoffs) {
    if (known.has(payoff)) continue
    const decimal = decimalOf(payoff)
    known.set(payoff, decimal)
    if (decimal.digits !== 0n) least = Math.min(least, decimal.exponent)
  }
  const whole = new Map<number, bigint>()
  const powers = new Map<number, bigint>()
  const power = (exponent: number): bigint => {
    const found = powers.get(exponent) ?? 10n ** BigInt(exponent)
    powers.set(exponent, found)
    return found
  }
  let origin: bigint | undefined
  for (const [payoff, { digits, exponent }] of known) {
    const value = digits === 0n ? 0n : digits * power(exponent - least)
    whole.set(payoff, value)
    if (origin === undefined || value < origin) origin = value
  }
  const lowest = origin ?? 0n
  let common = 0n
  for (const value of whole.values()) if (common !== 1n) common = gcd(common, value - lowest)
  // of payoffs that are all alike
  if (common === 0n) common = 1n
  for (const [payoff, value] of whole) whole.set(payoff, (value - lowest) / common)
  const denominator = 10n ** BigInt(-least)
  return {
    entries: Array.from(payoffs, (payoff) => whole.get(payoff)!),
    rows: payoffs.length / columns,
    columns,
    origin: make(lowest, denominator),
    unit: make(common, denominator),
  }
}

/** The payoff of a level of the entries. */
export const payoffOf = ({ origin, unit }: WholePayoffs, level: Rational): Rational =>
  make(
    origin.numerator * unit.denominator * level.denominator +
      unit.numerator * level.numerator * origin.denominator,
    origin.denominator * unit.denominator * level.denominator,
  )
