/** Report of `audit`. */
import { Neighbours } from "@nonconvex/dp-lowrank"
import { Audited } from "@nonconvex/dp-lowrank/operations"
import * as Decimal from "@nonconvex/numerics/Decimal"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Runtime, Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

/** JSON of `audit`. */
export const AuditReport = Schema.Struct({
  mechanism: Schema.String,
  /** Audited mechanism: noise in floating point, or the release itself. */
  path: Schema.Literals(["idealised noise", "release"]),
  neighbours: Neighbours,
  bound: Schema.Number,
  epsilon: Schema.Number,
  delta: Schema.Number,
  /** Factor by which the noise was multiplied. */
  noise: Schema.Number,
  confidence: Schema.Number,
  kernels: KernelsName,
  ...Audited.fields,
})
export type AuditReport = typeof AuditReport.Type

/** The audit proved that the mechanism is not private. */
export class NotPrivate extends Schema.TaggedError<NotPrivate>()("NotPrivate", {
  mechanism: Schema.String,
  epsilon: Schema.Number,
  shown: Schema.Number,
}) {
  override get [Runtime.errorExitCode](): number {
    return 2
  }

  override get message(): string {
    return `${this.mechanism} is not private at epsilon ${this.epsilon}: the audit shows at least ${Table.number(Decimal.floor(this.shown, 4))}`
  }
}

const audited = {
  "idealised noise": "the idealised noise, in floating point; --exact audits the release",
  release:
    "the release itself, on rows twice as long as the bound, with random numbers from the seed",
} as const

/** States the result in a sentence: an audit can show that a mechanism is not private, never that it is. */
const answer = ({ agrees, epsilon, requiredSamples, samples, verdict }: AuditReport): string => {
  if (verdict === "violation") {
    return `not private at epsilon ${epsilon}: the output distinguishes the two inputs better than epsilon allows`
  }
  if (!agrees)
    return "the noise differs from the promised one, although no violation of epsilon was found"
  return samples >= requiredSamples
    ? "the noise is as large as promised, and a missing factor of sqrt 2 would have been detected"
    : "the noise is as large as promised; too few samples to detect a missing factor of sqrt 2 in epsilon"
}

export const render = (report: AuditReport): string => {
  const { confidence, delta, epsilon, mu, promisedMu, requiredSamples } = report
  return [
    `${report.mechanism}${report.noise === 1 ? "" : ` with ${report.noise} times its noise`}, ${report.neighbours}, bound ${report.bound}, promised epsilon ${epsilon} at delta ${delta}`,
    `audited        ${audited[report.path]}`,
    `verdict        ${report.verdict}`,
    `answer         ${answer(report)}`,
    `lower bound    epsilon at least ${Table.number(Decimal.floor(report.epsilonLowerBound, 4))}, with confidence ${confidence}, from ${Table.count(report.samples)} samples of each input`,
    `exact          epsilon ${Table.number(report.deliveredEpsilon)} for Gaussian noise of this size`,
    `mu             ${Table.margin(mu)} ± ${Table.margin(report.muStandardError)}, promised ${Table.margin(promisedMu)}: ${report.agrees ? "they agree" : "they do not agree"}`,
    `power          ${Number.isFinite(requiredSamples) ? `about ${Table.count(requiredSamples)} samples detect a missing sqrt 2` : "no number of samples detects a missing sqrt 2 at this delta; audit at 0.01"}`,
    "nonconvex explain <term> explains a term, such as nonconvex explain mu",
  ].join("\n")
}
