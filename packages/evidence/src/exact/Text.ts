/** Values for people: short fractions as they are, everything else in a few digits that are rounded outward. */
import * as Decimal from "@nonconvex/numerics/Decimal"
import * as Rational from "@nonconvex/numerics/Rational"
import * as Value from "./Value.ts"

/** Maximum length of a fraction that readers grasp at a glance. */
const mostLetters = 24

const digits = 6

/** "9/16", "20.001", or "[0.00112, 0.00113]": a decimal if it is exact and shorter than the fraction. */
export const toText = (value: Value.Value): string => {
  if (Value.isFraction(value)) {
    const fraction = Rational.toText(value)
    const decimal = String(Rational.toNumber(value))
    const isDecimal = Rational.parse(decimal)
    if (
      isDecimal !== undefined &&
      Rational.compare(isDecimal, value) === 0 &&
      decimal.length < fraction.length
    ) {
      return decimal
    }
    if (fraction.length <= mostLetters) return fraction
  }
  const { high, low } = Value.interval(value)
  const [from, to] = [Decimal.floor(low, digits), Decimal.ceil(high, digits)]
  return from === to ? String(from) : `[${from}, ${to}]`
}
