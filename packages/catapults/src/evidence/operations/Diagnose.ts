/** The spikes of a loss log, explained. */
import { operation } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import { Schema } from "effect"
import { type Diagnosis, spikeMonitor } from "../../monitor/SpikeMonitor.ts"

const Numbers = Schema.instanceOf(Float64Array<ArrayBufferLike>)

/** A log, one number a step in each of its columns; NaN where a step has none. */
export const DiagnoseInput = Schema.Struct({
  steps: Numbers,
  losses: Numbers,
  learningRates: Schema.optionalKey(Numbers),
  /** `|g_t|^2` and `g_(t-1) . g_t` of the gradients on one batch. */
  squaredNorms: Schema.optionalKey(Numbers),
  products: Schema.optionalKey(Numbers),
  /** A spike exceeds the lowest loss before it by this factor. */
  threshold: Schema.Finite,
  /** Half-life in steps of an average of the losses; 0 is none. */
  smoothing: Schema.Finite,
  /** Of the optimizer. */
  momentum: Schema.Finite,
})
export type DiagnoseInput = typeof DiagnoseInput.Type

/** A spike, what it was, and what to do; null where it is not known. */
export const Event = Schema.Struct({
  kind: Schema.String,
  confidence: Schema.String,
  start: Schema.Number,
  onset: Schema.NullOr(Schema.Number),
  peak: Schema.Number,
  end: Schema.Number,
  height: Schema.Number,
  ramp: Schema.Int,
  sharpness: Schema.NullOr(Schema.Number),
  action: Schema.String,
  learningRate: Schema.NullOr(Schema.Number),
  summary: Schema.String,
})
export type Event = typeof Event.Type

const eventOf = ({ advice, confidence, evidence, kind, spike, summary }: Diagnosis): Event => ({
  kind,
  confidence,
  start: spike.start,
  onset: spike.onset ?? null,
  peak: spike.peak,
  end: spike.end,
  height: evidence.height,
  ramp: spike.ramp,
  sharpness: evidence.sharpness?.largest ?? null,
  action: advice.action,
  learningRate: advice.learningRate ?? null,
  summary,
})

/** The number of a step in a column. */
const at = (column: Float64Array | undefined, k: number): number => column?.[k] ?? Number.NaN

const observationOf = (input: DiagnoseInput, k: number) => {
  const learningRate = at(input.learningRates, k)
  const squaredNorm = at(input.squaredNorms, k)
  const withPrevious = at(input.products, k)
  const hasProducts = Number.isFinite(squaredNorm) && Number.isFinite(withPrevious)
  return {
    step: input.steps[k]!,
    loss: input.losses[k]!,
    ...(Number.isNaN(learningRate) ? {} : { learningRate }),
    ...(hasProducts ? { products: { squaredNorm, withPrevious } } : {}),
  }
}

/** Every spike of a log, and the one in which it ends. Throws InvalidInput as `spikeMonitor`, and on columns of another length. */
export const diagnose = operation({
  id: "catapults/diagnose",
  input: DiagnoseInput,
  output: Schema.Array(Event),
  failure: InvalidInput,
  progress: Schema.Never,
  run: (input, { kernels }) => {
    const { learningRates, losses, momentum, products, smoothing, squaredNorms, steps } = input
    for (const [name, column] of Object.entries({
      losses,
      learningRates,
      squaredNorms,
      products,
    })) {
      if (column !== undefined) Require.length("diagnose", name, column.length, steps.length)
    }
    const { threshold } = input
    const monitor = spikeMonitor({ threshold, smoothing, momentum, kernels })
    const found = Array.from(steps, (_, k) => monitor.observe(observationOf(input, k)))
    return [...found, monitor.finish()].flatMap((each) => (each === undefined ? [] : eventOf(each)))
  },
})
