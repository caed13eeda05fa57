/** Numbers in sentences. */

import { significant } from "@nonconvex/numerics/Decimal"
/** Three significant digits without trailing zeros, in scientific notation from a million on. */
export const show = (value: number): string => {
  if (!(Math.abs(value) >= 1e6) || !Number.isFinite(value)) return significant(value)
  const [mantissa, exponent] = value.toExponential(2).split("e")
  return `${Number(mantissa)}e${Number(exponent)}`
}
