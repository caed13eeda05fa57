/**
 * A monitor for any training loop: it is told the loss of each step, and what else is at hand, and says of each spike what it was,
 * on which evidence, and what to do. Its memory does not grow with the run.
 *
 * @example
 * ```ts import.meta.vitest
 * import { spikeMonitor } from "@nonconvex/catapults"
 *
 * const monitor = spikeMonitor()
 * const losses = [4, 2, 1, 3, 9, 20, 2, 0.9, 0.8]
 * const found = losses.flatMap((loss, step) => monitor.observe({ step, loss, learningRate: 0.1 }) ?? [])
 * found.map(({ kind, confidence }) => [kind, confidence]) // => [["catapult", "guess"]]
 * ```
 */
import { Lanczos, type Operator, Require, Seed, Vector } from "@nonconvex/numerics"
import { adviseFor, type Advice } from "./Advice.ts"
import { classify, type Confidence, type Evidence, type Kind } from "./Classification.ts"
import { type Spike, type SpikeOptions, spikeDetector } from "./Spikes.ts"
import * as Theory from "./Theory.ts"

/** A symmetric operator at the current parameters; `scale` times its top eigenvalue is that of the Hessian of the loss. */
export interface Curvature {
  readonly operator: Operator.Operator
  readonly dimension: number
  /** 1 of a Hessian or Gauss-Newton matrix of the loss (the default), 2 c of a tangent kernel. */
  readonly scale?: number
}

/** A step as the training loop saw it. All but the step and its loss are optional: more of them make the diagnosis surer. */
export interface Observation {
  readonly step: number
  /** Of all samples or a fixed probe set; losses of different batches need `smoothing`. */
  readonly loss: number
  readonly learningRate?: number
  /** On the same samples at every step, like the loss; the monitor keeps a copy for the next step. */
  readonly gradient?: Float64Array
  /** In place of the gradient: `|g_t|^2` and `g_(t-1) . g_t` on one batch, and `|g_(t-1)|^2` where that batch is a new one. */
  readonly products?: {
    readonly squaredNorm: number
    readonly withPrevious: number
    readonly previousSquaredNorm?: number
  }
  /** Looked at every `probeEvery` steps and at both ends of a spike. */
  readonly curvature?: Curvature
  /** `P^(-1/2) H P^(-1/2)` of an optimizer that divides by the root of P, looked at as `curvature` is. */
  readonly preconditioned?: Curvature
  /** Share of the loss in the top eigenspace of the tangent kernel; a function is called at peaks only. */
  readonly topShare?: number | (() => number)
  /** The parameters before this step on its batch, and on a control batch: tells bad data from instability. */
  readonly batchTest?: { readonly suspicious: number; readonly control: number }
}

export interface MonitorOptions extends SpikeOptions {
  /** Decay of the velocity of the optimizer; 0 without. */
  readonly momentum?: number
  /** Steps between two looks at the curvature of a calm run; default 25. */
  readonly probeEvery?: number
  /** Half-life in steps of an average of the losses; 0, the default, is none. */
  readonly smoothing?: number
}

/** A spike, or the end of a run, explained. */
export interface Diagnosis {
  readonly kind: Kind
  readonly confidence: Confidence
  readonly spike: Spike
  readonly evidence: Evidence
  readonly advice: Advice
  /** One sentence for a person. */
  readonly summary: string
}

export interface SpikeMonitor {
  /** Takes one step and returns the diagnosis of the spike that ended with it. Throws InvalidInput on a step that does not increase. */
  readonly observe: (observation: Observation) => Diagnosis | undefined
  /** The diagnosis of the spike in which the run ended. */
  readonly finish: () => Diagnosis | undefined
  /** What is known now: `atRisk` past the stability limit by any measure. */
  readonly status: () => Status
}

export interface Status {
  readonly atRisk: boolean
  readonly sharpness: number | undefined
  readonly criticalRate: number | undefined
  readonly spike: Spike | undefined
}

/** The top eigenvalue of a curvature, each look starting from the vector of the last. */
const lookout = () => {
  let vector: Float64Array | undefined
  return ({ dimension, operator, scale = 1 }: Curvature): number => {
    const known = vector?.length === dimension ? vector : undefined
    const top = Lanczos.topEigenpairs(operator, {
      dimension,
      count: 1,
      seed: Seed.root("catapults/monitor"),
      tolerance: 1e-3,
      maxProducts: Math.max(3, Math.min(60, 2 * dimension + 3)),
      ...(known === undefined ? {} : { start: known }),
    })
    vector = top.vectors
    return scale * top.values[0]!
  }
}

