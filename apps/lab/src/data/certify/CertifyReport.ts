/** Report of `certify`. */
import * as Figure from "@nonconvex/figures"
import { type Certificate, ProductCheck } from "@nonconvex/flat-minima"
import { CertifiedNetwork, LayerCurvature } from "@nonconvex/flat-minima/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as DensityLines from "./DensityLines.ts"

const found = CertifiedNetwork.fields

/** Outcome of the descent that `--descend` requests. */
const Descent = Schema.Struct({
  end: Schema.Literals(["minimum", "kink", "enough", "not finite", "budget"]),
  loss: Schema.Number,
  gradientNorm: Schema.Number,
  gradients: Schema.Int,
})

/** Calls that `--oracle` made to a program, and its answers. */
export const Asked = Schema.Struct({
  /** Precision of the program's computation. */
  numbers: Schema.Literals(["float32", "float64"]),
  check: ProductCheck,
  /** Number of gradients requested; a Hessian-vector product counts as two. */
  gradients: Schema.Int,
  /** Number of gradient requests whose loss was infinite or NaN; nothing was compared with the loss there. */
  notFinite: Schema.Int,
  /** Number of vectors of the largest Lanczos basis, which is held three times. */
  vectors: Schema.Int,
})

/** Origin of a network from another program. */
export const Source = Schema.Struct({
  format: Schema.Literals(["safetensors", "npz", "keras", "h5", "tfjs", "onnx"]),
  /** Number of samples. */
  samples: Schema.Int,
  notes: Schema.Array(Schema.String),
})

/** Result for one layer, with `--by layer`; a network from another program keeps its layer names. */
const Layer = Schema.Struct({ layer: Schema.String, ...LayerCurvature.fields })

/** JSON of `certify`. */
export const CertifyReport = Schema.Struct({
  network: found.network,
  certificate: found.certificate,
  lossTolerance: Schema.Number,
  residualTolerance: Schema.Number,
  descent: Schema.optionalKey(Descent),
  oracle: Schema.optionalKey(Asked),
  source: Schema.optionalKey(Source),
  layers: Schema.optionalKey(Schema.Array(Layer)),
  /** Meaning of flat at these tolerances. */
  flatMeans: Schema.String,
  /** Changes that would alter the verdict. */
  wouldChange: Schema.String,
  /** True if the trace is exact: the activations are piecewise linear, or the whole spectrum was computed. */
  traceIsExact: Schema.Boolean,
  density: found.density,
  next: Schema.String,
  /** Kernels used. */
  kernels: KernelsName,
})
export type CertifyReport = typeof CertifyReport.Type

type Settings = Pick<
  CertifyReport,
  "descent" | "kernels" | "layers" | "lossTolerance" | "oracle" | "residualTolerance" | "source"
>

/** Number of standard errors within which a value is taken to lie. */
const confidence = 3

/** Gradient norm above which a point is not a minimum. */
const tooLong = 1e-3

/** Suggests the next step after a certificate. */
export const next = (
  { fall, gradientNorm, verdict }: Certificate,
  oracle?: CertifyReport["oracle"],
): string => {
  if (verdict === "flat") return "keep this network; the certificate is about its training loss"
  if (oracle !== undefined) {
    return verdict === "undetermined"
      ? `use more --products than ${Table.count(Math.ceil(oracle.gradients / 2))}, or continue training with a lower learning rate at the end`
      : "continue training with a lower learning rate at the end, or with SAM if the loss no longer falls"
  }
  if (verdict === "undetermined" || fall > 0 || gradientNorm > tooLong) {
    return "add --descend 20000, which first descends to the minimum, or continue training with a lower learning rate at the end"
  }
  return "continue with a perturbation: nonconvex train --method sam with a larger radius, or sharpnessAwarePerturbation of @nonconvex/flat-minima"
}

/** Explains flatness to readers who do not know the paper. */
const flatMeans = (
  { gap }: Certificate,
  { lossTolerance, residualTolerance }: Settings,
): string => {
  const floor =
    gap === undefined
      ? "the directions with less than 1e-5 of the largest curvature"
      : "the directions without curvature"
  return `at the bottom of a valley, within ${Table.margin(lossTolerance)} of its lowest loss, with a mean curvature (trace / parameters) that changes by at most ${Table.margin(residualTolerance)} per unit of length along its floor (${floor})`
}

