import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"

/** Four units in the last place: the roundings of a short formula. */
const unit = 2 ** -51

/**
 * rho = Delta^2 / (2 s^2) of Gaussian noise, continuous or discrete, of standard deviation s at sensitivity Delta. Bun and
 * Steinke 2016; Canonne, Kamath, Steinke 2020, Theorem 4; as recalled. Throws InvalidInput on a deviation that is not positive.
 */
export const rhoOfGaussian = (sensitivity: number, standardDeviation: number): number => {
  Require.positive("rhoOfGaussian", "standardDeviation", standardDeviation)
  Require.nonNegative("rhoOfGaussian", "sensitivity", sensitivity)
  return 0.5 * Elementary.square(sensitivity / standardDeviation) * (1 + unit)
}
