/** What `certify` found. */
import { Figure } from "@nonconvex/evidence"
import type { Certificate } from "@nonconvex/flat-minima"
import { CertifiedNetwork } from "@nonconvex/flat-minima/evidence"
import { Capabilities } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as DensityLines from "./DensityLines.ts"

const found = CertifiedNetwork.fields

/** What `certify --json` prints. */
export const CertifyReport = Schema.Struct({
  network: found.network,
  certificate: found.certificate,
  /** Whether the trace is exact: the activations are piecewise linear, or the whole spectrum was computed. */
  traceIsExact: Schema.Boolean,
  density: found.density,
  next: Schema.String,
  /** What computed. */
  kernels: Capabilities.fields.kernels,
})
export type CertifyReport = typeof CertifyReport.Type

/** A gradient longer than this is that of no minimum. */
const tooLong = 1e-3

/** What to do with a certificate. */
export const next = ({ basis, gap, gradientNorm, verdict }: Certificate): string => {
  if (verdict === "flat") return "keep this network; the certificate is about its training loss"
  if (verdict === "not flat") {
    return "continue with a perturbation: nonconvex train --method sam with a larger radius, or sharpnessAwarePerturbation of @nonconvex/flat-minima"
  }
  if (gradientNorm > tooLong) {
    return "the gradient is too long for a minimum: add --descend 20000, or train further with a lower learning rate at the end"
  }
  if (gap !== undefined) {
    return "add --descend 20000, or ask for a larger tolerance with --loss-tolerance or --residual-tolerance"
  }
  return basis === "ends of the spectrum"
    ? "compare trace and top eigenvalue with those of another training; a smaller network, or fewer rows, has a spectrum that can be searched"
    : "compare trace and top eigenvalue with those of another training; a wider network that meets its targets, with a squared loss, has a gap"
}

/** The report of what was found. */
export const reportOf = (
  certified: CertifiedNetwork,
  kernels: CertifyReport["kernels"],
): CertifyReport => ({
  ...certified,
  traceIsExact: certified.certificate.trace.standardError === 0,
  next: next(certified.certificate),
  kernels,
})

const withError = (estimate: number, error: number): string =>
  error === 0 ? Table.margin(estimate) : `${Table.margin(estimate)} ± ${Table.margin(error)}`

const gapLine = ({ gap, rank }: Certificate): string => {
  if (gap === undefined) return "none"
  return gap === Number.POSITIVE_INFINITY
    ? `none needed: all ${rank} eigenvalues are above 0`
    : `a factor of ${Table.margin(gap)} after ${rank} eigenvalues`
}

export const render = ({
  certificate,
  density,
  network,
  next: step,
  traceIsExact,
}: CertifyReport): string => {
  const { because, dimension, gradientNorm, loss, lossGapBound, residual } = certificate
  const unknown =
    certificate.gap === undefined
      ? "not known without a gap in the spectrum"
      : "not known where the Hessian has a negative eigenvalue"
  return [
    `${network}, ${dimension} parameters`,
    `verdict        ${certificate.verdict}: ${because}`,
    `loss           ${Table.margin(loss)}, gradient norm ${Table.margin(gradientNorm)}`,
    `loss gap       ${lossGapBound === undefined ? unknown : `at most ${Table.margin(lossGapBound)}`}`,
    `residual       ${residual === undefined ? unknown : withError(residual.estimate, residual.standardError)}`,
    `trace          ${withError(certificate.trace.estimate, certificate.trace.standardError)}${traceIsExact ? " (exact)" : ""}`,
    `top eigenvalue ${Table.margin(certificate.topEigenvalue)} (within ${Table.margin(certificate.topEigenvalueResidual)}), smallest ${Table.margin(certificate.smallestEigenvalue)}${certificate.eigenvalueStatus === "budget" ? "; not found to 1e-4" : ""}`,
    `spectral gap   ${gapLine(certificate)}, in the ${certificate.basis}`,
    "spectrum       share of the eigenvalues of the Hessian, by size",
    ...DensityLines.render(density).map((line) => `               ${line}`),
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
