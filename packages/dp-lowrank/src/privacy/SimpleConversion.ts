/** The one-line conversion of zero-concentrated privacy, which is the least tight. Rounded towards less privacy. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"

/** Four units in the last place: the roundings of a short formula. */
const unit = 2 ** -51

/** epsilon = rho + 2 sqrt(rho ln(1 / delta)) (Bun and Steinke 2016, Proposition 1.3, as recalled). */
export const simpleEpsilon = (rho: number, delta: number): number => {
  Require.positive("SimpleConversion.simpleEpsilon", "rho", rho)
  Require.fraction("SimpleConversion.simpleEpsilon", "delta", delta)
  return (rho + 2 * Math.sqrt(rho) * Math.sqrt(-Elementary.log(delta))) * (1 + unit)
}

/** log delta of the simple conversion, -(epsilon - rho)^2 / (4 rho) for epsilon >= rho, and 0 below. */
export const simpleLogDelta = (rho: number, epsilon: number): number => {
  Require.positive("SimpleConversion.simpleLogDelta", "rho", rho)
  return epsilon > rho
    ? -(Elementary.square((epsilon - rho) / Math.sqrt(rho)) / 4) * (1 - 2 * unit)
    : 0
}
