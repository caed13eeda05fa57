/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "SAM climbs a distance rho along the gradient, and takes its step with the gradient found there. The climb is divided by the norm of the gradient, so its length never changes. Without the division the method is called USAM. Near a minimum USAM climbs hardly at all, and far out it climbs too far. The paper claims two effects. Far out, where USAM diverges, the division keeps SAM stable. At a minimum, where USAM stops, SAM keeps moving along the valley to a flatter place. On (x y)^2 / 2 both effects can be computed: the minima are the axes, and the flattest one is the origin. Theorem 2 starts both methods at the same point. USAM diverges, and SAM walks down the axis.",
  surprise: {
    title: "Near the diagonal SAM never arrives",
    text: "Theorem 2, as we recall it, sends SAM to the origin from every start with y > x. Beside the diagonal that is false. SAM falls into an orbit of two points on opposite sides of the origin, and the orbit attracts an open set of starts.",
    matters:
      "A constant radius leaves SAM a smallest distance that it cannot go below. “SAM finds the flattest minimum” is true for most starts, but not for all. The set is narrow: its width is about rho^2 / x.",
    rests: [
      "optim-sam/factorisation-sam-reaches-origin-beside-diagonal",
      "optim-sam/factorisation-sam-reaches-origin",
    ],
  },
  revisedBy: [
    "A start of Theorem 2, away from the diagonal, from which USAM stays or SAM does not arrive.",
    "A study with more than ten seeds in which SAM's test accuracy exceeds that of USAM, both tuned. Ours cannot tell them apart.",
    "The printed text of Theorem 2, if it excludes the diagonal: the erratum would then fall away.",
  ],
}
