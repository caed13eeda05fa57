/** Numbers with few digits, for people, rounded to the side that a bound must keep. */
import * as Elementary from "./Elementary.ts"

/**
 * The smallest decimal of `digits` significant digits (1 to 15) that is not below the value, as a float64; not a finite one, as it is.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Decimal } from "@nonconvex/numerics"
 *
 * Decimal.ceil(1.2341, 3) // => 1.24
 * ```
 */
export const ceil = (value: number, digits: number): number => {
  if (!Number.isFinite(value)) return value
  const text = value.toExponential(digits - 1)
  const near = Number(text)
  if (near >= value) return near
  const [mantissa, exponent] = text.split("e")
  const steps = Number(mantissa!.replace(".", ""))
  const unit = Number(exponent) - digits + 1
  // below -1.00 the next decimal is -0.999, with a digit more behind the point
  return steps === -Elementary.pow(10, digits - 1)
    ? Number(`${10 * steps + 1}e${unit - 1}`)
    : Number(`${steps + 1}e${unit}`)
}

/**
 * The largest decimal of `digits` significant digits (1 to 15) that is not above the value, as `ceil`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Decimal } from "@nonconvex/numerics"
 *
 * Decimal.floor(1.2349, 3) // => 1.23
 * ```
 */
export const floor = (value: number, digits: number): number => -ceil(-value, digits)

/**
 * Writes a number to so many significant digits, without zeros that say nothing.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Decimal } from "@nonconvex/numerics"
 *
 * const texts = [2 / 3, 1200.4, 0.5].map((value) => Decimal.significant(value))
 * texts // => ["0.667", "1200", "0.5"]
 * ```
 */
export const significant = (value: number, digits = 3): string =>
  String(Number(value.toPrecision(digits)))