/** Changes that would alter the verdict. */
const wouldChange = (
  { fall, lossGapBound, residual, verdict }: Certificate,
  flag: string,
): string => {
  const highest = Table.margin(residual.estimate + confidence * residual.standardError)
  if (verdict === "flat") {
    const loss = Table.margin(lossGapBound ?? 0)
    return `a --residual-tolerance below ${highest}, or a --loss-tolerance below ${loss}`
  }
  if (verdict === "undetermined") {
    return `further descent (${flag}), or tolerances outside of the error bars`
  }
  return fall > 0
    ? `further descent to the minimum (${flag}, or longer training), or a --loss-tolerance well above ${Table.margin(fall)}`
    : `a flatter minimum, or a --residual-tolerance above ${highest}`
}

/** Report of a certificate. */
export const reportOf = (certified: CertifiedNetwork, asked: Settings): CertifyReport => {
  const { certificate } = certified
  return {
    ...certified,
    ...asked,
    flatMeans: flatMeans(certificate, asked),
    wouldChange: wouldChange(certificate, asked.oracle === undefined ? "--descend" : "--products"),
    traceIsExact: certificate.trace.standardError === 0,
    next: next(certificate, asked.oracle),
  }
}

const withError = (estimate: number, error: number): string =>
  `${Table.margin(estimate)} ± ${Table.margin(error)}`

/** Residual with its error; without a gap also the bounds that follow from it. */
const residualLine = ({ gap, judgedAt, residual }: Certificate): string => {
  const { estimate, standardError } = residual
  const half = confidence * standardError
  const bounds =
    gap === undefined && half > 0
      ? `, between ${Table.margin(Math.max(0, estimate - half))} and ${Table.margin(estimate + half)}`
      : ""
  const place = judgedAt === "the point" ? "" : `, at ${judgedAt}`
  return `${withError(estimate, standardError)}${bounds}${place}`
}

const ends = {
  minimum: "at a minimum: the gradient is small, and no curvature is negative",
  kink: "at kinks of the loss, where the gradient jumps and a thousand gradients hardly lower the loss",
  enough: "when the loss had fallen by more than its tolerance",
  "not finite": "where the loss overflowed",
  budget: "when the budget of gradients was used up",
} as const

const labelled = (label: string, text: string): string => `${label.padEnd(15)}${text}`

const descentLines = ({ certificate, descent }: CertifyReport): ReadonlyArray<string> => {
  const { descent: end, fall } = certificate
  const [asked, own] = [
    descent && `ended ${ends[descent.end]}, after ${Table.count(descent.gradients)} gradients`,
    end && `the loss falls by ${Table.margin(fall)}; ended ${ends[end]}`,
  ]
  return [
    ...(asked === undefined ? [] : [labelled("descent", asked)]),
    ...(own === undefined ? [] : [labelled("lower loss", own)]),
  ]
}

/** Summarises the calls to a program, and the error of its products. */
export const oracleLines = ({
  dimension,
  oracle,
}: {
  readonly dimension: number
  readonly oracle: CertifyReport["oracle"]
}): ReadonlyArray<string> => {
  if (oracle === undefined) return []
  const { check, gradients, notFinite, numbers, vectors } = oracle
  const { allowedAsymmetry, allowedMisfit, asymmetry, isKnown, misfit } = check
  const fit = isKnown
    ? `different from finite differences of its gradients by ${Table.margin(misfit)} (at most ${allowedMisfit} is allowed)`
    : "not comparable with finite differences of its gradients, which depend on their step, as near a kink"
  const bytes = (24 * (vectors + 1) * dimension) / 2 ** 20
  return [
    labelled(
      "products",
      `asymmetric by ${Table.margin(asymmetry)} (at most ${allowedAsymmetry} is allowed), and ${fit};  ${numbers}`,
    ),
    ...(notFinite === 0
      ? []
      : [
          labelled(
            "losses",
            `NOT FINITE at ${Table.plural(notFinite, "point")} near the certified one, where the program answered NaN or infinity; the loss could not be compared there, so check the program`,
          ),
        ]),
    labelled(
      "cost",
      `${Table.count(gradients)} gradients, with a product counted as two; at most ${vectors} vectors in memory, ${Table.count(Math.ceil(bytes))} MiB`,
    ),
  ]
}

