/** Numbers with few digits for readers, rounded to the safe side of a bound. */
import * as Elementary from "./Elementary.ts"

/**
 * Smallest decimal of `digits` significant digits (1 to 15) that is not below the value, as a float64. A value that is not
 * finite is returned unchanged.
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

/** The largest decimal of `digits` significant digits (1 to 15) that is not above the value, as `ceil`. */
export const floor = (value: number, digits: number): number => -ceil(-value, digits)

/** Writes a number with the given number of significant digits, without trailing zeros. */
export const significant = (value: number, digits = 3): string =>
  String(Number(value.toPrecision(digits)))
