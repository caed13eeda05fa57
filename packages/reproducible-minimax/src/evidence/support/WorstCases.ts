/** Methods of the paper as worst-case problems, each with its bound (printed, or derived here). */
import type { WorstCaseBound } from "@nonconvex/evidence"
import { type Method, Methods } from "@nonconvex/worst-case"
import * as Theory from "../../theory/Theory.ts"

/** Smoothness of functions and the Lipschitz constant of operators, and what gradients or starts differ by. */
const [smoothness, delta] = [1, 0.1]

const smooth = { class: "smooth-convex", L: smoothness }
const saddle = { class: "convex-concave", L: smoothness }

/** A bound and its method, for a number of steps. */
interface Subject extends WorstCaseBound {
  readonly method: (steps: number) => Method
}

/** Two runs of gradient descent-ascent or of extragradient, which return the mean of the points of their last gradients. */
const twoRuns = (
  steps: number,
  rate: number,
  isExtra: boolean,
  { error, given }: { readonly error?: number; readonly given: Method["given"] },
): Method => {
  const off = error === undefined ? {} : { error: { absolute: error } }
  const inner = isExtra
    ? [
        { step: "y", from: "x", at: "x", of: "f", rate, ...off },
        { step: "x", at: "y", of: "f", rate, ...off },
      ]
    : [{ step: "x", of: "f", rate, ...off }]
  const averaged = isExtra ? "y" : "x"
  return {
    functions: { f: saddle },
    start: ["x"],
    runs: 2,
    optimum: "none",
    ...(error === undefined && { starts: "own" as const }),
    steps: [
      { repeat: steps, steps: inner },
      {
        combine: "mean",
        terms: Object.fromEntries(
          Array.from({ length: steps }, (_, k) => [`${averaged}@${k}`, `1/${steps}`]),
        ),
      },
    ],
    given,
    measure: { deviation: "mean" },
  }
}

/** Bound on the squared distance of the starts: a fraction, since a squared double would not be exact. */
const apart = (atMost: string): Method["given"] => [
  { bound: { squaredDistance: ["x@0", "x'@0"] }, atMost },
]

/**
 * Gap of the mean of half steps against any point within distance 1: by monotonicity it is at most a mean of inner products.
 */
const extragradientGap = (steps: number): Method => ({
  functions: { f: saddle },
  start: ["x", "z"],
  optimum: "none",
  steps: [
    {
      repeat: steps,
      steps: [
        { step: "y", from: "x", at: "x", of: "f", rate: 1 },
        { gradient: "g", of: "f", at: "y" },
        { step: "x", at: "y", of: "f", rate: 1 },
      ],
    },
  ],
  given: [{ bound: { squaredDistance: ["x@0", "z"] }, atMost: 1 }],
  measure: {
    sum: Array.from({ length: steps }, (_, k) => ({
      weight: `1/${steps}`,
      of: { inner: [`g@${k}`, `y@${k}`, "z"] as const },
    })),
  },
})

const descent = (steps: number, rate: number) =>
  Methods.gradientDescent({ steps, rate, class: smooth })

const gap = (steps: number) => Theory.gradientDescentGap(smoothness, 1, steps)

/** Names in the expectations. */
export const names = {
  descent: "descent, gap",
  accelerated: "accelerated, gap",
  expansion: "GDA, expansion",
  start: "GDA, start",
  gradient: "GDA, gradients",
  extragradient: "extragradient, gap",
  extragradientStart: "extragradient, start",
  long: "descent, rate 1.9",
} as const

export const subjects: ReadonlyArray<Subject> = [
  { name: names.descent, method: (n) => descent(n, 1), bound: gap },
  {
    name: names.accelerated,
    method: (steps) =>
      Methods.nesterov({
        steps,
        rate: 1,
        class: smooth,
        momentum: Array.from({ length: steps }, (_, k) => `${k}/${k + 3}`),
      }),
    bound: (n) => Theory.acceleratedGap(smoothness, 1, n),
  },
  {
    name: names.expansion,
    method: (steps) => ({
      ...twoRuns(steps, 0.5, false, { given: apart("1") }),
      measure: { deviation: "x" },
    }),
    bound: (n) => {
      const step = Theory.descentAscentExpansion(0.5, smoothness)
      return Array.from({ length: n }, () => step).reduce((product, each) => product * each, 1)
    },
  },
  {
    name: names.start,
    method: (steps) =>
      twoRuns(steps, Theory.descentAscentStep(smoothness, steps), false, { given: apart("1/100") }),
    bound: () => Theory.descentAscentDeviationOfStart(delta),
  },
  {
    // the mean of one point, the start, is the same in both runs
    least: 2,
    name: names.gradient,
    method: (steps) =>
      twoRuns(steps, Theory.descentAscentStep(smoothness, steps), false, {
        given: [],
        error: delta,
      }),
    bound: (n) => Theory.descentAscentDeviationOfGradient(smoothness, delta, n),
  },
  {
    name: names.extragradient,
    method: extragradientGap,
    bound: (n) => Theory.extragradientGap(smoothness, 1, n),
  },
  {
    most: 5,
    name: names.extragradientStart,
    method: (steps) => twoRuns(steps, 1, true, { given: apart("1/100") }),
    // where the operator is not bounded by less, the part that no bound on it enters
    bound: (n) => Theory.extragradientDeviationOfStart(smoothness, 1e9, delta, n),
  },
  // the bound is of a shorter step: what a bound that is too small looks like
  { name: names.long, method: (n) => descent(n, 1.9), bound: gap },
]
