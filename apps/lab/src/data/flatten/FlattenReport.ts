/** Report of `flatten`. */
import { Flattened } from "@nonconvex/label-noise/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

const { activation, after, before, labelNoise, outputChange } = Flattened.fields

/** JSON of `flatten`. */
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
  /** Root mean square errors on the test rows, in units of the target; absent without test rows. */
  heldOut: Schema.optionalKey(
    Schema.Struct({
      rows: Schema.Int,
      /** Value of the network in the file. */
      given: Schema.Number,
      /** Value of the network that was flattened: the given one, or the one fitted from it. */
      before: Schema.Number,
      after: Schema.Number,
      /** Value of the mean target of the training rows. */
      ofMean: Schema.Number,
    }),
  ),
  /** Kernels used. */
  kernels: KernelsName,
})
export type FlattenReport = typeof FlattenReport.Type

/** Formats a relative excess; rounding errors count as nothing. */
const percent = (excess: number): number => (Math.abs(excess) < 1e-9 ? 0 : 100 * excess)

const line = (name: string, { because, excess, sharpness, verdict }: Flattened["before"]): string =>
  `${name.padEnd(14)} sharpness ${Table.margin(sharpness)}, ${Table.margin(percent(excess))} % above the minimum; ${verdict}: ${because}`

/** Explanations of the verdicts. */
const meanings = {
  flat: "flat: equal to the flattest network up to rounding.",
  convergent: "convergent: label noise would converge to the flattest network at a known rate.",
  far: "far: label noise would first approach the flattest network, within a bounded time.",
  outside:
    "outside: the theory does not bound the time that label noise would need; the flat network is exact nevertheless.",
} as const

const explained = (report: FlattenReport): ReadonlyArray<string> =>
  [
    "Sharpness: the sum of squared derivatives of the outputs on the rows with respect to the weights. The least is the smallest value of any network with these outputs on these rows. A flatter network is less sensitive to noise in its weights or targets.",
    ...new Set([meanings[report.before.verdict], meanings[report.after.verdict]]),
    "Only the outputs on these rows stay the same. On new rows the flat network predicts differently: check its test error before you use it.",
  ].map((text) => Table.wrap(text, 100))

type HeldOut = NonNullable<FlattenReport["heldOut"]>

/** Advice from the error on the test set. */
const adviceOf = (errors: HeldOut): string => {
  const best = Math.min(errors.given, errors.before, errors.after)
  if (best >= errors.ofMean) {
    return "no network predicts the test set better than the mean of the targets: use more rows, or another model"
  }
  if (errors.after === best) return "the flat network has the lowest test error: use it"
  const kept = errors.given < errors.before ? "the network as given" : "the fitted network"
  return `flatter is not better here: ${kept} has a lower test error, so keep it`
}

const heldOutLines = ({ heldOut }: FlattenReport): ReadonlyArray<string> =>
  heldOut === undefined
    ? []
    : [
        `test error     ${Table.margin(heldOut.given)} as given, ${Table.margin(heldOut.before)} before, ${Table.margin(heldOut.after)} after, ${Table.margin(heldOut.ofMean)} for the mean of the targets, on ${Table.plural(heldOut.rows, "row")} for testing`,
        `advice         ${adviceOf(heldOut)}`,
      ]

/** `lines` show the pre-activations of the neurons on the rows. */
export const render = (report: FlattenReport, lines: ReadonlyArray<string>): string => {
  const { dimension, labelNoise: noise, neurons, rows } = report
  const without =
    report.before.verdict === "flat" ? "none is needed" : "unknown: the theory gives no rate here"
  const steps =
    noise === undefined
      ? without
      : `${noise.steps} steps with learning rate ${Table.margin(noise.learningRate)}, noise ${Table.margin(noise.noise)} and batch ${noise.batch} bring the network ten times closer`
  return [
    `${Table.plural(neurons, "neuron")}, ${report.activation}, on ${Table.plural(rows, "row")} of ${Table.plural(dimension, "input")}`,
    line("before", report.before),
    line("after", report.after),
    `function       changed by at most ${Table.margin(report.outputChange)} on the rows`,
    ...heldOutLines(report),
    `label noise    ${steps}`,
    "",
    "Output of the neurons on a row, each before (.) and all after (|):",
    ...lines,
    "",
    ...explained(report),
  ].join("\n")
}
