/** Methods of classes and steps beyond the documented examples of PEPit; keys are those of test/fixtures/pepit.json. */
import { type Method, Methods } from "../../src/index.ts"
import { frankWolfe } from "./FurtherSplittings.ts"
import { contraction, everyStep, of, unit, unrolled } from "./support.ts"

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

/** Epsilon-subgradients and the last subgradient have norm at most M; the best of all gaps counts. */
const epsilonSubgradients = (steps: number, M: number, epsilon: number, rate: number): Method => ({
  functions: { f: { class: "convex" } },
  start: ["x"],
  steps: [
    ...unrolled(steps, () => [
      { gradient: "g", of: "f", at: "x", epsilon },
      { combine: "x", terms: { x: 1, g: -rate } },
    ]),
    { gradient: "last", of: "f", at: "x" },
  ],
  given: [
    ...unit,
    ...[...Array.from({ length: steps }, (_, k) => `g@${k}`), "last"].map((name) => ({
      bound: { squaredNorm: name },
      atMost: M ** 2,
    })),
  ],
  measure: everyStep(steps, (x) => ({ gap: x })),
})

/** M. Barré, A. Taylor, F. Bach, 2020: a primal-dual gap of at most (zeta |v + gradient|)^2 / (2 L^2). */
const inexactForwardBackward = (steps: number, L: number, zeta: number): Method => {
  const rate = 1 / L
  const eta = (1 - zeta ** 2) * rate
  const sums = [0]
  for (let k = 0; k < steps; k++) {
    sums.push(sums[k]! + (eta + Math.sqrt(eta ** 2 + 4 * eta * sums[k]!)) / 2)
  }
  return {
    functions: { f: { class: "smooth-convex", L }, h: { class: "convex" } },
    start: ["x"],
    steps: [
      { combine: "z", terms: { x: 1 } },
      ...unrolled(steps, (k) => {
        const share = 1 - sums[k]! / sums[k + 1]!
        return [
          { combine: "y", terms: { x: 1 - share, z: share } },
          { gradient: "g", of: "f", at: "y" },
          { step: "ahead", from: "y", at: "y", of: "f", rate },
          { prox: "x", from: "ahead", of: "h", rate, criterion: "I", dual: "v" },
          { combine: "d", terms: { v: 1, g: 1 } },
          { combine: "z", terms: { z: 1, d: sums[k]! - sums[k + 1]! } },
        ]
      }),
    ],
    given: [
      ...unit,
      ...Array.from({ length: steps }, (_, k) => ({
        bound: {
          sum: [
            { weight: 1, of: { inexactness: `x@${k + 1}` } },
            { weight: -((zeta * rate) ** 2) / 2, of: { squaredNorm: `d@${k}` } },
          ],
        },
        atMost: 0,
      })),
    ],
    measure: { gap: "x" },
  }
}

/** The first proximal step of each round is inexact, relative to what the round moves. */
const inexactDouglasRachford = (steps: number, rate: number, sigma: number): Method => ({
  functions: { f: { class: "smooth-strongly-convex", L: 5, mu: 0.1 }, g: { class: "convex" } },
  start: ["z"],
  steps: [
    { gradient: "at", of: "f", at: "x*" },
    { combine: "fixed", terms: { "x*": 1, at: rate } },
    ...unrolled(steps, () => [
      { prox: "x", from: "z", of: "f", rate, criterion: "II", dual: "v" },
      { combine: "ahead", terms: { x: 1, v: -rate } },
      { prox: "y", from: "ahead", of: "g", rate },
      { combine: "moved", terms: { y: 1, z: -1, v: rate } },
      { combine: "z", terms: { z: 1, y: 1, x: -1 } },
    ]),
  ],
  given: [
    { bound: { squaredDistance: ["z@0", "fixed"] }, atMost: 1 },
    ...Array.from({ length: steps }, (_, k) => ({
      bound: {
        sum: [
          { weight: 1, of: { inexactness: `x@${k}` } },
          { weight: -(sigma ** 2) / 2, of: { squaredNorm: `moved@${k}` } },
        ],
      },
      atMost: 0,
    })),
  ],
  measure: { squaredDistance: ["z", "fixed"] },
})

const inexactProximalPoint = (
  steps: number,
  rate: number,
  relative: number,
  criterion: "II" | "III",
): Method =>
  of(
    { class: "convex" },
    [{ repeat: steps, steps: [{ prox: "x", of: "f", rate, criterion, error: { relative } }] }],
    { gap: "x" },
  )

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
  "support function": {
    functions: { f: { class: "convex-support", M: 1 }, h: { class: "convex" } },
    start: ["x"],
    steps: [
      {
        repeat: 2,
        steps: [
          { step: "x", of: "f", rate: "1/2" },
          { prox: "x", of: "h", rate: "1/2" },
        ],
      },
    ],
    given: unit,
    measure: { gap: "x" },
  },
  "cyclic coordinate descent": of(
    { class: "block-smooth-convex", blocks: [1, 2] },
    [1, 2, 1].map((block) => ({ step: "x", of: "f", rate: `1/${block}`, block })),
    { gap: "x" },
  ),
  "epsilon-subgradients": epsilonSubgradients(3, 2, 0.1, 1 / 2),
  "inexact accelerated forward-backward": inexactForwardBackward(2, 1.3, 0.45),
  "inexact Douglas-Rachford": inexactDouglasRachford(3, 1.4, 0.2),
  "inexact proximal point": inexactProximalPoint(4, 1, 0.65, "II"),
  "inexact proximal point, displacement": inexactProximalPoint(1, 1, 0.5, "III"),
}
