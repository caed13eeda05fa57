/** Numbers of methods, read exactly. */
import * as Rational from "@nonconvex/numerics/Rational"
import { InvalidMethod } from "../method/Failures.ts"

/** The fraction that a number or a text means. Throws InvalidMethod. */
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
