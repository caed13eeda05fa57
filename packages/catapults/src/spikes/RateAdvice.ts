/**
 * Learning rate at which to continue after an instability, from measurements before the loss diverged.
 *
 * Source: derived here. A mode of curvature lambda above the limit alternates in sign and grows by rho per step. For
 * plain steps `eta lambda` is then `1 + rho`; with momentum it is `1 + beta + rho + beta / rho`. The loss grows by
 * `rho^2`. The first steps of growth therefore measure the curvature along the steps; later ones only show how far the
 * run has diverged. In the labelled logs this estimate led to a stable rate. A curvature measured at one point led to a
 * rate ten times too small or too large.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../theory/index.ts"
import type { Incident } from "./Evidence.ts"

/** Advised shares of the critical rate from a log: with momentum a network continues to sharpen where plain steps stop. */
const shares = { sgd: 0.5, momentum: 0.2, adam: 0.5, unknown: 0.2 } as const
/** Batches are sharper than all samples. */
const shareOfBatches = 0.5
/** Advised share of the current rate if no curvature is known. */
const blind = 0.1
/** Share of a measured critical rate below which no run of this package's experiments spikes. */
export const safe = 0.9

/** Learning rate with which to continue, and its basis. */
export interface RateAdvice {
  /** Advised rate over the rate at the rise; undefined if none was given. */
  readonly multiple: number | undefined
  /** Undefined if no rates were given. */
  readonly learningRate: number | undefined
  readonly criticalRate: number | undefined
  readonly from: "look" | "sharpness" | "growth" | "rate before" | "half" | "nothing"
}

/**
 * Rate after a divergence: within the safe range if the rate exceeded the critical rate. Otherwise, or if that is
 * unknown (NaN), half the current rate.
 */
export const rateAfterLoss = (learningRate: number, criticalRate: number): number =>
  criticalRate < learningRate ? safe * criticalRate : learningRate / 2

/** Learning rate over the critical rate at which the loss grows by `growth` per step, for momentum with this decay. */
export const ratioOfGrowth = (growth: number, decay: number): number => {
  const rho = Math.sqrt(growth)
  return (1 + decay + rho + decay / rho) / Theory.stabilityLimit(decay)
}

const afterLook = ({ rates: { critical = NaN, inUse } }: Incident): RateAdvice => {
  const isPast = critical < (inUse ?? Number.POSITIVE_INFINITY)
  const next = rateAfterLoss(inUse ?? Number.POSITIVE_INFINITY, critical)
  return {
    multiple: isPast ? inUse && next / inUse : 0.5,
    learningRate: isPast || inUse !== undefined ? next : undefined,
    criticalRate: isPast ? critical : undefined,
    from: isPast ? "look" : "half",
  }
}

/** Rate to go back with. */
export const rateAfter = (incident: Incident): RateAdvice => {
  const { evidence, rates, rise, run } = incident
  if (run.batch === "held") return afterLook(incident)
  const { grown, inUse: rate } = rates
  const { rateRaise } = evidence
  const share = shares[run.optimizer ?? "unknown"]
  const before = rateRaise === undefined || rateRaise < 1.5 ? 0 : 1 / rateRaise
  const made = (ratio: number, from: RateAdvice["from"], of: number): RateAdvice => {
    const borne = of / ratio
    // what a point shows is less sure than a growth: between what the network bears there and what it bore all along
    const isMixed = from !== "growth" && borne > before && before > 0
    const multiple = Math.min(
      0.9,
      isMixed ? Elementary.cbrt(borne * borne * before) : Math.max(borne, before),
    )
    return {
      multiple,
      learningRate: rate === undefined ? undefined : rate * multiple,
      criticalRate: rate === undefined || from === "nothing" ? undefined : rate / ratio,
      from: multiple === before ? "rate before" : from,
    }
  }
  if (grown !== undefined) {
    const ofBatches = run.batch === "full" || rise.noise === 0 ? 1 : shareOfBatches
    return made(grown, "growth", share * ofBatches)
  }
  if (evidence.ratio !== undefined && evidence.ratio > 1) {
    return made(evidence.ratio, "sharpness", share)
  }
  return made(1, "nothing", blind)
}
