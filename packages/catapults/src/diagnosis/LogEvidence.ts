/**
 * Evidence about an episode in the columns of a log.
 *
 * Source: derived here. A bad batch shows at once in its own loss and gradient. It does not change the loss and
 * gradient of a fixed batch, which depend only on the parameters. An instability grows: successive gradients reverse
 * direction and get longer.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../theory/index.ts"
import type { Evidence, Rise } from "../spikes/Evidence.ts"
import { floorOf } from "./Episodes.ts"
import { decayOf, limitOf, type TrainingLog } from "./TrainingLog.ts"

/** Steps before an episode from which its calm state is estimated. */
const before = 30
/**
 * Steps within which a change of the learning rate counts as a cause; in a log with gaps, at least the previous entry.
 */
const nearby = 10
/** Steps before a rise in which the parameters are still those at its start. */
const justBefore = 3
/** Age in steps beyond which a measured sharpness is out of date. */
const fresh = 25

/** Steps before and after a jump with which it is compared. */
const around = 10
/** Second differences, of logarithms, below which losses and gradient norms are of the same samples at every step. */
const smoothest = { losses: 2e-3, gradientNorms: 0.1 }

/** The finite numbers of a column in `[from, to]`. */
const finite = (column: Float64Array, from: number, to: number): Float64Array =>
  column.subarray(Math.max(0, from), to + 1).filter(Number.isFinite)

const largestOf = (values: Float64Array): number =>
  values.length === 0 ? Number.NaN : values.reduce((most, value) => Math.max(most, value))

const largestBefore = (column: Float64Array, start: number): number =>
  largestOf(finite(column, start - before, start))

