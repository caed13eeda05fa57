/** What a certified solve promises: distances that are true, runs that agree, tolerances that contradict. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Average from "../../methods/Average.ts"
import { publish, widthFor } from "../../solve/DitheredRounding.ts"
import { Irreproducible, NotCertified, NotMonotone } from "../../solve/Failures.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { type Plan, plan } from "../../solve/Plan.ts"
import type { Problem } from "../../problem/Problem.ts"
import { begin, type Certified } from "../../solve/Run.ts"
import { solve } from "../../solve/Solve.ts"
import * as Theory from "../../theory/index.ts"
import { derived } from "../support/Paper.ts"
import {
  expand,
  gameFields,
  largestAnswer,
  type RandomGame,
  strategies,
  type StrategyName,
  strategyOf,
} from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

interface Solved extends RandomGame {
  readonly gap: number
  readonly deviation: number
  /** The oracle's error as a share of what the plan allows. */
  readonly share: number
  readonly strategy: StrategyName
}

const fields = {
  ...gameFields,
  gap: Draw.logarithmic(1, 0.05),
  deviation: Draw.logarithmic(1e-2, 1e-6),
  share: Draw.linear(0.95, 0),
  strategy: Draw.oneOf(...strategies),
}
const instances = Draw.record<Solved>(fields)

/** A run of the plan to its end. */
const certify = (problem: Problem, start: Float64Array, chosen: Plan): Certified => {
  const run = begin(problem, start, chosen)
  while (!run.advance(1024));
  return run.result()!
}

/** The plan of the tolerances, and runs of it with an oracle that errs as much as it declares times `honesty`. */
const solving = (instance: Solved, honesty = 1) => {
  const expanded = expand(instance)
  const { problem, start, stream } = expanded
  const { deviation, gap } = instance
  const chosen = plan(problem, start, { gap, deviation })
  const delta = instance.share * chosen.allowedError
  const width = widthFor(deviation, 0.5, start.length)
  const seed = Seed.root(instance.seed).child("publish")
  const { feasible } = problem
  const run = (strategy: StrategyName) => {
    const errors = strategyOf(strategy, { reference: start, stream })
    const oracle = inexact(problem, errors, honesty * delta)
    const certified = certify({ ...oracle, error: delta }, start, chosen)
    return { certified, published: publish(certified.point, { feasible, deviation, width, seed }) }
  }
  return { ...expanded, chosen, run }
}

/** The point that every run of the plan aims at: the regularised solution, or the mean of exact proximal steps. */
const aim = (problem: Problem, start: Float64Array, { outer, strength }: Plan): Float64Array => {
  const average = Average.make(start.length)
  let point = start
  for (let t = 0; t < outer; t++) {
    point = reproducibleMinimax.regularised(problem, point, strength, 1e-11)
    Average.add(average, point)
  }
  return Average.mean(average)
}

const distanceMargin =
  (honesty: number, factor: number) =>
  (instance: Solved): number => {
    const { chosen, problem, run, start } = solving(instance, honesty)
    const certified = attempt(() => run(instance.strategy).certified)
    if (certified === undefined) return -1
    return Margin.atMost(
      Vector.distance(certified.point, aim(problem, start, chosen)),
      factor * certified.distance + 1e-10 * chosen.outer,
      1e-9,
    )
  }

/** Instances of which the plan takes proximal steps. */
const proximal = Draw.record<Solved>({
  ...fields,
  set: Draw.oneOf("ball"),
  gap: Draw.logarithmic(0.3, 0.1),
  deviation: Draw.logarithmic(0.05, 0.02),
})

/** Section 8.2. */
const certifiedDistance = claim<Solved>({
  id: "reproducible-minimax/certified-distance",
  statement:
    "The certificate of a solve, (|V(w) + n| + delta) / r with n the normal that the projection found, bounds the distance to the regularised solution, and the mean of its sums over proximal steps that to the mean of exact ones, for every strategy of error on every set.",
  source: derived("section 8.2, with a normal vector in place of the VI residual"),
  instances,
  margin: distanceMargin(1, 1),
  controls: [
    {
      name: "an oracle that errs by twenty times what it declares",
      instances,
      margin: distanceMargin(20, 1),
    },
    { name: "a twentieth of the distance", instances, margin: distanceMargin(1, 0.05) },
    {
      name: "a twentieth of the distance of proximal steps",
      instances: proximal,
      margin: (instance) =>
        solving(instance).chosen.algorithm === "proximal" ? distanceMargin(1, 0.05)(instance) : 1,
    },
  ],
})

/** Undefined where the certificate is refused: an oracle that lies may be found out. */
const attempt = <A>(run: () => A): A | undefined => {
  try {
    return run()
  } catch (error) {
    if (error instanceof NotMonotone || error instanceof NotCertified) return undefined
    throw error
  }
}

const agreementMargin =
  (honesty: number) =>
  (instance: Solved): number => {
    const { run } = solving(instance, honesty)
    const found = attempt(() => [run(instance.strategy), run("opposed")] as const)
    if (found === undefined) return -1
    const [one, two] = found
    const apart = Vector.distance(one.certified.point, two.certified.point)
    const equal = one.published.point.every((x, i) => Object.is(x, two.published.point[i]))
    return Margin.all(
      Margin.atMost(apart, instance.deviation),
      Margin.holds(!one.published.certain || equal),
    )
  }

