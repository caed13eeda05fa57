/** Bounds for SAM and USAM from single steps: a bound with slack in every run would hide an error in its constants. */
import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
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

type Step = Readonly<
  Record<"beta" | "distance" | "gap" | "product" | "ratio" | "relative" | "rho" | "steps", number>
>

/** Products of learning rate and smoothness at which both ends of the spectrum are examined. */
const products = [0.4, 1.2, 1.9]

/** Learning rate times smoothness at which the path of USAM is the sum of its steps. */
const slowly = 1e-6

/** Values of the bounds, compared with the recursions in exact arithmetic. */
const exactRecursions = (instance: Step, bounds: Bounds): Exact.Compared => {
  const { distance, gap, product, ratio, relative, rho, steps } = instance
  const { add, divide, multiply, of, one, square, subtract } = Exact
  const beta = instance.beta
  const [alpha, eta, small] = [ratio * beta, product / beta, relative / beta]
  const [exact, two] = [of(ratio), of(2)]
  const near = (actual: number, expected: Exact.Value, tolerance: Exact.Tolerance = tight) =>
    Exact.near(Exact.computed(actual), expected, tolerance)
  const taken = (left: number) => subtract(one, Exact.computed(left))
  const left = products.map((x) => {
    const [flat, steep] = [subtract(one, multiply(of(x), exact)), subtract(of(x), one)]
    const most = Exact.compare(flat, steep) === 1 ? flat : steep
    return near(bounds.gradientContraction(x / beta, alpha, beta), most)
  })
  const share = multiply(of(product), exact)
  let far = of(distance)
  for (let t = 0; t < steps; t++) {
    far = add(multiply(subtract(one, share), far), multiply(of(product), of(rho)))
  }
  const convex = bounds.stronglyConvexSam(eta, rho, alpha, beta)
  const pl = bounds.plSam(eta, rho, alpha, beta)
  const usam = bounds.plUsam(eta, small, alpha, beta)
  const steepest = subtract(one, square(subtract(one, of(product))))
  const climb = multiply(of(beta), of(rho))
  const rate = divide(of(product), multiply(two, of(beta)))
  const narrowed = subtract(one, square(of(relative)))
  const shrinks = subtract(
    one,
    Exact.sqrt(subtract(one, Exact.product(of(slowly), exact, narrowed))),
  )
  const length = Exact.sqrt(Exact.product(two, of(beta), of(gap)))
  const first = Exact.product(divide(of(slowly), of(beta)), add(one, of(relative)), length)
  const path = divide(first, shrinks)
  const mean = Exact.computed(bounds.smoothSamGradient(steps, gap, eta, rho, beta))
  const gained = Exact.product(rate, of(steps), subtract(mean, square(climb)))
  const gradient = Math.sqrt(2 * alpha * gap)
  return Exact.worst(
    ...left,
    near(bounds.samDistance(steps, distance, eta, rho, alpha, beta), far),
    near(
      bounds.samDistance(steps, distance, 2, rho, 0.5, 1),
      add(of(distance), Exact.product(of(steps), two, of(rho))),
    ),
    Exact.near(taken(convex.factor), multiply(exact, steepest), tight),
    Exact.near(
      Exact.product(Exact.computed(convex.floor), exact, steepest),
      Exact.product(divide(of(beta), two), square(multiply(of(product), of(rho)))),
      tight,
    ),
    Exact.near(taken(pl.factor), share, tight),
    Exact.near(multiply(Exact.computed(pl.floor), share), multiply(rate, square(climb)), tight),
    Exact.near(taken(usam.factor), multiply(share, narrowed), tight),
    near(usam.floor, Exact.zero),
    Exact.near(gained, of(gap), { relative: 1e-9 }),
    near(bounds.usamPath(gap, small, alpha, beta), path, { relative: 1e-5 }),
    near(bounds.usamPathFromGradient(gradient, small, alpha, beta), path, { relative: 1e-5 }),
  )
}

export const boundsFromOneStep = claim<Step, Bounds>({
  id: "optim-sam/bounds-from-one-step",
  statement:
    "In each step, SAM's bounds add (beta / 2) (eta beta rho)^2 or (eta / 2) (beta rho)^2 to the loss and eta beta rho to the distance. They subtract a share of alpha / beta, or mu / beta, of the decrease along the steepest direction. The path of USAM is the sum of its steps as eta goes to 0.",
  source: Kind.identity(derived("the recursions behind the bounds")),
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
  value: Theory,
  margin: ({ instance, value: bounds }) => {
    const { beta, distance, gap, product, ratio, relative, rho, steps } = instance
    const alpha = ratio * beta
    const eta = product / beta
    /** Contraction of one step at both ends of the spectrum, for every stable rate. */
    const left = products.map((x) => {
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
    const slow = slowly / beta
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
  exactly: ({ instance, value: bounds }) => exactRecursions(instance, bounds),
  controls: [
    {
      name: "the floor of a radius that is not squared",
      value: {
        ...Theory,
        plSam: (eta, rho, mu, beta) => Theory.plSam(eta, Math.sqrt(rho), mu, beta),
      },
    },
    {
      name: "half of rho^2 beta^2",
      value: {
        ...Theory,
        plUsam: (eta, rho, mu, beta) => Theory.plUsam(eta, rho / Math.SQRT2, mu, beta),
      },
    },
    {
      name: "a path of 3 for 2",
      value: { ...Theory, usamPath: (...of) => 1.5 * Theory.usamPath(...of) },
    },
  ],
})
