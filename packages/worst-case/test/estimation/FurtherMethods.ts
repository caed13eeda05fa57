/** More methods with worst cases computed by PEPit; keys are those of test/fixtures/pepit.json. */
import { type Method, Methods } from "../../src/index.ts"
import { type Measure } from "../../src/method/Method.ts"
import { smooth, strong } from "./GradientMethods.ts"
import {
  acceleratedReflection,
  composite,
  contractiveHalpern,
  dykstra,
  frankWolfe,
  online,
  optimalProximal,
  projections,
  stochastic,
} from "./FurtherSplittings.ts"
import { map, reflected } from "./SplittingMethods.ts"
import { apart, contraction, of, unrolled } from "./support.ts"

const gap: Measure = { gap: "x" }

const fromGap: Method["given"] = [{ bound: { gap: "x@0" }, atMost: 1 }]

/** An equality, as two bounds. */
const equal = (bound: Measure, to: number): Method["given"] => [
  { bound, atMost: to },
  { bound: { sum: [{ weight: -1, of: bound }] }, atMost: -to },
]

const byIndex = { steps: 4, rate: 1, class: smooth, momentum: ["0", "1/4", "2/5", "3/6"] }

const silver = (steps: number): Method =>
  of(
    smooth,
    unrolled(steps, (k) => {
      // how often 2 divides the number of the step
      const twos = Math.log2((k + 1) & -(k + 1))
      return [{ step: "x", of: "f", rate: 1 + (1 + Math.SQRT2) ** (twos - 1) }]
    }),
    gap,
  )

/** S. Cyrus, B. Hu, B. Van Scoy, L. Lessard, A robust accelerated optimization algorithm for strongly convex functions, 2018. */
const robustMomentum = (mu: number, lambda: number): Method => {
  const kappa = 1 / mu
  const rho = lambda * (1 - mu) + (1 - lambda) * (1 - Math.sqrt(mu))
  const alpha = kappa * (1 - rho) ** 2 * (1 + rho)
  const beta = (kappa * rho ** 3) / (kappa - 1)
  const gamma = rho ** 3 / ((kappa - 1) * (1 - rho) ** 2 * (1 + rho))
  const size = (mu ** 2 * (kappa - kappa * rho ** 2 - 1)) / (2 * rho * (1 - rho))
  const potential = (k: number): Measure => ({
    sum: [
      { weight: size, of: { squaredDistance: [`z@${k}`, "x*"] } },
      { weight: 1 - mu, of: { gap: `y@${k}` } },
      { weight: (-(1 - mu) * mu) / 2, of: { squaredDistance: [`y@${k}`, "x*"] } },
      { weight: -0.5, of: { squaredNorm: `d@${k}` } },
    ],
  })
  return {
    functions: { f: strong },
    start: ["w", "x"],
    steps: unrolled(2, (k) => {
      const before = k === 0 ? "w" : "x@-1"
      return [
        { extrapolate: "y", from: "x", beyond: before, by: gamma },
        { gradient: "g", of: "f", at: "y" },
        { combine: "d", terms: { g: 1, y: -mu, "x*": mu } },
        { extrapolate: "ahead", from: "x", beyond: before, by: beta },
        { step: "x", from: "ahead", at: "y", of: "f", rate: alpha },
        { extrapolate: "z", from: "x", beyond: "x@-1", by: rho ** 2 / (1 - rho ** 2) },
      ]
    }),
    given: [{ bound: potential(0), atMost: 1 }],
    measure: potential(1),
  }
}

/** O. Güler, New proximal point algorithms for convex minimization, 1992. */
const guler = (first: number, rates: ReadonlyArray<number>): Method => {
  let a = first
  return of(
    { class: "convex" },
    [
      { combine: "v", terms: { x: 1 } },
      ...unrolled(rates.length, (k) => {
        const rate = rates[k]!
        const alpha = (Math.sqrt((a * rate) ** 2 + 4 * a * rate) - a * rate) / 2
        a *= 1 - alpha
        return [
          { combine: "y", terms: { x: 1 - alpha, v: alpha } },
          { prox: "x", from: "y", of: "f", rate },
          { combine: "v", terms: { v: 1, x: 1 / alpha, y: -1 / alpha } },
        ]
      }),
    ],
    gap,
    {
      given: [
        {
          bound: {
            sum: [
              { weight: 1, of: { gap: "x@0" } },
              { weight: first / 2, of: { squaredDistance: ["x@0", "x*"] } },
            ],
          },
          atMost: 1,
        },
      ],
    },
  )
}

/** Increase of a potential in a step. */
const potential = (
  terms: ReadonlyArray<readonly [before: number, after: number, (x: string) => Measure]>,
): Method =>
  of(
    smooth,
    [{ step: "x", of: "f", rate: 1 }],
    {
      sum: terms.flatMap(([before, after, measure]) => [
        { weight: after, of: measure("x@1") },
        { weight: -before, of: measure("x@0") },
      ]),
    },
    { given: [] },
  )

