import { erratum } from "@nonconvex/evidence"
import { convexityCounterexample } from "../support/ConvexityCounterexample.ts"
import { printed } from "../support/Paper.ts"
import {
  constantsInstances,
  convexityMargin,
  exactConvexity,
} from "../support/RegularisedConvexity.ts"

/** The modulus of strong convexity that the proof of Theorem 3.3 states. */
const regularisedConvexity = erratum({
  id: "reproducible-minimax/regularised-objective-is-as-convex-as-smooth",
  statement: "The regularised objective F_r is (l + r)-strongly convex.",
  source: printed("proof of Theorem 3.3"),
  class: "slip",
  read: { as: "printed", place: "proof of Theorem 3.3" },
  instances: constantsInstances,
  margin: ({ instance }) =>
    convexityMargin(instance, [
      [1, 1],
      [1, 1],
    ]),
  exactly: ({ instance }) =>
    exactConvexity(instance, [
      [1, 1],
      [1, 1],
    ]),
  exact: convexityCounterexample,
  corrected: "reproducible-minimax/regularised-constants",
  explanation:
    "F is convex and l-smooth, so its curvature lies between 0 and l, and that of F_r between r and l + r. The theorem needs r only, and remains valid.",
})

export const regularisedObjectiveIsAsConvexAsSmooth = regularisedConvexity
