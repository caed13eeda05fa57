/** Methods of classes and steps beyond the documented examples of PEPit; keys are those of test/fixtures/pepit.json. */
import { type Method, Methods } from "../../src/index.ts"
import { frankWolfe } from "./FurtherSplittings.ts"
import { contraction, of } from "./support.ts"

/** Gradient descent on functions with the Polyak-Lojasiewicz inequality, from a gap of 1. */
const lojasiewicz = (steps: number, rate: number, alpha?: number): Method => ({
  ...Methods.gradientDescent({
    steps,
    rate,
    class: {
      class: "smooth-lojasiewicz",
      L: 1,
      mu: 0.2,
      ...(alpha !== undefined && { alpha }),
    },
  }),
  given: [{ bound: { gap: "x@0" }, atMost: 1 }],
})

export const ofClasses: Readonly<Record<string, Method>> = {
  "gradient descent, Lipschitz": Methods.gradientDescent({
    steps: 3,
    rate: 1,
    class: { class: "smooth-convex-lipschitz", L: 1, M: "1/2" },
  }),
  "gradient descent, Lojasiewicz": lojasiewicz(3, 1),
  "gradient descent, Lojasiewicz, stronger": lojasiewicz(2, 0.8, 0.1),
  "cocoercive and strongly monotone": contraction(
    { F: { class: "cocoercive-strongly-monotone", beta: 1, mu: 0.1 } },
    [{ repeat: 2, steps: [{ step: "w", of: "F", rate: 1.5 }] }],
  ),
  "proximal point, negatively comonotone": of(
    { class: "negatively-comonotone", rho: 0.25 },
    [{ repeat: 3, steps: [{ prox: "x", of: "f", rate: 1 }] }],
    { squaredDistance: ["x", "x@-1"] },
  ),
  "Frank-Wolfe, in a ball": frankWolfe(2, { R: 1 }),
}
