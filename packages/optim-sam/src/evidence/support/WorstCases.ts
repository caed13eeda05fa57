/** Methods of the paper as worst-case problems, each with its bound (recalled, or derived here). */
import type { WorstCaseBound } from "@nonconvex/evidence"
import { type Method, Methods } from "@nonconvex/worst-case"
import * as Theory from "../../theory/Theory.ts"

/** Smoothness, strong convexity, rate and radius; all by name in the bounds. */
const [beta, alpha, eta, rho] = [1, 0.1, 0.5, 0.1]

const strong = { class: "smooth-strongly-convex", L: beta, mu: alpha }
const smooth = { class: "smooth", L: beta }

const fromDistance: Method["given"] = [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }]
const fromGap: Method["given"] = [{ bound: { gap: "x@0" }, atMost: 1 }]

/**
 * Descent along a gradient taken anywhere within the radius. SAM divides by the norm of a gradient, which is not a linear
 * function of the variables of a worst case. Its perturbed point is one of these points, so a bound on all of them holds for
 * SAM.
 */
const anywhere = (
  of: Method["functions"][string],
  steps: number,
  rest: Pick<Method, "given" | "measure">,
): Method => ({
  functions: { f: of },
  start: ["x"],
  steps: [
    {
      repeat: steps,
      steps: [
        { combine: "raised", terms: { x: 1 }, error: { absolute: rho } },
        { step: "x", at: "raised", of: "f", rate: eta },
      ],
    },
  ],
  ...rest,
})

const distance: Method["measure"] = { squaredDistance: ["x", "x*"] }

const descent = (steps: number, rate: number): Method =>
  Methods.gradientDescent({ steps, rate, class: strong, measure: distance })

const power = (base: number, exponent: number): number =>
  Array.from({ length: exponent }, () => base).reduce((product, each) => product * each, 1)

const contraction = (steps: number): number =>
  power(Theory.gradientContraction(eta, alpha, beta), 2 * steps)

/** Names in the expectations. */
export const names = {
  descent: "descent, distance",
  usam: "USAM, gap",
  gap: "SAM, gap",
  distance: "SAM, distance",
  gradient: "SAM, gradients",
  long: "descent, rate 2.1",
} as const

/** A bound and its method, for a number of steps. */
interface Subject extends WorstCaseBound {
  readonly method: (steps: number) => Method
}

export const subjects: ReadonlyArray<Subject> = [
  { name: names.descent, method: (n) => descent(n, eta), bound: contraction },
  {
    // strongly convex functions are some of those with the inequality of Polyak and Lojasiewicz, of which the bound is
    name: names.usam,
    method: (steps) => ({
      ...Methods.usam({ steps, rate: eta, radius: rho, class: strong }),
      given: fromGap,
    }),
    bound: (n) => power(Theory.plUsam(eta, rho, alpha, beta).factor, n),
  },
  {
    name: names.gap,
    method: (n) => anywhere(strong, n, { given: fromGap, measure: { gap: "x" } }),
    bound: (n) => {
      const { factor, floor } = Theory.stronglyConvexSam(eta, rho, alpha, beta)
      return power(factor, n) + floor
    },
  },
  {
    name: names.distance,
    method: (n) => anywhere(strong, n, { given: fromDistance, measure: distance }),
    bound: (n) => power(Theory.samDistance(n, 1, eta, rho, alpha, beta), 2),
  },
  {
    name: names.gradient,
    method: (n) =>
      anywhere(smooth, n, {
        given: fromGap,
        measure: {
          sum: Array.from({ length: n }, (_, k) => ({
            weight: `1/${n}`,
            of: { squaredGradient: `x@${k}` },
          })),
        },
      }),
    bound: (n) => Theory.smoothSamGradient(n, 1, eta, rho, beta),
  },
  // the bound is of a shorter step: what a bound that is too small looks like
  { name: names.long, method: (n) => descent(n, 2.1), bound: contraction },
]
