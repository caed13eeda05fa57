/** Methods with worst cases computed by PEPit. */
import { type Method, Methods } from "../../src/index.ts"
import {
  smooth,
  strong,
  accelerated,
  optimized,
  optimizedForGradient,
  informationTheoretic,
  tripleMomentum,
  inexact,
  subgradient,
  nonconvex,
} from "./GradientMethods.ts"
import {
  forwardBackward,
  fista,
  reflected,
  douglasRachford,
  davisYin,
  halpern,
  averaged,
  acceleratedProximal,
  pastGradient,
} from "./SplittingMethods.ts"
import { apart, contraction } from "./support.ts"

/** Keys are those of test/fixtures/pepit.json, which scripts/makeKnownAnswers.py writes. */
export const asPepit: Readonly<Record<string, Method>> = {
  "gradient descent 1": Methods.gradientDescent({ steps: 1, rate: 1, class: smooth }),
  "gradient descent 4": Methods.gradientDescent({
    steps: 4,
    rate: "1/3",
    class: { class: "smooth-convex", L: 3 },
  }),
  contraction: Methods.gradientDescent({ steps: 2, rate: 1, class: strong, measure: apart }),
  "accelerated gradient": accelerated(4),
  "accelerated gradient, strongly convex": {
    ...Methods.nesterov({
      steps: 3,
      rate: 1,
      class: strong,
      momentum: Array.from({ length: 3 }, () => (1 - Math.sqrt(0.1)) / (1 + Math.sqrt(0.1))),
    }),
    given: [
      {
        bound: {
          sum: [
            { weight: 1, of: { gap: "x@0" } },
            { weight: 0.05, of: { squaredDistance: ["x@0", "x*"] } },
          ],
        },
        atMost: 1,
      },
    ],
  },
  "heavy ball": {
    ...Methods.heavyBall({
      steps: 3,
      rate: 0.5,
      momentum: Math.sqrt((1 - 0.5 * 0.1) * (1 - 0.5)),
      class: strong,
    }),
    given: [{ bound: { gap: "x@0" }, atMost: 1 }],
  },
  "inexact gradient": inexact(2),
  "information-theoretic exact method": informationTheoretic(5, 0.001),
  "optimized gradient": optimized(4, 3),
  "optimized gradient for the gradient": optimizedForGradient(4, 3),
  "proximal point": Methods.proximalPoint({ steps: 4, rate: 3, class: { class: "convex" } }),
  "subgradient method": subgradient(6, 2),
  "triple momentum": tripleMomentum(4, 0.1),
  nonconvex: nonconvex(5),
  "accelerated proximal gradient": fista(4),
  "Douglas-Rachford, gap": douglasRachford(4),
  "Douglas-Rachford, contraction": contraction({ f: strong, h: { class: "convex" } }, [
    { repeat: 2, steps: reflected("h", "f", 3, 1) },
  ]),
  "Douglas-Rachford, operators": contraction(
    { A: { class: "monotone-lipschitz", L: 1 }, B: { class: "strongly-monotone", mu: 0.1 } },
    reflected("B", "A", 1.3, 0.9),
  ),
  "proximal gradient": forwardBackward(2),
  "three functions": davisYin(
    {
      a: { class: "smooth-strongly-convex", L: 10, mu: 0.1 },
      b: { class: "convex" },
      c: smooth,
    },
    ["b", "a", "c"],
    1,
    1,
    2,
  ),
  "three operators": davisYin(
    { a: { class: "monotone" }, b: { class: "cocoercive", beta: 1 }, c: strong },
    ["b", "a", "c"],
    0.9,
    1.3,
    1,
  ),
  Halpern: halpern(6),
  "Krasnoselskii-Mann": averaged(3, "3/4", "1/4"),
  "accelerated proximal point": acceleratedProximal(6),
  "proximal point, operators": Methods.proximalPoint({
    steps: 6,
    rate: 2,
    class: { class: "monotone" },
    measure: { squaredDistance: ["x", "x@-1"] },
  }),
  "optimistic gradient": pastGradient("optimistic", 3),
  "past extragradient": pastGradient("extra", 3),
}
