/** What `certify` found. */
import { Figure } from "@nonconvex/evidence"
import { Certificate } from "@nonconvex/flat-minima"
import { Schema } from "effect"
import * as Table from "../Table.ts"

/** What `certify --json` prints. */
export const CertifyReport = Schema.Struct({
  network: Schema.String,
  certificate: Certificate,
  /** Whether the trace is exact: the activations are piecewise linear, or the whole spectrum was computed. */
  traceIsExact: Schema.Boolean,
  /** Nodes and weights of the spectral density of the Hessian. */
  density: Schema.Array(Schema.Struct({ eigenvalue: Schema.Number, weight: Schema.Number })),
  next: Schema.String,
})
export type CertifyReport = typeof CertifyReport.Type

/** What to do with a certificate. */
export const next = ({ gap, gradientNorm, lossGapBound, verdict }: Certificate): string => {
  if (verdict === "flat") return "keep this network; the certificate is about its training loss"
  if (verdict === "not flat") {
    return "continue with a perturbation: nonconvex train --method sam with a larger radius, or sharpnessAwarePerturbation of @nonconvex/flat-minima"
  }
  if (gap === undefined) {
    return gradientNorm > 1e-3
      ? "train further, with a lower learning rate at the end: the gradient is too large for a minimum"
      : "compare trace and top eigenvalue with those of another training; with a squared loss or a smaller network the spectrum may show a gap"
  }
  return lossGapBound === undefined
    ? "train further"
    : "train further, or ask for a larger tolerance with --loss-tolerance"
}

const withError = (estimate: number, error: number): string =>
  error === 0 ? Table.margin(estimate) : `${Table.margin(estimate)} ± ${Table.margin(error)}`

export const render = ({
  certificate,
  network,
  next: step,
  traceIsExact,
}: CertifyReport): string => {
  const { because, dimension, gap, gradientNorm, loss, lossGapBound, rank, residual } = certificate
  const unknown = "not known without a gap in the spectrum"
  return [
    `${network}, ${dimension} parameters`,
    `verdict        ${certificate.verdict}: ${because}`,
    `loss           ${Table.margin(loss)}, gradient norm ${Table.margin(gradientNorm)}`,
    `loss gap       ${lossGapBound === undefined ? unknown : `at most ${Table.margin(lossGapBound)}`}`,
    `residual       ${residual === undefined ? unknown : withError(residual.estimate, residual.standardError)}`,
    `trace          ${withError(certificate.trace.estimate, certificate.trace.standardError)}${traceIsExact ? " (exact)" : ""}`,
    `top eigenvalue ${Table.margin(certificate.topEigenvalue)} (within ${Table.margin(certificate.topEigenvalueResidual)}), smallest ${Table.margin(certificate.smallestEigenvalue)}`,
    `spectral gap   ${gap === undefined ? "none" : `a factor of ${Table.margin(gap)} after ${rank} eigenvalues`}`,
    `next           ${step}`,
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