const agreement = claim<Solved>({
  id: "reproducible-minimax/certified-runs-agree",
  statement:
    "Two certified runs of one plan, by Algorithms 2 or 3 and with oracles that err against each other, are within the deviation that was asked; where the clearance says so, they publish the same bits.",
  source: derived("section 8.2 and 8.4"),
  instances,
  margin: agreementMargin(1),
  controls: [
    {
      name: "oracles that err by twenty times what they declare",
      margin: agreementMargin(20),
      instances: Draw.record<Solved>({ ...fields, share: Draw.linear(0.95, 0.5) }),
    },
  ],
})

const gapMargin =
  (factor: number) =>
  (instance: Solved): number => {
    const { problem, run } = solving(instance)
    const { certified } = run(instance.strategy)
    const L = largestAnswer(expand(instance))
    const allowed = instance.gap / 2 + Math.SQRT2 * L * certified.distance
    return Margin.atMost(problem.gap!(certified.point), factor * allowed + 1e-12)
  }

const bilinear = Draw.record<Solved>({ ...fields, curvature: Draw.oneOf(0) })

const plannedGap = claim<Solved>({
  id: "reproducible-minimax/planned-gap",
  statement:
    "A certified answer has a duality gap of at most half of what was asked and sqrt2 L times its distance.",
  source: derived("the bias of the regularisation, and Lipschitz continuity"),
  instances: bilinear,
  margin: gapMargin(1),
  controls: [{ name: "a tenth of it", instances: bilinear, margin: gapMargin(0.1) }],
})

interface Published extends Solved {
  /** Of the grid, as a multiple of the one that is needed. */
  readonly coarser: number
}

const publishedGapMargin = (instance: Published): number => {
  const { problem, start } = expand(instance)
  const { gap } = instance
  // what the slope of any of these games leaves room for
  const deviation = instance.deviation * gap
  const tolerances = { gap, deviation, failure: 0.5 }
  const seed = Seed.root(instance.seed).child("publish")
  const answer = solve(problem, start, { ...tolerances, seed })
  const width = instance.coarser * answer.published.width
  const { feasible } = problem
  const { point } = publish(answer.certified.point, { feasible, deviation, width, seed })
  return Margin.all(
    Margin.atMost(problem.gap!(point), gap),
    Margin.holds(instance.coarser > 1 || answer.gap === problem.gap!(point)),
  )
}

const publishedFields = {
  ...fields,
  curvature: Draw.oneOf(0),
  deviation: Draw.logarithmic(2e-3, 1e-6),
  coarser: Draw.oneOf(1),
}
const publishedInstances = Draw.record<Published>(publishedFields)

const publishedGap = claim<Published>({
  id: "reproducible-minimax/published-gap",
  statement:
    "What a solve publishes, rounded and moved back to the set, has a duality gap of at most what was asked, and it says which.",
  source: derived("the bias, the certificate and the rounding, each times the slope of the gap"),
  instances: publishedInstances,
  margin: publishedGapMargin,
  controls: [
    {
      name: "a grid a thousand times as wide as the refusal has judged",
      instances: Draw.record<Published>({
        ...publishedFields,
        deviation: Draw.logarithmic(2e-3, 2e-4),
        coarser: Draw.oneOf(1000),
      }),
      margin: publishedGapMargin,
    },
  ],
})

const repeatMargin =
  (again: (instance: Solved) => Solved) =>
  (instance: Solved): number => {
    const [one, two] = [instance, again(instance)].map((each) => solving(each).run("constant"))
    const same = (a: Float64Array, b: Float64Array) => a.every((x, i) => Object.is(x, b[i]))
    return Margin.holds(
      same(one!.certified.point, two!.certified.point) &&
        same(one!.published.point, two!.published.point) &&
        one!.certified.evaluations === two!.certified.evaluations,
    )
  }

const constantErrors = Draw.record<Solved>({ ...fields, strategy: Draw.oneOf("constant") })

/** M20. */
const repeats = claim<Solved>({
  id: "reproducible-minimax/same-input-same-bits",
  statement: "The same input gives the same bits and the same counters.",
  source: derived("claim M20: strict kernels, and no function that engines may round as they like"),
  instances: constantErrors,
  margin: repeatMargin((instance) => instance),
  controls: [
    {
      name: "a deviation half as large",
      instances: constantErrors,
      margin: repeatMargin((instance) => ({ ...instance, deviation: instance.deviation / 2 })),
    },
  ],
})

const impossibleMargin =
  (share: number) =>
  (instance: Solved): number => {
    const { problem, start } = expand(instance)
    const tolerances = { gap: instance.gap, deviation: instance.deviation }
    const { allowedError } = plan(problem, start, tolerances)
    const options = { ...tolerances, failure: 0.5, seed: Seed.root(1) }
    try {
      solve({ ...problem, error: share * allowedError }, start, options)
      return -1
    } catch (error) {
      return Margin.all(
        Margin.holds(error instanceof Irreproducible),
        Margin.atMost(Theory.distanceFromResidual(0, allowedError, 1), share * allowedError),
      )
    }
  }

const impossible = claim<Solved>({
  id: "reproducible-minimax/tolerances-that-contradict-are-refused",
  statement:
    "An oracle that errs by more than gap and deviation allow together is refused before a step, with what would be possible.",
  source: derived("section 8.4: r >= 2 delta / rho and r <= 2 eps / D^2"),
  instances,
  margin: impossibleMargin(1.01),
  controls: [{ name: "an oracle that is exact enough", instances, margin: impossibleMargin(0.5) }],
})

export const certificates: ReadonlyArray<Claim> = [
  certifiedDistance,
  agreement,
  plannedGap,
  publishedGap,
  impossible,
  repeats,
]
