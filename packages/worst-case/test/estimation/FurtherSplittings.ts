/** More methods with sets, operators and several functions, with worst cases computed by PEPit. */
import { type Method } from "../../src/index.ts"
import { type Instruction, type Measure } from "../../src/method/Method.ts"
import { nextTheta, smooth, strong } from "./GradientMethods.ts"
import { reflected } from "./SplittingMethods.ts"
import { of, unit, unrolled } from "./support.ts"

const set = { class: "convex-set" }

/** Two sets with a common point; distance between the final projections onto them. */
export const projections = (steps: Method["steps"], last: string): Method => ({
  functions: { a: set, b: set },
  start: ["x"],
  steps,
  given: unit,
  measure: { squaredDistance: ["p", last] },
})

export const dykstra = (steps: number): Method =>
  projections(
    [
      ...unrolled(steps, (k) => {
        const offset = (name: string) => (k === 0 ? {} : { [name]: 1 })
        return [
          { combine: "u", terms: { x: 1, ...offset("s") } },
          { project: "y", from: "u", onto: "a" },
          { combine: "s", terms: { u: 1, y: -1 } },
          { combine: "w", terms: { y: 1, ...offset("t") } },
          { project: "x", from: "w", onto: "b" },
          { combine: "t", terms: { w: 1, x: -1 } },
        ] satisfies ReadonlyArray<Instruction>
      }),
      { project: "p", from: "x", onto: "a" },
    ],
    "x",
  )

export const frankWolfe = (steps: number, size: { D?: number; R?: number } = { D: 1 }): Method => ({
  functions: { f: smooth, c: { class: "convex-set", ...size } },
  start: ["x"],
  steps: [
    { gradient: "inside", of: "c", at: "x" },
    ...unrolled(steps, (k) => [
      { gradient: "g", of: "f", at: "x" },
      { combine: "down", terms: { g: -1 } },
      { mirror: "y", of: "c", gradient: "down" },
      { combine: "x", terms: { x: `${k}/${k + 2}`, y: `2/${k + 2}` } },
    ]),
  ],
  given: [],
  measure: { gap: "x" },
})

/** J. Park, E. Ryu, Exact optimal accelerated complexity for fixed-point iterations, 2022; a contraction is a Lipschitz operator from x*. */
export const contractiveHalpern = (steps: number, gamma: number): Method =>
  of(
    { class: "lipschitz", L: 1 / gamma },
    [
      ...unrolled(steps, (k) => {
        const share = (gamma ** 2 - 1) / (gamma ** (2 * k + 4) - 1)
        return [
          { gradient: "g", of: "f", at: "x" },
          { combine: "x", terms: { "x@0": share, "x*": 1 - share, g: 1 - share } },
        ]
      }),
      { gradient: "g", of: "f", at: "x" },
      { combine: "t", terms: { "x*": 1, g: 1 } },
    ],
    { squaredDistance: ["x", "t"] },
  )

/** The same authors. */
export const optimalProximal = (steps: number, mu: number): Method => {
  const phi = (k: number) => ((1 + 2 * mu) ** (2 * k + 2) - 1) / ((1 + 2 * mu) ** 2 - 1)
  return of(
    { class: "strongly-monotone", mu },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => {
        const next = phi(k + 1)
        const back = (2 * mu * phi(k)) / next
        const turn = ((1 + 2 * mu) * phi(k - 1)) / next
        return [
          { prox: "x", from: "y", of: "f", rate: 1 },
          { extrapolate: "ahead", from: "x", beyond: "x@-1", by: (phi(k) - 1) / next },
          { combine: "z", terms: { ahead: 1, x: back, y: -back } },
          { combine: "y", terms: { z: 1, [k === 0 ? "y" : "y@-1"]: turn, "x@-1": -turn } },
        ] satisfies ReadonlyArray<Instruction>
      }),
    ],
    { squaredDistance: ["y@-1", "x"] },
  )
}

export const stochastic = (count: number, radius: number, variance: number): Method => {
  const names = Array.from({ length: count }, (_, i) => `f${i}`)
  const mean = (each: (name: string) => Measure): Measure => ({
    sum: names.map((name) => ({ weight: `1/${count}`, of: each(name) })),
  })
  return {
    functions: Object.fromEntries(names.map((name) => [name, strong])),
    start: ["x"],
    steps: names.map((name) => ({ step: `after ${name}`, from: "x", at: "x", of: name, rate: 1 })),
    given: [
      { bound: mean((name) => ({ squaredGradient: "x*", of: name })), atMost: variance },
      { bound: { squaredDistance: ["x", "x*"] }, atMost: radius ** 2 },
    ],
    measure: mean((name) => ({ squaredDistance: [`after ${name}`, "x*"] })),
  }
}

export const composite = (steps: number): Method => {
  let theta = 1
  return {
    functions: { f: smooth, h: { class: "convex" } },
    start: ["x"],
    steps: [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, () => {
        const old = theta
        theta = nextTheta(theta)
        return [
          { step: "z", from: "y", at: "y", of: "f", rate: 1 },
          { prox: "x", from: "z", of: "h", rate: 1 },
          { extrapolate: "y", from: "x", beyond: "x@-1", by: (old - 1) / theta },
        ]
      }),
    ],
    given: unit,
    measure: { gap: "x" },
  }
}

/** P. Patrinos, L. Stella, A. Bemporad, Douglas-Rachford splitting: complexity estimates and accelerated variants, 2014; two steps. */
export const acceleratedReflection = (alpha: number): Method => ({
  functions: { h: { class: "convex" }, f: strong },
  start: ["w"],
  steps: [
    { gradient: "g", of: "f", at: "x*" },
    { combine: "fixed", terms: { "x*": 1, g: alpha } },
    { repeat: 2, steps: reflected("f", "h", alpha, (1 - alpha) / (1 + alpha)) },
  ],
  given: [{ bound: { squaredDistance: ["fixed", "w@0"] }, atMost: 1 }],
  measure: { gap: "y" },
})

export const online = (steps: number, diameter: number): Method => {
  const names = Array.from({ length: steps }, (_, i) => `f${i}`)
  return {
    functions: {
      ...Object.fromEntries(names.map((name) => [name, { class: "convex-lipschitz", M: 1 }])),
      c: { class: "convex-set", D: diameter },
    },
    start: ["z", "x"],
    optimum: "none",
    steps: [
      { project: "z", onto: "c" },
      { project: "x", onto: "c" },
      ...names.flatMap((each): ReadonlyArray<Instruction> => [
        { step: "x", of: each, rate: diameter / Math.sqrt(steps) },
        { project: "x", onto: "c" },
      ]),
    ],
    given: [],
    measure: {
      // x is projected once, and then stepped and projected by turns
      sum: names.map((name, i) => ({
        weight: 1,
        of: { gap: `x@${2 * i + 1}`, to: "z", of: name },
      })),
    },
  }
}
