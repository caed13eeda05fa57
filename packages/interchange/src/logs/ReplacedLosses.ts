/** Losses that were not numbers, and that the trainer replaced in its log. */

/** Losses with infinities in place of NaN, and the evidence for them. */
interface Replaced {
  readonly losses: Float64Array
  readonly notes: ReadonlyArray<string>
}

interface Given {
  readonly steps: Float64Array
  /** Infinite if a loss was not a number in the log. */
  readonly losses: Float64Array
  /** The same for gradient norms; NaN if there is none. */
  readonly gradientNorms: Float64Array | undefined
  /** Share of losses that were not numbers, as TRL counts them. */
  readonly shares: Float64Array | undefined
  /** True if the trainer is known to replace them. */
  readonly isFiltered: boolean
}

/** Share of the first loss: after a loss above it, a loss of 0 does not mean a perfect fit. */
const sudden = 1e-2
/** Number of identical losses that cannot be chance. */
const many = 5

const wasLost = (values: Float64Array | undefined, k: number): boolean =>
  values !== undefined && Math.abs(values[k]!) === Number.POSITIVE_INFINITY

/** Losses of 0 in a sequence that begins far above 0. */
const suddenZeros = (losses: Float64Array): Uint8Array => {
  const found = new Uint8Array(losses.length)
  const first = losses.find((loss) => Number.isFinite(loss) && loss > 0) ?? 0
  let isFar = false
  for (let k = 0; k < losses.length; k++) {
    if (losses[k] !== 0) isFar = losses[k]! > sudden * first
    else if (isFar) found[k] = 1
  }
  return found
}

/** Number of final losses that are identical, if the earlier ones were not. */
const repeated = (losses: Float64Array): number => {
  let count = 1
  while (count < losses.length && losses.at(-1 - count) === losses.at(-1)) count++
  const isNumber = Number.isFinite(losses.at(-1)) && losses.at(-1) !== 0
  return isNumber && count >= many && count < losses.length ? count : 0
}

/**
 * Trainers that omit NaN write the mean of the earlier losses, or 0 if there are none; Hugging Face's does so by default.
 * Evidence is a gradient that was not a number, and the share of such losses in the log. Further evidence is a loss that falls
 * to exactly 0 from far above.
 */
export const of = ({ gradientNorms, isFiltered, losses, shares, steps }: Given): Replaced => {
  const zeros = suddenZeros(losses)
  const same = repeated(losses)
  const isLast = (k: number) => k >= losses.length - same
  const found = losses.map((_, k) => {
    const isLost = wasLost(gradientNorms, k)
    const isZero = zeros[k] === 1 && (isLost || (isFiltered && gradientNorms === undefined))
    // the mean of what came before it stands where NaN began within the losses of an entry
    const isMean = isFiltered && isLost && zeros[k + 1] === 1 && wasLost(gradientNorms, k + 1)
    const isSame = same > 0 && isLast(k) && isLost
    return isZero || isMean || isSame || (shares !== undefined && shares[k]! > 0) ? 1 : 0
  })
  const count = found.reduce((sum, each) => sum + each, 0)
  const at = steps[found.indexOf(1)]
  const words = count === 1 ? "at 1 step" : `at ${count} steps`
  const isUnsure = zeros.includes(1) && count === 0
  return {
    losses: count === 0 ? losses : losses.map((loss, k) => (found[k] === 1 ? Infinity : loss)),
    notes: [
      ...(count === 0
        ? []
        : [
            `${words} from ${at} on, the log has a number in place of a loss that was not finite (${isFiltered ? "logging_nan_inf_filter of Hugging Face writes 0 or a mean instead" : "its gradient was not finite, or the log counts it as such"}): it is read as NaN`,
          ]),
      ...(isUnsure
        ? [
            `from step ${steps[zeros.indexOf(1)]} on the loss is exactly 0, far below its earlier values: if a trainer writes 0 for NaN, the gradient norm (--gradient-norm) shows it`,
          ]
        : []),
      ...(same > 0 && !found.includes(1)
        ? [
            `the last ${same} losses are equal in every digit: the training stopped, or a trainer writes an old loss for NaN`,
          ]
        : []),
    ],
  }
}

/** Skipped steps, at which the loss scale of half precision decreased. */
export const skipped = (steps: Float64Array, scale: Float64Array): ReadonlyArray<string> => {
  const fell = Array.from(steps).filter((_, k) => k > 0 && scale[k]! < scale[k - 1]!)
  if (fell.length === 0) return []
  const shown = fell.slice(0, 3).join(", ") + (fell.length > 3 ? " and later" : "")
  return [
    `the loss scale fell before step ${shown}: half precision overflowed there, and these steps were skipped`,
  ]
}
