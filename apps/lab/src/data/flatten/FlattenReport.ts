/** What `flatten` found. */
import type { Plan, SharpnessCertificate } from "@nonconvex/label-noise"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

const Certificate = Schema.Struct({
  sharpness: Schema.Number,
  /** Sharpness over the least of all networks with the same outputs, minus 1. */
  excess: Schema.Number,
  gradientNorm: Schema.Number,
  convexityMargin: Schema.Number,
  /** Bound on the distance of pre-activations from the flat limit. */
  deviationBound: Schema.Number,
  /** Bound on the time of the sharpness flow that is left. */
  remainingTime: Schema.Number,
  verdict: Schema.Literals(["flat", "convergent", "far", "outside"]),
  because: Schema.String,
})
type Certificate = typeof Certificate.Type

const LabelNoise = Schema.Struct({
  learningRate: Schema.Number,
  noise: Schema.Number,
  batch: Schema.Int,
  steps: Schema.Number,
})

/** What `flatten --json` prints. */
export const FlattenReport = Schema.Struct({
  activation: Schema.String,
  neurons: Schema.Int,
  rows: Schema.Int,
  /** Inputs of a neuron, with the constant 1 of its bias. */
  dimension: Schema.Int,
  before: Certificate,
  after: Certificate,
  /** The largest change of an output on the data. */
  outputChange: Schema.Number,
  /** Label noise that would come ten times closer; absent where the theory gives no rate, or none is needed. */
  labelNoise: Schema.optionalKey(LabelNoise),
})
export type FlattenReport = typeof FlattenReport.Type

export const certificateOf = ({
  because,
  convexityMargin,
  deviationBound,
  excess,
  gradientNorm,
  remainingTime,
  sharpness,
  verdict,
}: SharpnessCertificate): Certificate => ({
  sharpness,
  excess,
  gradientNorm,
  convexityMargin,
  deviationBound,
  remainingTime,
  verdict,
  because,
})

export const labelNoiseOf = ({ batch, learningRate, noise, steps }: Plan) => ({
  learningRate,
  noise,
  batch,
  steps,
})

const line = (name: string, { because, excess, sharpness, verdict }: Certificate): string =>
  `${name.padEnd(14)} sharpness ${Table.margin(sharpness)}, ${Table.margin(100 * excess)} % above the least; ${verdict}: ${because}`

export const render = (report: FlattenReport): string => {
  const { activation, after, before, dimension, labelNoise, neurons, outputChange, rows } = report
  const without =
    before.verdict === "flat" ? "none is needed" : "no rate is known outside of the theory"
  const steps =
    labelNoise === undefined
      ? without
      : `${labelNoise.steps} steps with learning rate ${Table.margin(labelNoise.learningRate)}, noise ${Table.margin(labelNoise.noise)} and batch ${labelNoise.batch} come ten times closer`
  return [
    `${Table.plural(neurons, "neuron")}, ${activation}, on ${Table.plural(rows, "row")} of ${Table.plural(dimension, "input")}`,
    line("before", before),
    line("after", after),
    `function       changed by at most ${Table.margin(outputChange)} on the rows`,
    `label noise    ${steps}`,
  ].join("\n")
}
