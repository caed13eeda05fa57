/** Audits of random neighbours: of the noise as the theory has it, and of the release as it ships. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Audit from "../../audit/Audit.ts"
import * as AuditSubject from "../../audit/AuditSubject.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import * as Public from "../../privacy/Public.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

/** `cosine` is that of the two rows, for replaced ones. */
const audited = (cosine = Draw.linear(0, 0.7)) =>
  Draw.record({
    dimension: Draw.integer(2, 5),
    neighbours: Draw.oneOf("replace", "add-remove"),
    cosine,
    seed: Draw.seed(),
  })
type Audited = Draw.Drawn<ReturnType<typeof audited>>

const target = { epsilon: 8, delta: 0.01 }

const promisedOf = ({ neighbours }: Audited): Mechanism.Mechanism =>
  Mechanism.isotropic({ ...target, neighbours, bound: Public.bound(1) })

/** A random pair, whose rows have this norm. */
const pairOf = ({ cosine, dimension: d, neighbours, seed }: Audited, norm: number) => {
  const q = Orthogonal.haar(d, streamOf(seed, "rows"))
  const [u, w] = [q.subarray(0, d), q.subarray(d, 2 * d)]
  const v = u.map((x, i) => norm * (cosine * x + Math.sqrt(1 - cosine * cosine) * w[i]!))
  return AuditSubject.pairOf(d, [
    u.map((x) => norm * x),
    neighbours === "replace" ? v : new Float64Array(),
  ])
}

/** The parametric audit, against a distance in units of the scale. */
const auditMargin = <Input, Output>(
  { seed }: Audited,
  subject: Audit.Subject<Input, Output>,
  mu: number,
  samples: number,
): Margin.Comparison => {
  const options = { ...target, samples, seed: Seed.root(seed).child("audit") }
  const report = Audit.audit(subject, options)
  return Margin.all(
    Margin.holds(report.verdict === "no violation found"),
    // the estimate of mu has this error and, for large mu, that of the pooled deviation
    Margin.equal(report.mu, mu, { absolute: 9 * report.muStandardError }),
  )
}

const onRandomPairs = {
  instances: audited(),
  value: 1,
  controls: [{ name: "half of the noise", value: 0.5, instances: audited(Draw.oneOf(0)) }],
} as const

export const idealised = claim({
  ...onRandomPairs,
  id: "dp-lowrank/audit-of-random-pairs",
  statement:
    "Along the difference of two neighbours the noisy matrix is N(0, s^2) against N(|D|_F, s^2): an audit finds mu = |D|_F / s, and no violation.",
  inFloatingPoint: "statistical",
  source: derived("optimal statistic of isotropic noise"),
  margin: ({ instance, kernels, value: noise }) => {
    const promised = promisedOf(instance)
    const pair = pairOf(instance, 1)
    const mu = Vector.norm(pair.difference) / promised.scale
    const subject = AuditSubject.idealised(pair, promised, { kernels, noise })
    return auditMargin(instance, subject, mu, 6000)
  },
})

export const released = claim({
  ...onRandomPairs,
  id: "dp-lowrank/audit-of-releases",
  statement:
    "An audit of the release itself, on neighbours whose rows are clipped to the bound, finds mu = |D|_F / s, and no violation.",
  inFloatingPoint: "statistical",
  source: derived("optimal statistic of isotropic noise, in exact arithmetic"),
  margin: ({ instance, kernels, value: noise }) => {
    const plan = GridPlan.make(promisedOf(instance), instance.dimension)
    // three times as long as the bound, to which they are clipped: 9 times as far apart without it
    const pair = pairOf(instance, 3)
    const mu = Vector.norm(pair.difference) / 9 / plan.mechanism.scale
    return auditMargin(instance, AuditSubject.released(pair, plan, { kernels, noise }), mu, 1000)
  },
})
