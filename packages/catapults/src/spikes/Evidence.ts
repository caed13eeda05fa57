/**
 * Kinds of spikes of the loss, and the evidence on a spike. A monitor measures the evidence during a run, a diagnosis reads it from a log,
 * and the same rules apply to both.
 */

/** Class of a spike, and of what looks like one. */
export type Kind =
  /** Repeatedly above the stability limit, and the curvature fell. */
  | "catapult"
  /** It left every bound, or is about to. */
  | "divergence"
  /** Above the stability limit, and the record ends before it shows whether the loss comes back. */
  | "instability"
  /** Steps that the optimizer preconditions were past their limit: the preconditioner lags. */
  | "optimizer mismatch"
  /** A jump that a batch made, and not the curvature. */
  | "data spike"
  /** A rise below the threshold, with the curvature at the limit. */
  | "edge of stability"
  /** The first loss out of bounds was not finite, without growth before it. */
  | "numeric failure"
  /** A velocity that carried the loss up the other side, as stable runs do. */
  | "overshoot"
  /** Nothing that was measured tells. */
  | "unresolved"

/** `measured`: a measurement decides; `likely`: the gradients or the settings of the run suggest it; `guess`: no evidence. */
export type Confidence = "measured" | "likely" | "guess"

/** Extent of a rise: entries of a log, or steps of a monitored run. */
export interface Rise {
  /** The last calm loss before, the first past the threshold, the largest, and the last of the rise. */
  readonly start: number
  readonly onset: number
  readonly peak: number
  readonly end: number
  /** The loss that it is measured against. */
  readonly reference: number
  /** The largest finite loss. */
  readonly peakLoss: number
  /** Noise of calm losses: their height above the median before, in logarithms; 0 for a smooth record, and for too few losses. */
  readonly noise: number
  /** Calm losses before it that the noise is known from, and the largest of them. */
  readonly calm: number
  readonly highest: number
  /**
   * `closed`: the loss came back. `lost`: it became non-finite or far larger than ever, and did not come back. `settled`: it
   * levelled off above its old level. `open`: the record ends first.
   */
  readonly outcome: "closed" | "lost" | "settled" | "open"
  /** It never was past the threshold. */
  readonly isBelow?: boolean
}

/** Facts about the run. */
export interface Run {
  /** Undefined if unknown; "adam" for all optimizers with a divisor for each coordinate. */
  readonly optimizer: "sgd" | "momentum" | "adam" | undefined
  /**
   * Samples per batch, or all of them at every step. `held`: the losses are over fixed samples, and the steps may use others. Undefined if
   * unknown.
   */
  readonly batch: "full" | "held" | number | undefined
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
  /** The largest loss shortly before the rise, divided by the peak: at least 1 if the loss falls overall. */
  readonly recently: number
  /** Remainder of the rise at the step after the jump, in logarithms. */
  readonly left: number
  /** The largest rise above the losses just before it, over what these differ by among themselves, in logarithms. */
  readonly standing: number
  /** The largest loss after the jump, and the median of the later half, divided by the loss at the jump. */
  readonly laterMost?: number | undefined
  readonly later?: number | undefined
  /** Consecutive steps of growth after the first, each with at least half of the first growth. */
  readonly growing: number
  /** The loss was not finite where the rise began, and nothing had grown before. */
  readonly isAtOnce: boolean
  /** The log has every step from before the rise to its peak. */
  readonly isConsecutive: boolean
  /** Losses and gradients before the rise were as smooth as with the same samples at every step. */
  readonly isSmooth?: boolean | undefined
  /** The largest raise of the learning rate within the ten steps before the rise. */
  readonly rateRaise?: number | undefined
  /** Learning rate times sharpness over the limit, before the rise and after its end; which index it was measured at. */
  readonly ratio?: number | undefined
  readonly ratioAfter?: number | undefined
  /** The largest such ratio of a calm step well before the rise. */
  readonly ratioBefore?: number | undefined
  /** Steps on the way up whose directional sharpness was past the limit; of a log in a row. */
  readonly past?: number | undefined
  /** Directional sharpness before the loss was past the threshold: the largest. Later ones tell how far the run is lost. */
  readonly sharpness?: number | undefined
  /** The largest directional sharpness up to the peak, over the limit. */
  readonly sharpest?: number | undefined
  /** Steps in a row on the way up at which the gradient turned around and grew. */
  readonly reversals?: number | undefined
  /** Share of the steps on the way up whose gradient pointed as the one before. */
  readonly along?: number | undefined
  /** Norm of the step's own gradient at the jump over the largest calm one; of the batch that stays, over that just before the rise. */
  readonly gradientAtJump?: number | undefined
  readonly stayingAtJump?: number | undefined
  /** Steps in a row before the jump at which the norm was above all calm ones. */
  readonly gradientBefore?: number | undefined
  /** A gradient was not finite while its loss was. */
  readonly isGradientLost?: boolean | undefined
  /** The largest gradient norm after the jump, divided by the gradient norm at the jump. */
  readonly gradientLater?: number | undefined
  /** Loss of the control batch at the jump over its largest just before the rise. */
  readonly controlAtJump?: number | undefined
  /** Curvature after the rise over curvature before it. */
  readonly curvatureRatio?: number | undefined
  /** Share of the loss in the top eigenspace at the peak. */
  readonly topShare?: number | undefined
  /** Loss of the parameters before the jump on the suspicious batch, over that on a control batch. */
  readonly batchRatio?: number | undefined
}

/** Learning rates around a rise; undefined where none was given or derived. */
export interface Rates {
  /** In use at the rise. */
  readonly inUse: number | undefined
  /** Critical learning rate by a measured curvature: the current one if the run continues, else the one before the rise. */
  readonly critical?: number | undefined
  /** Over the critical one, by the growth of the first steps. */
  readonly grown?: number | undefined
}

/** Rise with all that rules and advice look at. */
export interface Incident {
  readonly rise: Rise
  readonly evidence: Evidence
  readonly run: Run
  readonly rates: Rates
  /** Another rise, that was neither a batch nor an overshoot, ended less than 100 steps before. */
  readonly isAftermath: boolean
  /** Times by which a gradient at the jump makes Adam's steps shorter, and for how many of them. */
  readonly shrinkage?: { readonly times: number; readonly steps: number }
  /** Step of an entry. */
  readonly stepOf: (entry: number) => number
}
