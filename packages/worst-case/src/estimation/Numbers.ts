/** Exact reading of the numbers in methods. */
import * as Rational from "@nonconvex/numerics/Rational"
import { InvalidMethod } from "../method/Failures.ts"

/** Converts a number or text to the fraction that it denotes. Throws InvalidMethod. */
export const readNumber = (place: string, value: number | string): Rational.Rational => {
  const read = Rational.parse(String(value))
  if (read === undefined) {
    throw new InvalidMethod({
      place,
      problem: `${JSON.stringify(value).slice(0, 40)} is not a number: write 0.25 or "1/4"`,
    })
  }
  return read
}
