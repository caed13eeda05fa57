import { claim, Kind } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as AuditSubject from "../../audit/AuditSubject.ts"
import { auditMargin, onRandomPairs, pairOf, promisedOf } from "../support/AuditedPairs.ts"
import { derived } from "../support/Paper.ts"

export const auditOfRandomPairs = claim({
  ...onRandomPairs,
  id: "dp-lowrank/audit-of-random-pairs",
  statement:
    "Along the difference of two neighbours the noisy matrix is N(0, s^2) against N(|D|_F, s^2): an audit measures mu = |D|_F / s and finds no violation.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("optimal statistic of isotropic noise")),
  margin: ({ instance, kernels, value: noise }) => {
    const promised = promisedOf(instance)
    const pair = pairOf(instance, 1)
    const mu = Vector.norm(pair.difference) / promised.scale
    const subject = AuditSubject.idealised(pair, promised, { kernels, noise })
    return auditMargin(instance, subject, mu, 6000)
  },
})
