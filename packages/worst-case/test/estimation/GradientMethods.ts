/** Methods of one function with known worst cases. */
import { type Method, Methods } from "../../src/index.ts"
import { everyStep, of, unrolled } from "./support.ts"

export const smooth = { class: "smooth-convex", L: 1 }
export const strong = { class: "smooth-strongly-convex", L: 1, mu: 0.1 }

export const nextTheta = (theta: number, factor = 4) => (1 + Math.sqrt(factor * theta ** 2 + 1)) / 2

export const accelerated = (steps: number) => {
  const momentum: Array<number> = []
  let theta = 1
  for (let k = 0; k < steps; k++) {
    const next = nextTheta(theta)
    momentum.push((theta - 1) / next)
    theta = next
  }
  return Methods.nesterov({ steps, rate: 1, class: smooth, momentum })
}

/** D. Kim, J. Fessler, Optimized first-order methods for smooth convex minimization, 2016. */
export const optimized = (steps: number, L: number) => {
  let theta = 1
  return of(
    { class: "smooth-convex", L },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => {
        const old = theta
        theta = nextTheta(theta, k === steps - 1 ? 8 : 4)
        return [
          { step: "x", from: "y", of: "f", at: "y", rate: `1/${L}` },
          { extrapolate: "ahead", from: "x", beyond: "x@-1", by: (old - 1) / theta },
          { combine: "turn", terms: { x: old / theta, y: -old / theta } },
          { combine: "y", terms: { ahead: 1, turn: 1 } },
        ]
      }),
    ],
    { gap: "y" },
  )
}

/** D. Kim, J. Fessler, Optimizing the efficiency of first-order methods for decreasing the gradient, 2021. */
export const optimizedForGradient = (steps: number, L: number) => {
  const theta = [1]
  for (let k = 0; k < steps; k++) theta.push(nextTheta(theta[k]!, k < steps - 1 ? 4 : 8))
  theta.reverse()
  return of(
    { class: "smooth-convex", L },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => {
        const [a, b] = [theta[k]!, theta[k + 1]!]
        const turn = (2 * b - 1) / (2 * a - 1)
        return [
          { step: "y", from: "x", at: "x", of: "f", rate: `1/${L}` },
          {
            extrapolate: "ahead",
            from: "y",
            beyond: "y@-1",
            by: ((a - 1) * (2 * b - 1)) / a / (2 * a - 1),
          },
          { combine: "turn", terms: { y: turn, x: -turn } },
          { combine: "x", terms: { ahead: 1, turn: 1 } },
        ]
      }),
    ],
    { squaredGradient: "x" },
    { given: [{ bound: { gap: "x@0" }, atMost: 1 }] },
  )
}

/** A. Taylor, Y. Drori, An optimal gradient method for smooth strongly convex minimization, 2023. */
export const informationTheoretic = (steps: number, mu: number) => {
  let size = 0
  return of(
    { class: "smooth-strongly-convex", L: 1, mu },
    [
      { combine: "z", terms: { x: 1 } },
      ...unrolled(steps, () => {
        const old = size
        size = ((1 + mu) * old + 2 * (1 + Math.sqrt((1 + old) * (1 + mu * old)))) / (1 - mu) ** 2
        const beta = old / (1 - mu) / size
        const delta = (0.5 * ((1 - mu) ** 2 * size - (1 + mu) * old)) / (1 + mu + mu * old)
        return [
          { combine: "y", terms: { z: 1 - beta, x: beta } },
          { step: "x", from: "y", at: "y", of: "f", rate: 1 },
          { combine: "mixed", terms: { z: 1 - mu * delta, y: mu * delta } },
          { step: "z", from: "mixed", at: "y", of: "f", rate: delta },
        ]
      }),
    ],
    { squaredDistance: ["z", "x*"] },
  )
}

/** B. Van Scoy, R. Freeman, K. Lynch, The fastest known globally convergent first-order method, 2018. */
export const tripleMomentum = (steps: number, mu: number) => {
  const rho = 1 - Math.sqrt(mu)
  const beta = rho ** 2 / (2 - rho)
  const gamma = rho ** 2 / (1 + rho) / (2 - rho)
  const delta = rho ** 2 / (1 - rho ** 2)
  return of(
    { class: "smooth-strongly-convex", L: 1, mu },
    [
      { combine: "y", terms: { x: 1 } },
      { combine: "before", terms: { x: 1 } },
      ...unrolled(steps, () => [
        { extrapolate: "ahead", from: "x", beyond: "before", by: beta },
        { combine: "before", terms: { x: 1 } },
        { step: "x", from: "ahead", at: "y", of: "f", rate: 1 + rho },
        { extrapolate: "y", from: "x", beyond: "before", by: gamma },
        { extrapolate: "out", from: "x", beyond: "before", by: delta },
      ]),
    ],
    { gap: "out" },
  )
}

export const inexact = (steps: number) => {
  const [L, mu, relative] = [1, 0.1, 0.1]
  const rate = 2 / ((1 + relative) * L + (1 - relative) * mu)
  return of(
    strong,
    [{ repeat: steps, steps: [{ step: "x", of: "f", rate, error: { relative } }] }],
    { gap: "x" },
    { given: [{ bound: { gap: "x@0" }, atMost: 1 }] },
  )
}

export const subgradient = (steps: number, M: number) =>
  Methods.gradientDescent({
    steps,
    rate: 1 / (M * Math.sqrt(steps + 1)),
    class: { class: "convex-lipschitz", M },
    measure: everyStep(steps, (x) => ({ gap: x })),
  })

export const nonconvex = (steps: number): Method => ({
  functions: { f: { class: "smooth", L: 1 } },
  optimum: "none",
  start: ["x"],
  steps: [{ repeat: steps, steps: [{ step: "x", of: "f", rate: 1 }] }],
  given: [{ bound: { gap: "x@0", to: "x" }, atMost: 1 }],
  measure: everyStep(steps, (x) => ({ squaredGradient: x })),
})