const middleOf = (values: Float64Array, share = 0.5): number =>
  values.toSorted()[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN

/** Upper quartile of the second differences of the calm logarithms before `start`; NaN if there are too few. */
const roughness = (column: Float64Array, start: number): number => {
  const [from, to] = [Math.max(2, start - before), start + 1]
  if (to - from < around) return Number.NaN
  const bends = Float64Array.from({ length: to - from }, (_, j) => {
    const [a, b, c] = column.subarray(from + j - 2)
    return Math.abs(Elementary.log(a! / b!) - Elementary.log(b! / c!))
  })
  return middleOf(
    bends.map((bend) => (Number.isNaN(bend) ? Number.POSITIVE_INFINITY : bend)),
    0.75,
  )
}

/** Directional sharpness of the step from `k - 1` to `k`; NaN if the log does not determine it. */
export const sharpnessAt = (log: TrainingLog, k: number): number => {
  const { optimizer, products, squaredNorms } = log
  const beta = optimizer?.name === "momentum" ? decayOf(optimizer) : 0
  if (products === undefined || squaredNorms === undefined || k < 1) return Number.NaN
  if (!(squaredNorms[k - 1]! > 0)) return Number.NaN
  const earlier = beta === 0 ? 0 : k < 2 ? 0 : products[k - 1]!
  return Theory.directionalSharpness(squaredNorms[k - 1]!, products[k]!, beta, earlier)
}

/** The longest stretch of `[from, to]` on which all hold. */
const longest = (from: number, to: number, holds: (k: number) => boolean): number => {
  let [run, most] = [0, 0]
  for (let k = from; k <= to; k++) {
    run = holds(k) ? run + 1 : 0
    most = Math.max(most, run)
  }
  return most
}

const ofLosses = (
  { isAveraged, losses, steps }: TrainingLog,
  { end, onset, outcome, peak, start }: Rise,
) => {
  const floor = floorOf(losses)
  const logs = (k: number) => Elementary.log(Math.max(losses[k]!, floor))
  const top = Number.isFinite(losses[onset]!) ? Math.max(peak, onset) : onset
  let [jumpAt, largest] = [onset, Number.NEGATIVE_INFINITY]
  for (let k = start + 1; k <= top; k++) {
    const rise = Number.isFinite(losses[k]!) ? logs(k) - logs(k - 1) : Number.POSITIVE_INFINITY
    if (rise > largest) [jumpAt, largest] = [k, rise]
  }
  const isAtOnce = !Number.isFinite(losses[onset]!)
  const stride = steps.length > 1 ? steps[1]! - steps[0]! : 1
  let isConsecutive = isAveraged !== true && (Number.isInteger(stride) ? stride === 1 : true)
  for (let k = Math.max(1, start); k <= top; k++) {
    if (Math.abs(steps[k]! - steps[k - 1]! - stride) > 1e-6 * stride) isConsecutive = false
  }
  let recent = Number.NaN
  const moment = 5 + 5 * (top - start)
  for (let k = Math.max(0, start - moment); k <= start; k++) {
    if (!(losses[k]! <= recent)) recent = losses[k]!
  }
  const first = logs(start + 1) - logs(start)
  const earlier = finite(losses, jumpAt - around, jumpAt - 1)
  const highest = Elementary.log(largestOf(earlier))
  const lowest = earlier.reduce((least, loss) => Math.min(least, Math.max(loss, floor)), Infinity)
  const after = finite(losses, jumpAt + 1, jumpAt + around)
  const isFollowed = after.length >= around / 2
  return {
    jumpAt,
    standing:
      earlier.length < 4 ? 0 : (logs(jumpAt) - highest) / (highest - Elementary.log(lowest)),
    ...(isFollowed ? { laterMost: largestOf(after) / losses[jumpAt]! } : {}),
    ...(isFollowed ? { later: middleOf(after.subarray(after.length >> 1)) / losses[jumpAt]! } : {}),
    growing: longest(start + 2, top, (k) => logs(k) - logs(k - 1) > 0.5 * first),
    jump: isAtOnce ? 1 : Math.min(1, largest / (logs(top) - logs(start))),
    ramp: top - start,
    back: outcome === "closed" ? end - jumpAt : Number.POSITIVE_INFINITY,
    first,
    recently: Number.isFinite(recent) && !isAtOnce ? recent / losses[top]! : 0,
    left: (logs(jumpAt + 1) - logs(start)) / (logs(jumpAt) - logs(start)),
    isAtOnce,
    isConsecutive,
  }
}

const ofProducts = (log: TrainingLog, { onset, peak, start }: Rise, isKnown: boolean) => {
  const { products, squaredNorms } = log
  if (products === undefined || squaredNorms === undefined) return {}
  const [from, to] = [Math.max(1, start), Math.max(onset, peak)]
  const limit = log.optimizer?.name === "adam" ? Number.POSITIVE_INFINITY : limitOf(log.optimizer)
  let sharpness = Number.NaN
  for (let k = from; k <= onset; k++) {
    const now = sharpnessAt(log, k)
    if (!(now <= sharpness) && !Number.isNaN(now)) sharpness = now
  }
  let [along, counted] = [0, 0]
  for (let k = from + 1; k <= to; k++) {
    if (!Number.isFinite(products[k]!)) continue
    counted++
    if (products[k]! > 0) along++
  }
  return {
    ...(isKnown ? { past: longest(from, to, (k) => sharpnessAt(log, k) > limit) } : {}),
    ...(Number.isNaN(sharpness) ? {} : { sharpness }),
    reversals: longest(
      from,
      to,
      (k) => products[k]! < 0 && squaredNorms[k]! > squaredNorms[k - 1]!,
    ),
    ...(counted === 0 ? {} : { along: along / counted }),
  }
}

/** Correlation above which gradient norms belong to the same batches as the losses, rather than to a fixed batch. */
const isOwnFrom = 0.5

/** Correlation of the step-to-step changes of the logarithms of two columns, over the calm steps before `start`. */
const correlation = (a: Float64Array, b: Float64Array, start: number): number => {
  let [n, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0]
  for (let k = Math.max(1, start - before); k <= start; k++) {
    const [x, y] = [Elementary.log(a[k]! / a[k - 1]!), Elementary.log(b[k]! / b[k - 1]!)]
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue
    n++
    sumA += x
    sumB += y
    squareA += x * x
    squareB += y * y
    product += x * y
  }
  const [varianceA, varianceB] = [squareA - (sumA * sumA) / n, squareB - (sumB * sumB) / n]
  return n < 8 ? 0 : (product - (sumA * sumB) / n) / Math.sqrt(varianceA * varianceB)
}

const ofGradients = (log: TrainingLog, { start }: Rise, jumpAt: number) => {
  const { batch, controls, gradientNorms, losses, squaredNorms } = log
  const found: { -readonly [K in keyof Evidence]?: Evidence[K] } = {}
  const squared = squaredNorms?.[start] ?? Number.NaN
  const isSame =
    Math.abs(Elementary.square(gradientNorms?.[start] ?? Number.NaN) - squared) < 1e-6 * squared
  const isOwn =
    squaredNorms !== undefined &&
    batch !== "full" &&
    (isSame || correlation(losses, squaredNorms, start) > isOwnFrom)
  const own = gradientNorms ?? (isOwn ? squaredNorms.map(Math.sqrt) : undefined)
  if (own !== undefined) {
    const calm = largestBefore(own, start)
    if (calm > 0) {
      found.gradientAtJump = own[jumpAt]! / calm
      found.gradientLater = largestOf(finite(own, jumpAt + 1, jumpAt + around)) / own[jumpAt]!
      let count = 0
      for (let k = jumpAt - 1; k > start - 3 && k >= 0 && own[k]! > calm * 1.01; k--) count++
      found.gradientBefore = count
    }
  }
  if (gradientNorms !== undefined) {
    found.isSmooth =
      roughness(losses, start) < smoothest.losses &&
      roughness(gradientNorms, start) < smoothest.gradientNorms
  }
  if (squaredNorms !== undefined && !isOwn) {
    const calm = largestOf(finite(squaredNorms, start - justBefore + 1, start))
    if (calm > 0) found.stayingAtJump = Math.sqrt(squaredNorms[jumpAt]! / calm)
  }
  const norms = gradientNorms ?? squaredNorms ?? losses
  for (let k = Math.max(1, jumpAt - 2); k < jumpAt; k++) {
    const isLost = !Number.isFinite(norms[k]!) && Number.isFinite(norms[k - 1]!)
    if (isLost && Number.isFinite(losses[k]!)) found.isGradientLost = true
  }
  if (controls !== undefined) {
    const calm = largestOf(finite(controls, start - justBefore + 1, start))
    if (calm > 0 && Number.isFinite(controls[jumpAt]!)) {
      found.controlAtJump = controls[jumpAt]! / calm
    }
  }
  return found
}

/** Entries before a rise in which an increase of the rate is looked for. */
const lookBack = 200

/** The largest increase of the rate within ten entries, well before a rise, that it has kept. */
const earlierRaiseOf = (rates: Float64Array, start: number, now: number) => {
  let [factor, at] = [1, 0]
  for (let k = Math.max(1, start - lookBack); k <= start - nearby; k++) {
    const lower = finite(rates, k - nearby, k - 1).filter((rate) => rate > 0)
    if (lower.length === 0 || !(now > 0.67 * rates[k]!)) continue
    const least = lower.reduce((a, b) => Math.min(a, b))
    if (rates[k]! / least > factor) [factor, at] = [rates[k]! / least, k]
  }
  return factor > 1 ? { earlierRaise: factor, sinceRaise: start + 1 - at } : {}
}

const ofRates = (log: TrainingLog, { end, onset, start }: Rise) => {
  const { learningRates, sharpness, steps } = log
  if (learningRates === undefined) return {}
  const stride = onset > 0 ? steps[onset]! - steps[onset - 1]! : 1
  const entries = Number.isInteger(stride) ? Math.max(1, Math.floor(nearby / stride)) : nearby
  const rates = finite(learningRates, start - entries, onset)
  const rate = finite(learningRates, onset - nearby, onset).at(-1)
  let [least, raise] = [Number.POSITIVE_INFINITY, 0]
  for (const each of rates) {
    if (least > 0 && least < Infinity) raise = Math.max(raise, each / least)
    least = Math.min(least, each)
  }
  const limit = limitOf(log.optimizer)
  const earlier = sharpness && finite(sharpness, start - fresh, onset).at(-1)
  const later = sharpness && finite(sharpness, end, end + fresh)[0]
  const calm = sharpness?.map((value, k) => (value * learningRates[k]!) / limit)
  const most = calm && largestOf(finite(calm, start - 2 * fresh, start - nearby))
  return {
    ...(raise > 0 ? { rateRaise: raise } : {}),
    ...(rate === undefined ? {} : earlierRaiseOf(learningRates, start, rate)),
    ...(rate !== undefined && earlier !== undefined ? { ratio: (rate * earlier) / limit } : {}),
    ...(most !== undefined && most > 0 ? { ratioBefore: most } : {}),
    ...(rate !== undefined && later !== undefined ? { ratioAfter: (rate * later) / limit } : {}),
  }
}

/** Evidence of a rise in a log. */
export const evidenceOf = (log: TrainingLog, rise: Rise): Evidence => {
  const losses = ofLosses(log, rise)
  return {
    ...losses,
    ...ofRates(log, rise),
    ...ofProducts(log, rise, log.optimizer?.name !== "adam"),
    ...ofGradients(log, rise, losses.jumpAt),
  }
}
