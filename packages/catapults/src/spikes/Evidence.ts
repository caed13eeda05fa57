/**
 * Kinds of loss spikes, and the evidence on a spike. A monitor measures the evidence during a run and a diagnosis reads
 * it from a log; the same rules apply to both.
 */

/** Kind of a spike, or of a similar event. */
export type Kind =
  /** Repeatedly above the stability limit, and the curvature fell. */
  | "catapult"
  /** The loss exceeded every bound, or is about to. */
  | "divergence"
  /** The rate is above the stability limit, and the record ends before the loss returns or diverges. */
  | "instability"
  /** The preconditioned steps of the optimizer exceeded their limit, because the preconditioner lags. */
  | "optimizer mismatch"
  /** A jump that a batch made, and not the curvature. */
  | "data spike"
  /** A rise below the threshold, with the curvature at the limit. */
  | "edge of stability"
  /** The first loss out of bounds was not finite, without earlier growth. */
  | "numeric failure"
  /** Momentum carried the loss up the other side, as in stable runs. */
  | "overshoot"
  /** The measurements do not determine the cause. */
  | "unresolved"

/** `measured`: a measurement decides; `likely`: the gradients or the settings of the run suggest it; `guess`: no evidence. */
export type Confidence = "measured" | "likely" | "guess"

/** Extent of a rise: entries of a log, or steps of a monitored run. */
export interface Rise {
  /** Last calm loss before the rise, first loss above the threshold, largest loss, and last loss of the rise. */
  readonly start: number
  readonly onset: number
  readonly peak: number
  readonly end: number
  /** The loss with which it is compared. */
  readonly reference: number
  /** The largest finite loss. */
  readonly peakLoss: number
  /**
   * Noise of calm losses: their height above the preceding median, in logarithms; 0 for a smooth record or too few
   * losses.
   */
  readonly noise: number
  /** Number of earlier calm losses that determine the noise, and the largest of them. */
  readonly calm: number
  readonly highest: number
  /**
   * `closed`: the loss returned. `lost`: it became non-finite or far larger than any earlier loss, and did not return.
   * `settled`: it levelled off above its old level. `open`: the record ends during the rise.
   */
  readonly outcome: "closed" | "lost" | "settled" | "open"
  /** Scatter of the losses from this rise on over that before it, where it grew for good. */
  readonly rougher?: number | undefined
  /** True if it never exceeded the threshold. */
  readonly isBelow?: boolean
}

/** Facts about the run. */
export interface Run {
  /** Undefined if unknown; "adam" for all optimizers with a divisor for each coordinate. */
  readonly optimizer: "sgd" | "momentum" | "adam" | undefined
  /**
   * Samples per batch, or all of them at every step. `held`: the losses are over fixed samples, while the steps may use
   * others. `some`: batches of an unknown size. Undefined if unknown.
   */
  readonly batch: "full" | "held" | "some" | number | undefined
}

/** Measurements around a rise; absent, or NaN, where nothing was measured. */
export interface Evidence {
  /** Entry with the largest rise, and its share of the whole rise in logarithms. */
  readonly jumpAt: number
  readonly jump: number
  /** Steps from the last calm loss to the peak, and from the jump until the loss was back. */
  readonly ramp: number
  readonly back: number
  /** The rise of the first step, in logarithms. */
  readonly first: number
  /** Largest loss shortly before the rise, divided by the peak; at least 1 if the loss falls overall. */
  readonly recently: number
  /** Remainder of the rise at the step after the jump, in logarithms. */
  readonly left: number
  /** Largest rise above the losses just before it, relative to their own scatter, in logarithms. */
  readonly standing: number
  /** The largest loss after the jump, and the median of the later half, divided by the loss at the jump. */
  readonly laterMost?: number | undefined
  readonly later?: number | undefined
  /** Consecutive steps of growth after the first, each with at least half of the first growth. */
  readonly growing: number
  /** True if the loss was not finite at the start of the rise, without earlier growth. */
  readonly isAtOnce: boolean
  /** True if the log has every step from before the rise to its peak. */
  readonly isConsecutive: boolean
  /** True if losses and gradients before the rise were as smooth as with the same samples at every step. */
  readonly isSmooth?: boolean | undefined
  /** Largest increase of the learning rate within the ten steps before the rise. */
  readonly rateRaise?: number | undefined
  /** The last larger increase before those, and the entries since; the rate has stayed high. */
  readonly earlierRaise?: number | undefined
  readonly sinceRaise?: number | undefined
  /**
   * Learning rate times sharpness over the limit, before the rise and after its end, with the index of the measurement.
   */
  readonly ratio?: number | undefined
  readonly ratioAfter?: number | undefined
  /** Largest such ratio at a calm step well before the rise. */
  readonly ratioBefore?: number | undefined
  /** Steps during the rise whose directional sharpness exceeded the limit; in a log, consecutive steps. */
  readonly past?: number | undefined
  /**
   * Largest directional sharpness before the loss exceeded the threshold. Later values only show how far the run has
   * diverged.
   */
  readonly sharpness?: number | undefined
  /** The largest directional sharpness up to the peak, over the limit. */
  readonly sharpest?: number | undefined
  /** Consecutive steps during the rise at which the gradient reversed direction and grew. */
  readonly reversals?: number | undefined
  /** Share of the steps during the rise whose gradient had the direction of the previous one. */
  readonly along?: number | undefined
  /**
   * Norm of the step's own gradient at the jump over the largest calm one; on a fixed batch, over that just before the
   * rise.
   */
  readonly gradientAtJump?: number | undefined
  readonly stayingAtJump?: number | undefined
  /** Consecutive steps before the jump at which the norm exceeded all calm norms. */
  readonly gradientBefore?: number | undefined
  /** A gradient was not finite while its loss was. */
  readonly isGradientLost?: boolean | undefined
  /** The largest gradient norm after the jump, divided by the gradient norm at the jump. */
  readonly gradientLater?: number | undefined
  /** Loss of the control batch at the jump over its largest loss just before the rise. */
  readonly controlAtJump?: number | undefined
  /** Curvature after the rise over curvature before it. */
  readonly curvatureRatio?: number | undefined
  /** Share of the loss in the top eigenspace at the peak. */
  readonly topShare?: number | undefined
  /** Loss of the parameters before the jump on the suspicious batch, over their loss on a control batch. */
  readonly batchRatio?: number | undefined
}

/** Learning rates around a rise; undefined if neither given nor derived. */
export interface Rates {
  /** Learning rate at the rise. */
  readonly inUse: number | undefined
  /**
   * Critical learning rate from a measured curvature: the current one if the run continues, otherwise the one before
   * the rise.
   */
  readonly critical?: number | undefined
  /** Learning rate divided by the critical one, estimated from the growth of the first steps. */
  readonly grown?: number | undefined
}

/** A rise with all inputs of the rules and the advice. */
export interface Incident {
  readonly rise: Rise
  readonly evidence: Evidence
  readonly run: Run
  readonly rates: Rates
  /** True if another rise, neither a bad batch nor an overshoot, ended less than 100 steps earlier. */
  readonly isAftermath: boolean
  /** Factor by which a gradient at the jump shortens Adam's steps, and for how many steps. */
  readonly shrinkage?: { readonly times: number; readonly steps: number }
  /** Step of an entry. */
  readonly stepOf: (entry: number) => number
}
