import { Draw, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Audit from "../../audit/Audit.ts"
import * as AuditSubject from "../../audit/AuditSubject.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import { streamOf } from "./Structures.ts"

/** `cosine` is that between the two rows, for replaced rows. */
const audited = (cosine = Draw.linear(0, 0.7)) =>
  Draw.record({
    dimension: Draw.integer(2, 5),
    neighbours: Draw.oneOf("replace", "add-remove"),
    cosine,
    seed: Draw.seed(),
  })

type Audited = Draw.Drawn<ReturnType<typeof audited>>

const target = { epsilon: 8, delta: 0.01 }

export const promisedOf = ({ neighbours }: Audited): Mechanism.Mechanism =>
  Mechanism.isotropic({ ...target, neighbours, bound: Public.bound(1) })

/** Random pair of rows with this norm. */
export const pairOf = ({ cosine, dimension: d, neighbours, seed }: Audited, norm: number) => {
  const q = Orthogonal.haar(d, streamOf(seed, "rows"))
  const [u, w] = [q.subarray(0, d), q.subarray(d, 2 * d)]
  const v = u.map((x, i) => norm * (cosine * x + Math.sqrt(1 - cosine * cosine) * w[i]!))
  return AuditSubject.pairOf(d, [
    u.map((x) => norm * x),
    neighbours === "replace" ? v : new Float64Array(),
  ])
}

/** The parametric audit, against a distance in units of the scale. */
export const auditMargin = <Input, Output>(
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

export const onRandomPairs = {
  instances: audited(),
  value: 1,
  controls: [{ name: "half of the noise", value: 0.5, instances: audited(Draw.oneOf(0)) }],
} as const
