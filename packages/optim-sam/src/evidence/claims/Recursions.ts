/** The bounds for SAM and USAM from one of their steps: a bound that leaves room in every run hides a slip of its constants. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"

type Bounds = Pick<
  typeof Theory,
  | "gradientContraction"
  | "plSam"
  | "plUsam"
  | "samDistance"
  | "smoothSamGradient"
  | "stronglyConvexSam"
  | "usamPath"
  | "usamPathFromGradient"
>

const tight = { relative: 1e-10 }

export const boundsFromOneStep = parametrised<
  Readonly<
    Record<"beta" | "distance" | "gap" | "product" | "ratio" | "relative" | "rho" | "steps", number>
  >,
  Bounds
>({
  id: "optim-sam/bounds-from-one-step",
  statement:
    "What SAM's bounds add in a step is (beta / 2) (eta beta rho)^2 or (eta / 2) (beta rho)^2 of loss and eta beta rho of distance, and what they take off is a share of alpha / beta, or mu / beta, of what a step takes off the steepest; the path of USAM is the sum of its steps as eta goes to 0.",
  inFloatingPoint: "unwritten",
  source: derived("the recursions behind the bounds"),
  instances: Draw.record({
    beta: Draw.logarithmic(1, 30),
    /** Convexity, or the Polyak-Lojasiewicz constant, over smoothness. */
    ratio: Draw.linear(0.5, 0.02),
    /** Learning rate times smoothness. */
    product: Draw.linear(0.9, 0.05),
    rho: Draw.logarithmic(0.5, 0.01),
    /** Radius times smoothness, of USAM. */
    relative: Draw.linear(0.1, 0.9),
    distance: Draw.logarithmic(1, 10),
    gap: Draw.logarithmic(0.5, 10),
    steps: Draw.integer(1, 30),
  }),
  margin: (instance, _given, bounds) => {
    const { beta, distance, gap, product, ratio, relative, rho, steps } = instance
    const alpha = ratio * beta
    const eta = product / beta
    /** What a step leaves of the two ends of the spectrum, for every stable rate. */
    const left = [0.4, 1.2, 1.9].map((x) => {
      const found = bounds.gradientContraction(x / beta, alpha, beta)
      return Margin.equal(found, x * ratio < 2 - x ? 1 - x * ratio : x - 1, tight)
    })
    const q = 1 - eta * alpha
    let far = distance
    for (let t = 0; t < steps; t++) far = q * far + eta * beta * rho
    // where nothing contracts
    const edge = bounds.samDistance(steps, distance, 2, rho, 0.5, 1)
    const convex = bounds.stronglyConvexSam(eta, rho, alpha, beta)
    const pl = bounds.plSam(eta, rho, alpha, beta)
    const steepest = 1 - Elementary.square(1 - product)
    const small = relative / beta
    const usam = bounds.plUsam(eta, small, alpha, beta)
    const share = 1 - relative * relative
    // steps of length eta (1 + rho beta) |G|, with |G|^2 <= 2 beta gap, and a gap that shrinks by a share a step
    const slow = 1e-6 / beta
    const kept = Math.sqrt(1 - slow * alpha * share)
    const path = (slow * (1 + relative) * Math.sqrt(2 * beta * gap)) / (1 - kept)
    const gradient = Math.sqrt(2 * alpha * gap)
    const mean = bounds.smoothSamGradient(steps, gap, eta, rho, beta)
    return Margin.all(
      ...left,
      Margin.equal(bounds.samDistance(steps, distance, eta, rho, alpha, beta), far, tight),
      Margin.equal(edge, distance + steps * 2 * rho, tight),
      Margin.equal(1 - convex.factor, ratio * steepest, tight),
      Margin.equal(
        convex.floor * ratio * steepest,
        (beta / 2) * Elementary.square(product * rho),
        tight,
      ),
      // a step takes (eta / 2) |grad L|^2 off, which is at least mu eta of the gap
      Margin.equal(1 - pl.factor, product * ratio, tight),
      Margin.equal(pl.floor * product * ratio, (eta / 2) * Elementary.square(beta * rho), tight),
      Margin.equal(1 - usam.factor, product * ratio * share, tight),
      Margin.equal(usam.floor, 0, { absolute: 0 }),
      Margin.equal((eta / 2) * steps * (mean - Elementary.square(beta * rho)), gap, {
        relative: 1e-9,
      }),
      Margin.equal(bounds.usamPath(gap, small, alpha, beta), path, { relative: 1e-5 }),
      Margin.equal(bounds.usamPathFromGradient(gradient, small, alpha, beta), path, {
        relative: 1e-5,
      }),
    )
  },
  holds: Theory,
  fails: [
    [
      "the floor of a radius that is not squared",
      {
        ...Theory,
        plSam: (eta, rho, mu, beta) => Theory.plSam(eta, Math.sqrt(rho), mu, beta),
      },
    ],
    [
      "half of rho^2 beta^2",
      { ...Theory, plUsam: (eta, rho, mu, beta) => Theory.plUsam(eta, rho / Math.SQRT2, mu, beta) },
    ],
    ["a path of 3 for 2", { ...Theory, usamPath: (...of) => 1.5 * Theory.usamPath(...of) }],
  ],
})
