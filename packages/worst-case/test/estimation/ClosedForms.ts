/** Methods whose worst cases have a closed form. */
import { type Method, Methods } from "../../src/index.ts"
import { smooth, strong, subgradient, nonconvex } from "./GradientMethods.ts"
import { halpern } from "./SplittingMethods.ts"
import { apart, of } from "./support.ts"

/** Name, method, worst case in closed form. */
export const closedForms: ReadonlyArray<readonly [string, Method, number]> = [
  // A. Taylor, J. Hendrickx, F. Glineur, 2017, section 4.1: L D^2 / (4 N L rate + 2) up to rate 1/L
  ...[1, 2, 5, 10].map(
    (N) =>
      [
        `gradient descent, ${N} steps`,
        Methods.gradientDescent({ steps: N, rate: 1, class: smooth }),
        1 / (4 * N + 2),
      ] as const,
  ),
  [
    "gradient descent, short steps",
    Methods.gradientDescent({ steps: 3, rate: 0.3, class: { class: "smooth-convex", L: 2 } }),
    2 / (4 * 3 * 2 * 0.3 + 2),
  ],
  // and L D^2 / 2 max(1 / (2 N L rate + 1), (1 - L rate)^2N) beyond
  [
    "gradient descent, long steps",
    Methods.gradientDescent({ steps: 3, rate: 1.9, class: smooth }),
    0.5 * 0.9 ** 6,
  ],
  [
    "gradient descent, the gradient",
    Methods.gradientDescent({
      steps: 4,
      rate: 1,
      class: smooth,
      measure: { squaredGradient: "x" },
    }),
    1 / 25,
  ],
  [
    "gradient descent, the gradient from a gap",
    {
      ...Methods.gradientDescent({
        steps: 4,
        rate: 1,
        class: smooth,
        measure: { squaredGradient: "x" },
      }),
      given: [{ bound: { gap: "x@0" }, atMost: 1 }],
    },
    2 / (2 * 4 + 1),
  ],
  // contraction of a strongly convex function: max((1 - mu rate)^2, (1 - L rate)^2)
  ...([0.5, 1.5, 1.9] as const).map(
    (rate) =>
      [
        `contraction, rate ${rate}`,
        Methods.gradientDescent({ steps: 2, rate, class: strong, measure: apart }),
        Math.max((1 - 0.1 * rate) ** 2, (1 - rate) ** 2) ** 2,
      ] as const,
  ),
  // A. Taylor, J. Hendrickx, F. Glineur, Composite, 2017, Theorem 4.1: D^2 / (4 sum of rates)
  [
    "proximal point",
    Methods.proximalPoint({ steps: 3, rate: 0.5, class: { class: "convex" } }),
    1 / (4 * 1.5),
  ],
  // Y. Drori, M. Teboulle, An optimal variant of Kelley's cutting-plane method, 2016: M D / sqrt(N + 1)
  ["subgradient method", subgradient(4, 1), 1 / Math.sqrt(5)],
  // H. Abbaszadehpeivasti, E. de Klerk, M. Zamani, The exact worst-case convergence rate of the gradient method, 2021: 4 / (3 N)
  ["gradient descent, not convex", nonconvex(3), 4 / 9],
  // Lieder: (2 / (N + 1))^2
  ["Halpern", halpern(4), (2 / 5) ** 2],
  // G. Gu, J. Yang, Tight sublinear convergence rate of the proximal point algorithm, 2020: (1 - 1/N)^(N-1) / N
  [
    "proximal point, monotone",
    Methods.proximalPoint({
      steps: 3,
      rate: 1,
      class: { class: "monotone" },
      measure: { squaredDistance: ["x", "x@-1"] },
    }),
    (2 / 3) ** 2 / 3,
  ],
  // the resolvent of a strongly monotone operator contracts by 1 / (1 + rate mu)
  [
    "proximal point, strongly monotone",
    Methods.proximalPoint({
      steps: 3,
      rate: 2,
      class: { class: "strongly-monotone", mu: 0.25 },
      measure: apart,
    }),
    1.5 ** -6,
  ],
  // a cocoercive operator: x - beta F(x) is firmly nonexpansive, and F = 0 shows 1
  [
    "cocoercive, no contraction",
    Methods.gradientDescent({
      steps: 2,
      rate: 1,
      class: { class: "cocoercive", beta: 1 },
      measure: apart,
    }),
    1,
  ],
  // steps of smooth convex functions do not expand up to rate 2/L, so two runs drift apart by 2 rate error a step, as on f = 0
  [
    "deviation of two runs with inexact gradients",
    of(
      smooth,
      [{ repeat: 3, steps: [{ step: "x", of: "f", rate: 1, error: { absolute: "1/10" } }] }],
      { deviation: "x" },
      { runs: 2 },
    ),
    0.6 ** 2,
  ],
  // gradient descent and ascent on a rotation: |x - rate F(x)|^2 = (1 + rate^2) |x|^2
  [
    "descent and ascent",
    Methods.gradientDescent({
      steps: 3,
      rate: 0.5,
      class: { class: "convex-concave", L: 1 },
      measure: apart,
    }),
    1.25 ** 3,
  ],
]
