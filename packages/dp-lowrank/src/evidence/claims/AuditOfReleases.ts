import { claim, Kind } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as AuditSubject from "../../audit/AuditSubject.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { auditMargin, onRandomPairs, pairOf, promisedOf } from "../support/AuditedPairs.ts"
import { derived } from "../support/Paper.ts"

export const auditOfReleases = claim({
  ...onRandomPairs,
  id: "dp-lowrank/audit-of-releases",
  statement:
    "An audit of the release itself, on neighbours whose rows are clipped to the bound, measures mu = |D|_F / s and finds no violation.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("optimal statistic of isotropic noise, in exact arithmetic")),
  margin: ({ instance, kernels, value: noise }) => {
    const plan = GridPlan.make(promisedOf(instance), instance.dimension)
    // three times as long as the bound, to which they are clipped: 9 times as far apart without it
    const pair = pairOf(instance, 3)
    const mu = Vector.norm(pair.difference) / 9 / plan.mechanism.scale
    return auditMargin(instance, AuditSubject.released(pair, plan, { kernels, noise }), mu, 1000)
  },
})