const distance = (x: string): Measure => ({ squaredDistance: [x, "x*"] })

const polyak = (relation: Measure, start: Measure, measure: Measure): Method =>
  of(strong, [{ step: "x", of: "f", rate: 1.5 }], measure, {
    given: [{ bound: start, atMost: 1 }, ...equal(relation, 0)],
  })

export const further: Readonly<Record<string, Method>> = {
  "accelerated gradient, simplified": Methods.nesterov(byIndex),
  "silver steps": silver(7),
  "robust momentum": robustMomentum(0.1, 0.2),
  "accelerated proximal point, convex": guler(5, [1, 2, 3]),
  "inexact accelerated gradient": of(
    smooth,
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(4, (k) => [
        { step: "x", from: "y", at: "y", of: "f", rate: 1, error: { relative: 0.1 } },
        { extrapolate: "y", from: "x", beyond: "x@-1", by: `${k}/${k + 3}` },
      ]),
    ],
    gap,
  ),
  "exact line search": of(
    strong,
    unrolled(2, () => [
      { gradient: "g", of: "f", at: "x" },
      { search: "x", of: "f", along: ["g"] },
    ]),
    gap,
    { given: fromGap },
  ),
  "below a quadratic": Methods.gradientDescent({
    steps: 4,
    rate: 0.2,
    class: { class: "convex-below-quadratic", L: 1 },
  }),
  "restricted secant": Methods.gradientDescent({
    steps: 4,
    rate: 0.1,
    class: { class: "restricted-secant", L: 1, mu: 0.1 },
    measure: apart,
  }),
  "alternate projections": projections(
    [
      {
        repeat: 3,
        steps: [
          { project: "y", from: "x", onto: "a" },
          { project: "x", from: "y", onto: "b" },
        ],
      },
      { project: "p", from: "x", onto: "a" },
    ],
    "x",
  ),
  "averaged projections": projections(
    [
      {
        repeat: 2,
        steps: [
          { project: "y", from: "x", onto: "a" },
          { project: "z", from: "x", onto: "b" },
          { combine: "x", terms: { y: "1/2", z: "1/2" } },
        ],
      },
      { project: "p", from: "x", onto: "a" },
      { project: "q", from: "x", onto: "b" },
    ],
    "q",
  ),
  Dykstra: dykstra(3),
  "Frank-Wolfe": frankWolfe(4),
  "contractive Halpern": contractiveHalpern(4, 1.1),
  "Krasnoselskii-Mann, longer steps": of(
    map,
    [
      ...unrolled(3, (k) => [
        { gradient: "t", of: "f", at: "x" },
        { combine: "x", terms: { x: `1/${k + 2}`, t: `${k + 1}/${k + 2}` } },
      ]),
      { gradient: "t", of: "f", at: "x" },
    ],
    { sum: [{ weight: "1/4", of: { squaredDistance: ["x", "t"] } }] },
  ),
  "optimal proximal point": optimalProximal(4, 0.05),
  "Douglas-Rachford, cocoercive": contraction(
    { A: { class: "cocoercive", beta: 1.2 }, B: { class: "strongly-monotone", mu: 0.1 } },
    reflected("B", "A", 0.3, 1.5),
  ),
  "stochastic gradients": stochastic(3, 2, 1),
  "stochastic gradients, one minimum": stochastic(3, 1, 0),
  "potential 1": potential([
    [10, 11, (x) => ({ gap: x })],
    [0.5, 0.5, distance],
  ]),
  "potential 2": potential([
    [21, 23, (x) => ({ gap: x })],
    [120, 143, (x) => ({ squaredGradient: x })],
    [1, 1, distance],
  ]),
  "gradient flow": of(
    { class: "strongly-convex", mu: 0.1 },
    [{ gradient: "g", of: "f", at: "x" }],
    { sum: [{ weight: -1, of: { squaredNorm: "g" } }] },
    { given: equal({ gap: "x" }, 1) },
  ),
  FISTA: composite(3),
  "accelerated Douglas-Rachford": acceleratedReflection(0.9),
  "Polyak steps, distance": polyak(
    {
      sum: [
        { weight: 1.5, of: { squaredGradient: "x@0" } },
        { weight: -2, of: { gap: "x@0" } },
      ],
    },
    distance("x@0"),
    apart,
  ),
  "Polyak steps, value": polyak(
    {
      sum: [
        { weight: 1, of: { squaredGradient: "x@0" } },
        { weight: -1, of: { gap: "x@0" } },
      ],
    },
    { gap: "x@0" },
    gap,
  ),
  "online gradient descent": online(2, 0.5),
}
