/** Normalised payoff matrix, independent of the unit and origin of the payoffs. */
import * as Require from "@nonconvex/numerics/Require"
import { powerOfTwo } from "../numbers/PowerOfTwo.ts"

/**
 * Scaling of payoffs to entries from 1 to 2: `1 + (payoff - origin) / unit`, with the smallest payoff as origin and a power
 * of two as unit. Doubled payoffs have the same entries, bit for bit; payoffs plus a constant have the same up to rounding.
 */
export interface Scale {
  readonly origin: number
  readonly unit: number
  /** A share of all payoffs, where their difference would overflow. */
  readonly share: number
  /** The largest entry minus 1: 0 if all payoffs are equal, else between 1/2 and 1. */
  readonly range: number
}

/** Throws InvalidInput on numbers that are not finite. */
export const scaleOf = (payoffs: Float64Array): Scale => {
  Require.allFinite("equilibrium", "payoffs", payoffs)
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const payoff of payoffs) {
    if (payoff < least) least = payoff
    if (payoff > most) most = payoff
  }
  const share = Math.max(most, -least) > 2 ** 1000 ? 0.25 : 1
  const width = share * most - share * least
  // of payoffs that are all alike, their size
  const unit = powerOfTwo(width || share * Math.abs(least) || Number.MIN_VALUE)
  return { origin: least, unit, share, range: width / unit }
}

export const entry = (payoff: number, { origin, share, unit }: Scale): number =>
  1 + (share * payoff - share * origin) / unit

/** The payoff of a level of the entries. */
export const payoffOf = (level: number, { origin, share, unit }: Scale): number =>
  (share * origin + (level - 1) * unit) / share

/** The difference of payoffs that corresponds to a difference of entries. */
export const difference = (entries: number, { share, unit }: Scale): number =>
  (entries * unit) / share
