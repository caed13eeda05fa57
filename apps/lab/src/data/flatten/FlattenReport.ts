/** What `flatten` found. */
import { Flattened } from "@nonconvex/label-noise/evidence"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

const { activation, after, before, labelNoise, outputChange } = Flattened.fields

/** What `flatten --json` prints. */
export const FlattenReport = Schema.Struct({
  activation,
  neurons: Schema.Int,
  rows: Schema.Int,
  /** Inputs of a neuron, with the constant 1 of its bias. */
  dimension: Schema.Int,
  before,
  after,
  outputChange,
  labelNoise,
  /** What computed it. */
  kernels: KernelsName,
})
export type FlattenReport = typeof FlattenReport.Type

const line = (name: string, { because, excess, sharpness, verdict }: Flattened["before"]): string =>
  `${name.padEnd(14)} sharpness ${Table.margin(sharpness)}, ${Table.margin(100 * excess)} % above the least; ${verdict}: ${because}`

export const render = (report: FlattenReport): string => {
  const { dimension, labelNoise: noise, neurons, rows } = report
  const without =
    report.before.verdict === "flat" ? "none is needed" : "no rate is known outside of the theory"
  const steps =
    noise === undefined
      ? without
      : `${noise.steps} steps with learning rate ${Table.margin(noise.learningRate)}, noise ${Table.margin(noise.noise)} and batch ${noise.batch} come ten times closer`
  return [
    `${Table.plural(neurons, "neuron")}, ${report.activation}, on ${Table.plural(rows, "row")} of ${Table.plural(dimension, "input")}`,
    line("before", report.before),
    line("after", report.after),
    `function       changed by at most ${Table.margin(report.outputChange)} on the rows`,
    `label noise    ${steps}`,
  ].join("\n")
}
