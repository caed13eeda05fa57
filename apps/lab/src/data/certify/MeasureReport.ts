/** Report of `certify --measures`: trace and top eigenvalue, of one network or along its checkpoints. */
import * as Figure from "@nonconvex/figures"
import { Curvature, type Measured } from "@nonconvex/flat-minima/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as Measures from "./Measured.ts"
import { Asked, oracleLines, Source, sourceLines } from "./CertifyReport.ts"

const { change, gradientNorm, loss, topEigenvalue, topEigenvalueResidual, trace } = Curvature.fields

/** Measures at one checkpoint; those that the time did not reach are absent. */
const Checkpoint = Schema.Struct({
  name: Schema.String,
  loss,
  gradientNorm,
  trace: Schema.optionalKey(trace),
  topEigenvalue: Schema.optionalKey(topEigenvalue),
  topEigenvalueResidual: Schema.optionalKey(topEigenvalueResidual),
  change,
})

/** JSON of `certify --measures`, and of `certify --time` where the time ended before the verdict. */
export const MeasureReport = Schema.Struct({
  network: Schema.String,
  dimension: Schema.Int,
  verdict: Schema.Literals(["not asked for", "undetermined"]),
  /** In the order of the training. */
  checkpoints: Schema.Array(Checkpoint),
  /** Number of checkpoints that the time did not reach. */
  missing: Schema.Int,
  source: Schema.optionalKey(Source),
  oracle: Schema.optionalKey(Asked),
  /** Number of gradients; a Hessian-vector product counts as two. */
  gradients: Schema.Int,
  /** The precision that was reached, in words. */
  precision: Schema.String,
  next: Schema.String,
  kernels: KernelsName,
})
export type MeasureReport = typeof MeasureReport.Type
type Checkpoint = typeof Checkpoint.Type

const percent = (part: number, whole: number): string =>
  `${Table.margin((100 * part) / Math.abs(whole))} %`

/** Precision in words: the worst over the checkpoints. */
const precisionOf = (checkpoints: ReadonlyArray<Checkpoint>, missing: number): string => {
  const worst = (relative: (each: Checkpoint) => number | undefined): number | undefined =>
    checkpoints.reduce<number | undefined>((most, each) => {
      const share = relative(each)
      return share === undefined ? most : Math.max(most ?? 0, share)
    }, undefined)
  const ofTrace = worst(
    ({ trace: found }) => found && found.standardError / Math.abs(found.estimate),
  )
  const ofTop = worst(({ topEigenvalue: top, topEigenvalueResidual: residual }) =>
    top === undefined || residual === undefined ? undefined : residual / Math.abs(top),
  )
  const said = (share: number | undefined, what: string): string => {
    if (share === undefined) return `${what} not reached in time`
    return share === 0 ? `${what} exact` : `${what} to ${percent(share, 1)}`
  }
  const rest = missing === 0 ? "" : `; ${Table.plural(missing, "checkpoint")} not reached in time`
  return `${said(ofTrace, "trace")}, ${said(ofTop, "top eigenvalue")}${rest}`
}

/** Contents of the report beyond the measures. */
type Said = Pick<MeasureReport, "dimension" | "kernels" | "oracle" | "source"> & {
  /** Names of the checkpoints. */
  readonly names: ReadonlyArray<string>
  /** False if a verdict was asked for. */
  readonly isQuick: boolean
}

/** The report of what was measured; undefined where not even a loss is known. */
export const reportOf = (
  measured: Measured | undefined,
  { isQuick, names, ...said }: Said,
): MeasureReport | undefined => {
  if (measured === undefined) return undefined
  const checkpoints = Measures.all(measured).map((each, k) => ({ ...each, name: names[k]! }))
  if (checkpoints.length === 0) return undefined
  const missing = names.length - measured.readings.length
  const more = "allow more --time, or take fewer samples with --rows"
  return {
    ...said,
    network: measured.network,
    verdict: isQuick ? "not asked for" : "undetermined",
    checkpoints,
    missing,
    gradients: measured.gradients,
    precision: precisionOf(checkpoints, missing),
    next:
      missing > 0 || !isQuick
        ? more
        : names.length > 1
          ? "for a verdict, certify one of these networks alone"
          : "for a verdict, leave out --measures",
  }
}

const estimated = ({ estimate, standardError }: typeof trace.Type): string =>
  standardError === 0
    ? `${Table.margin(estimate)} (exact)`
    : `${Table.margin(estimate)} ± ${Table.margin(standardError)}`

const traceOf = ({ trace: found }: Checkpoint): string =>
  found === undefined ? "not reached" : estimated(found)

const topOf = ({ topEigenvalue: top, topEigenvalueResidual: residual }: Checkpoint): string =>
  top === undefined || residual === undefined
    ? "not reached"
    : `${Table.margin(top)} ± ${Table.margin(residual)}`

const labelled = (label: string, text: string): string => `${label.padEnd(15)}${text}`

const numbers = ({ checkpoints }: MeasureReport): ReadonlyArray<string> => {
  const [only, second] = checkpoints
  if (only !== undefined && second === undefined) {
    return [
      labelled(
        "loss",
        `${Table.margin(only.loss)}, gradient norm ${Table.margin(only.gradientNorm)}`,
      ),
      labelled("trace", traceOf(only)),
      labelled("top eigenvalue", topOf(only)),
    ]
  }
  const rows = checkpoints.map((each) => [
    each.name,
    Table.margin(each.loss),
    Table.margin(each.gradientNorm),
    traceOf(each),
    each.change === undefined
      ? ""
      : `${Table.margin(each.change.estimate)} ± ${Table.margin(each.change.standardError)}`,
    topOf(each),
  ])
  const header = ["CHECKPOINT", "LOSS", "GRADIENT", "TRACE", "ITS CHANGE", "TOP EIGENVALUE"]
  return [Table.render(header, rows)]
}

export const render = (report: MeasureReport): string => {
  const { dimension, gradients, network, next, oracle, precision, verdict } = report
  return [
    Table.wrap(`${network}, ${dimension} parameters`, 100, "", "  "),
    ...sourceLines(report),
    ...(verdict === "undetermined"
      ? [labelled("verdict", "undetermined: the time ended before it was known")]
      : []),
    ...numbers(report),
    labelled("precision", precision),
    ...(oracle === undefined
      ? [
          labelled(
            "cost",
            `${Table.count(gradients)} gradients, with a product counted as two, and the exact sums`,
          ),
        ]
      : oracleLines({ dimension, oracle })),
    labelled("next", next),
  ].join("\n")
}

/** Trace and top eigenvalue at each checkpoint. */
export const figure = ({ checkpoints, network }: MeasureReport): Figure.Figure => {
  const rows = checkpoints.flatMap(({ name, topEigenvalue: top, trace: found }, k) => [
    ...(found === undefined
      ? []
      : [{ checkpoint: k + 1, name, value: found.estimate, measure: "trace" }]),
    ...(top === undefined
      ? []
      : [{ checkpoint: k + 1, name, value: top, measure: "top eigenvalue" }]),
  ])
  return Figure.lines({
    id: "curvature-through-training",
    title: `Curvature of ${network} through training`,
    caption: "Trace and top eigenvalue of the Hessian at each checkpoint.",
    rows,
    x: { field: "checkpoint", title: "checkpoint", scale: "integers" },
    y: { field: "value", title: "curvature", scale: "symlog" },
    series: { field: "measure", title: "" },
  })
}
