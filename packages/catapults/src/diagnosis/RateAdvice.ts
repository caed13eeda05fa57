/**
 * A learning rate to go on with after an instability, from what was known before the loss was out of bounds.
 *
 * Source: derived here. A mode of curvature lambda past the limit turns around and grows by rho a step, where `eta lambda` is `1 + rho`
 * of plain steps and `1 + beta + rho + beta / rho` with momentum; the loss grows by `rho^2`. So the first steps of a growth tell the
 * curvature that the steps meet, over the distances that they take, and later ones only how far the run is lost. In the labelled
 * logs that curvature led to a rate that held, and a curvature measured at a point to one ten times too small or too large.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../theory/index.ts"
import type { Episode } from "./Episodes.ts"
import type { Signs } from "./Signs.ts"
import { decayOf, type Optimizer, type TrainingLog } from "./TrainingLog.ts"

/** The steps of a growth that tell its curvature. */
const tellingSteps = 4
/** Of the critical rate what is advised: momentum goes on sharpening a network that plain steps leave. */
const shares = { sgd: 0.5, momentum: 0.2, adam: 0.5, unknown: 0.2 } as const
/** Batches are sharper than all samples. */
const shareOfBatches = 0.5
/** Of the rate in use where no curvature is known. */
const blind = 0.1

export interface RateAdvice {
  /** Over the rate in use at the rise. */
  readonly multiple: number
  /** Undefined where the log has no rates. */
  readonly learningRate: number | undefined
  readonly criticalRate: number | undefined
  /** What it rests on. */
  readonly from: "sharpness" | "growth" | "rate before" | "nothing"
}

/** Growth of the loss a step over the first steps of a rise: their geometric mean; undefined where the log does not tell. */
const growthOf = ({ losses }: TrainingLog, { peak, start }: Episode): number | undefined => {
  const end = Math.min(peak, start + tellingSteps)
  const growth = Elementary.pow(losses[end]! / losses[start]!, 1 / (end - start))
  return growth > 1 && Number.isFinite(growth) ? growth : undefined
}

/** Learning rate over the critical one where the loss grows by `growth` a step. */
const ratioOfGrowth = (growth: number, optimizer: Optimizer | undefined): number => {
  const beta = optimizer?.name === "momentum" ? decayOf(optimizer) : 0
  const rho = Math.sqrt(growth)
  return (1 + beta + rho + beta / rho) / Theory.stabilityLimit(beta)
}

/** The rate in use at an episode, and the one before it was raised; undefined where the log has none. */
export const rateAt = ({ learningRates }: TrainingLog, { onset }: Episode): number | undefined =>
  learningRates?.subarray(Math.max(0, onset - 10), onset + 1).findLast((rate) => rate > 0)

/** What to go back with. */
export const rateAfter = (log: TrainingLog, episode: Episode, signs: Signs): RateAdvice => {
  const { batch, optimizer } = log
  const rate = rateAt(log, episode)
  const share = shares[optimizer?.name ?? "unknown"]
  const before = signs.rateRaise === undefined || signs.rateRaise < 1.5 ? 0 : 1 / signs.rateRaise
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
  const growth = growthOf(log, episode)
  if (optimizer?.name !== "adam" && growth !== undefined && signs.isConsecutive) {
    const ofBatches = batch === "full" || episode.noise === 0 ? 1 : shareOfBatches
    return made(ratioOfGrowth(growth, optimizer), "growth", share * ofBatches)
  }
  if (signs.ratio !== undefined && signs.ratio > 1) return made(signs.ratio, "sharpness", share)
  return made(1, "nothing", blind)
}