const show = (value: number): string => String(Number(value.toPrecision(3)))

const because = (evidence: Evidence): string => {
  const parts = [`${show(evidence.height)} times the minimum before`]
  if (evidence.rateRatio !== undefined) {
    parts.push(`rate ${show(evidence.rateRatio)} of the critical one`)
  }
  if (evidence.preconditionedRatio !== undefined) {
    parts.push(`preconditioned ${show(evidence.preconditionedRatio)}`)
  }
  if (evidence.sharpness !== undefined) {
    parts.push(`directional sharpness up to ${show(evidence.sharpness.largest)}`)
  }
  if (evidence.curvatureRatio !== undefined) {
    parts.push(`curvature ${show(evidence.curvatureRatio)} of before`)
  }
  if (evidence.topShare !== undefined) {
    parts.push(`${show(100 * evidence.topShare)} % in the top eigenspace`)
  }
  return parts.join(", ")
}

/** A monitor. Throws InvalidInput on options out of range. */
export const spikeMonitor = (options: MonitorOptions = {}): SpikeMonitor => {
  const { momentum = 0, probeEvery = 25, smoothing = 0 } = options
  const operation = "spikeMonitor"
  Require.nonNegative(operation, "momentum", momentum)
  Require.nonNegative(operation, "smoothing", smoothing)
  Require.count(operation, "probeEvery", probeEvery)
  const detector = spikeDetector(options)
  const limit = Theory.stabilityLimit(momentum)
  const keep = smoothing === 0 ? 0 : 2 ** (-1 / smoothing)
  const topOf = lookout()
  const preconditionedTopOf = lookout()

  let average = Number.NaN
  let previous: Float64Array | undefined
  let previousSquaredNorm = Number.NaN
  let sinceProbe = 0
  /** Of the calm run, or as it was at the onset. */
  let calm: number | undefined
  let latest: number | undefined
  let rate: number | undefined
  let sharpness: number | undefined
  /** Gathered since the last minimum; forgotten at the next. */
  let largest: number | undefined
  let past = 0
  let rateRatio: number | undefined
  let preconditionedRatio: number | undefined
  let topShare: number | undefined
  let batchRatio: number | undefined
  let isMarked = false
  let peak = Number.NaN

  const forget = () => {
    largest = undefined
    past = 0
    rateRatio = undefined
    preconditionedRatio = undefined
    topShare = undefined
    batchRatio = undefined
    isMarked = false
    peak = Number.NaN
  }

  const look = (curvature: Curvature) => {
    latest = topOf(curvature)
    sinceProbe = 0
    return latest
  }

  const probe = (curvature: Curvature | undefined) => {
    if (curvature !== undefined && (calm === undefined || ++sinceProbe >= probeEvery)) {
      calm = look(curvature)
    }
  }

  /** The sharpness of the step between this observation and the last, from whatever was given. */
  const sharpnessOf = ({ gradient, products }: Observation): number | undefined => {
    if (products !== undefined) {
      const before = products.previousSquaredNorm ?? previousSquaredNorm
      previousSquaredNorm = products.squaredNorm
      return before > 0 ? Theory.directionalSharpness(before, products.withPrevious) : undefined
    }
    if (gradient === undefined) {
      previousSquaredNorm = Number.NaN
      return undefined
    }
    const before = previousSquaredNorm
    previousSquaredNorm = Vector.dot(gradient, gradient)
    if (previous?.length !== gradient.length) {
      previous = gradient.slice()
      return undefined
    }
    const value =
      before > 0 ? Theory.directionalSharpness(before, Vector.dot(previous, gradient)) : undefined
    previous.set(gradient)
    return value
  }

  const evidenceOf = (spike: Spike, after: number | undefined): Evidence => ({
    height: spike.peakLoss / spike.reference,
    ramp: spike.ramp,
    ...(largest === undefined ? {} : { sharpness: { largest, past } }),
    ...(rateRatio === undefined ? {} : { rateRatio }),
    ...(preconditionedRatio === undefined ? {} : { preconditionedRatio }),
    ...(after === undefined || calm === undefined ? {} : { curvatureRatio: after / calm }),
    ...(topShare === undefined ? {} : { topShare }),
    ...(batchRatio === undefined ? {} : { batchRatio }),
  })

  const criticalRate = (curvature: number | undefined): number | undefined => {
    if (curvature !== undefined && curvature > 0) {
      return Theory.criticalRateOfCurvature(curvature, momentum)
    }
    // sharpness along the gradient is at most that along the top eigenvector: a bound from above
    return rate !== undefined && largest !== undefined && largest > limit
      ? (rate * limit) / largest
      : undefined
  }

  const diagnose = (spike: Spike, after: number | undefined): Diagnosis | undefined => {
    const evidence = evidenceOf(spike, after)
    const verdict = classify(spike, evidence, momentum)
    if (verdict === undefined) return undefined
    const isOver = spike.outcome === "closed"
    const advice = adviseFor(verdict.kind, evidence, criticalRate(isOver ? after : calm))
    const where = spike.onset ?? spike.end
    const summary = `${verdict.kind} (${verdict.confidence}) at step ${where}: ${because(evidence)}; ${advice.text}`
    return { ...verdict, spike, evidence, advice, summary }
  }

  /** What is measured once, where a spike begins: the curvature may fall soon after. */
  const mark = (observation: Observation) => {
    isMarked = true
    const { curvature, preconditioned } = observation
    const before = calm
    // a spike of the data leaves the curvature of before as the better measure, a rise of the curvature the one of now
    const now = curvature === undefined ? undefined : look(curvature)
    if (before === undefined) calm = now
    const largestCurvature = Math.max(before ?? 0, now ?? 0)
    if (rate === undefined) return
    if (largestCurvature > 0) {
      rateRatio = rate / Theory.criticalRateOfCurvature(largestCurvature, momentum)
    }
    if (preconditioned !== undefined) {
      preconditionedRatio =
        rate / Theory.criticalRateOfCurvature(preconditionedTopOf(preconditioned), momentum)
    }
  }

  return {
    observe: (observation) => {
      const { batchTest, curvature, learningRate, loss, step } = observation
      if (learningRate !== undefined) {
        Require.positive(operation, "learningRate", learningRate)
        rate = learningRate
      }
      average = Number.isNaN(average) ? loss : keep * average + (1 - keep) * loss
      sharpness = sharpnessOf(observation)
      const before = detector.current()
      const ended = detector.observe(step, keep === 0 ? loss : average)
      const open = detector.current()

      if (ended !== undefined || open !== undefined) {
        if (before === undefined) forget()
        // what happened up to the peak counts, not the way back
        if (sharpness !== undefined && (open === undefined || open.peak === step)) {
          largest = Math.max(largest ?? sharpness, sharpness)
          if (sharpness > limit) past++
        }
        if (batchTest !== undefined) {
          batchRatio = Math.max(batchRatio ?? 0, batchTest.suspicious / batchTest.control)
        }
      }
      if (open !== undefined && Number.isFinite(loss)) {
        if (open.onset === undefined) probe(curvature)
        else if (!isMarked) mark(observation)
        if (open.peakLoss !== peak) {
          peak = open.peakLoss
          const { topShare: share } = observation
          // a wobble has no use for it, and it may be dear
          if (open.onset !== undefined) topShare = typeof share === "function" ? share() : share
        }
        return undefined
      }
      if (ended !== undefined) {
        if (!isMarked && rate !== undefined && calm !== undefined) {
          rateRatio = rate / Theory.criticalRateOfCurvature(calm, momentum)
        }
        const isOver = ended.outcome === "closed" && ended.onset !== undefined
        const after = isOver && curvature !== undefined ? look(curvature) : undefined
        const diagnosis = diagnose(ended, after)
        if (after !== undefined) calm = after
        forget()
        return diagnosis
      }
      probe(curvature)
      return undefined
    },
    finish: () => {
      const spike = detector.finish()
      return spike === undefined || spike.onset === undefined
        ? undefined
        : diagnose(spike, undefined)
    },
    status: () => ({
      atRisk:
        (sharpness ?? 0) > limit ||
        (rate !== undefined &&
          latest !== undefined &&
          rate > Theory.criticalRateOfCurvature(latest, momentum)),
      sharpness,
      criticalRate: criticalRate(latest),
      spike: detector.current(),
    }),
  }
}
