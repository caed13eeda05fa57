/** Methods of several functions, of maps and of operators, with known worst cases. */
import { type Method } from "../../src/index.ts"
import { smooth, strong } from "./GradientMethods.ts"
import { contraction, of, unit, unrolled } from "./support.ts"

export const splitting = (
  f: { class: string; L?: number; mu?: number },
  h: { class: string },
  steps: Method["steps"],
  measure: Method["measure"],
  given = unit,
): Method => ({ functions: { f, h }, start: ["x"], steps, given, measure })

export const forwardBackward = (steps: number) =>
  splitting(
    strong,
    { class: "convex" },
    [
      {
        repeat: steps,
        steps: [
          { step: "x", of: "f", rate: 1 },
          { prox: "z", from: "x", of: "h", rate: 1 },
          { combine: "x", terms: { z: 1 } },
        ],
      },
    ],
    { squaredDistance: ["z", "x*"] },
  )

export const fista = (steps: number) =>
  splitting(
    smooth,
    { class: "convex" },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => [
        { step: "z", from: "y", at: "y", of: "f", rate: 1 },
        { prox: "x", from: "z", of: "h", rate: 1 },
        { extrapolate: "y", from: "x", beyond: "x@-1", by: `${k}/${k + 3}` },
      ]),
    ],
    { gap: "x" },
  )

/** One step of Douglas-Rachford splitting, `first` before `second`. */
export const reflected = (
  first: string,
  second: string,
  alpha: number,
  theta: number,
): ReadonlyArray<Extract<Method["steps"][number], { prox: string } | { combine: string }>> => [
  { prox: "x", from: "w", of: first, rate: alpha },
  { combine: "mirrored", terms: { x: 2, w: -1 } },
  { prox: "y", from: "mirrored", of: second, rate: alpha },
  { combine: "w", terms: { w: 1, y: theta, x: -theta } },
]

export const douglasRachford = (steps: number): Method => ({
  functions: { f: smooth, h: { class: "convex" } },
  start: ["w"],
  steps: [{ repeat: steps, steps: reflected("f", "h", 1, 1) }],
  given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
  measure: { gap: "y" },
})

/** The same with a gradient step of a third function at x. */
export const davisYin = (
  functions: Method["functions"],
  names: readonly [first: string, second: string, third: string],
  alpha: number,
  theta: number,
  steps: number,
) =>
  contraction(functions, [
    {
      repeat: steps,
      steps: [
        { prox: "x", from: "w", of: names[0], rate: alpha },
        { combine: "mirrored", terms: { x: 2, w: -1 } },
        { step: "mirrored", at: "x", of: names[2], rate: alpha },
        { prox: "y", from: "mirrored", of: names[1], rate: alpha },
        { combine: "w", terms: { w: 1, y: theta, x: -theta } },
      ],
    },
  ])

export const map = { class: "nonexpansive" }

/** F. Lieder, On the convergence rate of the Halpern-iteration, 2021. */
export const halpern = (steps: number) =>
  of(
    map,
    [
      ...unrolled(steps, (k) => [
        { gradient: "t", of: "f", at: "x" },
        { combine: "x", terms: { "x@0": `1/${k + 2}`, t: `${k + 1}/${k + 2}` } },
      ]),
      { gradient: "t", of: "f", at: "x" },
    ],
    { squaredDistance: ["x", "t"] },
  )

/** F. Lieder, Projection based methods for conic linear programming, 2018. */
export const averaged = (steps: number, weight: string, rest: string) =>
  of(
    map,
    [
      {
        repeat: steps,
        steps: [
          { gradient: "t", of: "f", at: "x" },
          { combine: "x", terms: { x: rest, t: weight } },
        ],
      },
      { gradient: "t", of: "f", at: "x" },
    ],
    { sum: [{ weight: "1/4", of: { squaredDistance: ["x", "t"] } }] },
  )

/** D. Kim, Accelerated proximal point method for maximally monotone operators, 2021. */
export const acceleratedProximal = (steps: number) =>
  of(
    { class: "monotone" },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps - 1, (k) => [
        { prox: "x", from: "y", of: "f", rate: 2 },
        { extrapolate: "ahead", from: "x", beyond: "x@-1", by: `${k}/${k + 2}` },
        {
          combine: "z",
          terms: { ahead: 1, "x@-1": `-${k}/${k + 2}`, [k === 0 ? "y" : "y@-1"]: `${k}/${k + 2}` },
        },
        { combine: "y", terms: { z: 1 } },
      ]),
      { prox: "x", from: "y", of: "f", rate: 2 },
    ],
    { squaredDistance: ["x", "y"] },
  )

/** For a Lipschitz monotone operator and a set; PEPit's two variants. */
export const pastGradient = (kind: "optimistic" | "extra", steps: number): Method => ({
  functions: { f: { class: "monotone-lipschitz", L: 1 }, c: { class: "convex-set" } },
  start: ["x"],
  given: unit,
  steps: [
    { project: "x", onto: "c" },
    { combine: "y", terms: { x: 1 } },
    { gradient: "v", of: "f", at: "y" },
    {
      repeat: steps,
      steps: [
        { combine: "z", terms: { x: 1, v: "-1/4" } },
        { project: "y", from: "z", onto: "c" },
        { gradient: "v", of: "f", at: "y" },
        ...(kind === "optimistic"
          ? [{ combine: "x", terms: { y: 1, "v@-1": "1/4", v: "-1/4" } }]
          : [
              { combine: "z", terms: { x: 1, v: "-1/4" } },
              { project: "x", from: "z", onto: "c" },
            ]),
      ],
    },
  ],
  measure: {
    squaredDistance: kind === "optimistic" ? ["y", "y@-1"] : ["x", "x@-1"],
  },
})
