/** Numbers in sentences and on axes: three digits, and powers of ten with superscripts. */
import { significant } from "@nonconvex/numerics/Decimal"

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹"

/** An exponent in superscript digits: `⁻⁶`. */
export const superscript = (exponent: number): string =>
  String(exponent)
    .replace("-", "⁻")
    .replaceAll(/\d/g, (digit) => raised[Number(digit)]!)

/** Sizes between which a number is written without a power of ten. */
const [small, large] = [1e-4, 1e6]

/** Formats a number with three digits: `0.0462`, `1.2 × 10⁻⁶`, `10⁷`. */
export const numberText = (value: number, digits = 3): string => {
  const size = Math.abs(value)
  const isPlain = (size >= small && size < large) || value === 0 || !Number.isFinite(value)
  const text = isPlain
    ? significant(value, digits)
    : value.toExponential(digits - 1).replace(/\.?0+e/, "e")
  const [, mantissa, exponent] = /^(.+)e([+-]?\d+)$/.exec(text) ?? []
  if (mantissa === undefined || exponent === undefined) return text.replace("-", "−")
  const power = `10${superscript(Number(exponent))}`
  return (mantissa === "1" ? power : `${mantissa} × ${power}`).replace("-", "−")
}

/** Size below which a coordinate is written as 0. */
const nothing = 1e-9

/** A point in the plane. */
export const place = ([x, y]: readonly [number, number]): string =>
  `(${[x, y].map((value) => (Math.abs(value) < nothing ? "0" : numberText(value))).join(", ")})`