/** Describes the format of a network and data from another program. */
export const sourceLines = ({ source }: Pick<CertifyReport, "source">): ReadonlyArray<string> =>
  source === undefined
    ? []
    : [
        labelled("read", `${source.format}, on ${Table.plural(source.samples, "sample")}`),
        ...source.notes.map((note) => labelled("", note)),
      ]

/** Table of the layers, below a line of its own. */
const layerLines = ({ layers }: CertifyReport): ReadonlyArray<string> => {
  if (layers === undefined) return []
  const rows = layers.map(({ layer, parameters, residual, status, topEigenvalue, trace }) => [
    layer,
    Table.count(parameters),
    `${withError(trace.estimate, trace.standardError)}${trace.standardError === 0 ? " (exact)" : ""}`,
    `${withError(topEigenvalue, residual)}${status === "budget" ? " (not converged to 1e-3)" : ""}`,
  ])
  return [
    labelled("by layer", "the block of each layer in the Hessian, with the other layers fixed"),
    Table.render(["LAYER", "PARAMETERS", "TRACE", "TOP EIGENVALUE"], rows),
  ]
}

const gapLine = ({ gap, rank }: Certificate): string => {
  if (gap === undefined) return "none"
  return gap === Number.POSITIVE_INFINITY
    ? `not needed: none of the ${rank} eigenvalues is 0`
    : `a factor of ${Table.margin(gap)} after ${rank} eigenvalues`
}

export const render = (report: CertifyReport): string => {
  const { certificate, density, network, traceIsExact } = report
  const { because, dimension, gradientNorm, loss, lossGapBound, topEigenvalues, trace } =
    certificate
  const others = topEigenvalues.slice(1).map(({ residual, value }) => withError(value, residual))
  return [
    Table.wrap(`${network}, ${dimension} parameters`, 100, "", "  "),
    ...sourceLines(report),
    labelled("verdict", `${certificate.verdict}: ${because}`),
    labelled("flat means", report.flatMeans),
    labelled("would change", report.wouldChange),
    ...descentLines(report),
    ...oracleLines({ dimension, oracle: report.oracle }),
    labelled("loss", `${Table.margin(loss)}, gradient norm ${Table.margin(gradientNorm)}`),
    labelled(
      "loss gap",
      lossGapBound === undefined
        ? `at least ${Table.margin(certificate.fall)}; no upper bound is known`
        : `at most ${Table.margin(lossGapBound)}`,
    ),
    labelled("residual", residualLine(certificate)),
    labelled(
      "trace",
      `${withError(trace.estimate, trace.standardError)}${traceIsExact ? " (exact)" : ""}`,
    ),
    labelled(
      "top eigenvalue",
      `${withError(certificate.topEigenvalue, certificate.topEigenvalueResidual)}, smallest ${withError(certificate.smallestEigenvalue, certificate.smallestEigenvalueResidual)}${certificate.eigenvalueStatus === "budget" ? "; not converged to 1e-4" : ""}`,
    ),
    ...(others.length === 0 ? [] : [labelled("next largest", others.join(", "))]),
    labelled("spectral gap", `${gapLine(certificate)}, in the ${certificate.basis}`),
    ...layerLines(report),
    labelled("spectrum", "share of the eigenvalues of the Hessian, by size"),
    ...DensityLines.render(density).map((line) => labelled("", line)),
    labelled("next", report.next),
  ].join("\n")
}

export const figure = ({ density, network }: CertifyReport): Figure.Figure =>
  Figure.points({
    id: "spectral-density",
    title: `Spectral density of the Hessian of ${network}`,
    caption: "Nodes and weights of stochastic Lanczos quadrature.",
    rows: density.filter(({ weight }) => weight > 1e-10),
    x: { field: "eigenvalue", title: "eigenvalue", scale: "symlog" },
    y: { field: "weight", title: "share of the spectrum", scale: "log" },
  })
