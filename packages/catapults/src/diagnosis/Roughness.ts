/**
 * Roughness of the losses of a log: smooth as those of the same samples at every step, or scattered as those of batches.
 *
 * Source: derived here. Among six losses of different batches, each scatters, and all five changes have one sign in 1 of
 * 360 cases. Losses of the same samples turn only where momentum or an instability makes them swing, and their first
 * steps lie on a smooth curve.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Kind of samples that the losses show. */
export type Roughness = "smooth" | "scattered" | "unknown"

/** Losses of a stretch, and the shares of stretches without a turn that decide. */
const stretch = 6
const shares = { smooth: 0.3, scattered: 0.03 }
/** Number of first losses on one curve that decide alone, and their bends relative to their changes. */
const opening = { losses: 12, bends: 0.2 }
/** Fewest stretches that show scatter. */
const enough = 4

const quantile = (values: Float64Array, q: number): number =>
  values.toSorted()[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN

const changesOf = (values: Float64Array): Float64Array =>
  values.slice(1).map((value, k) => value - values[k]!)

const isMonotone = (changes: Float64Array): boolean =>
  changes.every((change) => change > 0) || changes.every((change) => change < 0)

/** Tests whether the first losses fall along one curve. */
const startsSmooth = (logs: Float64Array): boolean => {
  const changes = changesOf(logs.subarray(0, opening.losses))
  if (changes.length < opening.losses - 1 || !isMonotone(changes)) return false
  const bends = changesOf(changes).map(Math.abs)
  return quantile(bends, 0.75) < opening.bends * quantile(changes.map(Math.abs), 0.5)
}

/** Stretches of losses, and those without a turn. */
const countIn = (logs: Float64Array) => {
  let [smooth, all] = [0, 0]
  for (let k = 0; k + stretch <= logs.length; k += stretch) {
    const changes = changesOf(logs.subarray(k, k + stretch))
    // a log of few digits repeats its losses
    if (changes.every((change) => change === 0)) continue
    all++
    if (isMonotone(changes)) smooth++
  }
  return { smooth, all, isScattered: all >= enough && smooth <= shares.scattered * all }
}

/**
 * Roughness of a log, from its finite losses above `floor`. One that starts smooth and ends scattered is open: batches may
 * have become smaller, or steps swing at the stability limit.
 */
export const roughnessOf = (losses: Float64Array, floor: number): Roughness => {
  const logs = losses.filter((loss) => Number.isFinite(loss) && loss > floor).map(Elementary.log)
  const whole = countIn(logs)
  const isSmooth =
    startsSmooth(logs) || (whole.all >= enough && whole.smooth >= shares.smooth * whole.all)
  if (isSmooth) return countIn(logs.subarray(logs.length >> 1)).isScattered ? "unknown" : "smooth"
  return whole.isScattered ? "scattered" : "unknown"
}
