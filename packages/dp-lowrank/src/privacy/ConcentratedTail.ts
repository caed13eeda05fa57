/** The delta of zero-concentrated privacy at an epsilon, in the log domain. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"

/** Four units in the last place: the roundings of a short formula. */
const unit = 2 ** -51

/**
 * log delta of Canonne, Kamath, Steinke 2020 (Proposition 7, as recalled): the minimum over a > 1 of `(a - 1)(a rho -
 * epsilon) + a ln(1 - 1/a) - ln(a - 1)`. Each a gives an upper bound, so a slightly missed minimum is safe; a bound on the
 * rounding error is added. Throws InvalidInput on a rho that is not positive.
 */
export const logDelta = (rho: number, epsilon: number): number => {
  Require.positive("ZeroConcentrated.logDelta", "rho", rho)
  // ln(1 - 1/a) = -ln(1 + 1/excess), without cancellation
  const logShare = (excess: number): number => -Elementary.log1p(1 / excess)
  const upper = (excess: number): number => {
    const a = 1 + excess
    const [gain, loss] = [excess * a * rho, excess * epsilon]
    const [shrunk, log] = [a * logShare(excess), Elementary.log(excess)]
    return gain - loss + shrunk - log + unit * (gain + loss - shrunk + Math.abs(log))
  }
  // the slope (2a - 1) rho - epsilon + ln(1 - 1/a) increases in a
  const slope = (excess: number): number => (1 + 2 * excess) * rho - epsilon + logShare(excess)
  let [low, high] = [1e-12, 1]
  while (slope(high) < 0 && high < 1e300) high *= 2
  for (let i = 0; i < 100 && high / low > 1 + 1e-15; i++) {
    const middle = Math.sqrt(low) * Math.sqrt(high)
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  return Math.min(0, upper(high))
}
