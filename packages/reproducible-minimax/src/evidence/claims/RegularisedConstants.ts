import { claim } from "@nonconvex/evidence"
import { corrected } from "../support/Paper.ts"
import {
  constantsInstances,
  convexityMargin,
  exactConvexity,
} from "../support/RegularisedConvexity.ts"

export const regularisedConstants = claim({
  id: "reproducible-minimax/regularised-constants",
  statement: "The regularised objective is r-strongly convex and (l + r)-smooth.",
  source: corrected("the constants of F_r in the proof of Theorem 3.3"),
  instances: constantsInstances,
  value: [
    [0, 1],
    [1, 1],
  ],
  margin: ({ instance, value }) => convexityMargin(instance, value),
  exactly: ({ instance, value }) => exactConvexity(instance, value),
  controls: [
    {
      name: "a modulus of 2 r",
      value: [
        [0, 2],
        [1, 1],
      ],
    },
    {
      name: "a smoothness of l",
      value: [
        [0, 1],
        [1, 0],
      ],
    },
  ],
})
