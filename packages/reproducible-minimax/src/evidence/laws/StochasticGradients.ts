/**
 * Stochastic gradient descent-ascent (SGDA), in expectation. Each instance fixes its seeds, so that a verdict repeats; a margin
 * allows for five standard errors, a false alarm of 3e-7 for each instance drawn, or says its own.
 */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { deviation, follow } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import { type Drawn, expand, gameFields, largestAnswer } from "../support/RandomProblem.ts"
import { type Subject, reproducibleMinimax } from "../support/Subject.ts"
import * as Average from "../../methods/Average.ts"
import { stochastic } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/index.ts"

const fields = {
  ...gameFields,
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  set: Draw.oneOf("ball"),
  gap: Draw.linear(0.5, 0.25),
  delta: Draw.logarithmic(0.5, 0.05),
  /** T as a multiple of 1 / eps^2. */
  multiple: Draw.integer(1, 3),
}
type Noisy = Drawn<typeof fields>

/** Outputs of `count` independent runs of SGDA, with T and eps. */
const outputs = (subject: Subject, instance: Noisy, given: Given, count: number) => {
  const expanded = expand(instance, given)
  const T = Math.ceil(instance.multiple / (instance.gap * instance.gap))
  const scheme = subject.gradient(Theory.stochasticStep(1, instance.gap, T))
  const noise = expanded.stream("noise")
  const oracle = stochastic(expanded.problem, noise, instance.delta)
  const means = Array.from({ length: count }, () =>
    Average.mean(follow(scheme, oracle, expanded.start, T).average),
  )
  return { expanded, T, means }
}

/** Mean and standard error. */
const summary = (values: ReadonlyArray<number>) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const variance =
    values.reduce((sum, x) => sum + Elementary.square(x - mean), 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

const pairs = (means: ReadonlyArray<Float64Array>): ReadonlyArray<number> =>
  means.flatMap((mean, k) => (k % 2 === 0 ? [] : [deviation(mean, means[k - 1]!)]))

export const stochasticDeviation = claim({
  id: "reproducible-minimax/stochastic-deviation",
  statement:
    "SGDA with steps 1 / (l eps T) and T >= 1 / eps^2 deviates, in expectation over independent noise of variance delta^2, by at most (2 e / l^2) delta^2 / (eps^2 T). False alarms: 3e-7 for each instance.",
  inFloatingPoint: "statistical",
  source: printed("Theorem 5.1"),
  subject: reproducibleMinimax,
  instances: Draw.record(fields),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { T, means } = outputs(subject, instance, { kernels }, 120)
    const { error, mean } = summary(pairs(means))
    const bound = Theory.stochasticDeviationBound(1, instance.delta, instance.gap, T)
    return Margin.atMost(mean - 5 * error, factor * bound)
  },
  controls: [{ name: "a two-hundredth of the deviation", value: 1 / 200 }],
})

export const stochasticSlope = claim({
  id: "reproducible-minimax/stochastic-deviation-falls-with-samples",
  statement:
    "At fixed eps, sixteen times the samples make the expected deviation of SGDA a sixteenth: slope -1 in T, to 0.15 and five standard errors.",
  inFloatingPoint: "statistical",
  source: printed("Theorem 5.1, the rate in T"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...fields,
    gap: Draw.linear(0.5, 0.4),
    delta: Draw.linear(0.1, 0.05),
    // inside of the ball the averages are not cut off
    curvature: Draw.oneOf(1),
    multiple: Draw.oneOf(1),
  }),
  margin: ({ instance, kernels, subject }) => {
    const at = (multiple: number) =>
      summary(pairs(outputs(subject, { ...instance, multiple }, { kernels }, 160).means))
    const [few, many] = [at(1), at(16)]
    const relative = few.error / few.mean + many.error / many.mean
    return Margin.equal(Elementary.log2(few.mean / many.mean), 4, {
      absolute: 0.6 + (5 * relative) / Math.LN2,
    })
  },
  controls: [
    {
      name: "steps that do not shrink with T",
      subject: (subject) => ({ ...subject, gradient: () => subject.gradient(0.3) }),
      margin: ({ instance, kernels, subject }) => {
        const last = (multiple: number) => {
          const { expanded } = outputs(subject, instance, { kernels }, 2)
          const oracle = stochastic(expanded.problem, expanded.stream("noise"), instance.delta)
          const runs = Array.from({ length: 80 }, () =>
            follow(subject.gradient(0.3), oracle, expanded.start, 8 * multiple).point.slice(),
          )
          return summary(pairs(runs)).mean
        }
        return Margin.equal(Elementary.log2(last(1) / last(16)), 4, { absolute: 1.5 })
      },
    },
  ],
})

export const stochasticGap = claim({
  id: "reproducible-minimax/stochastic-gap",
  statement:
    "SGDA with steps 1 / (l eps T) and T >= 1 / eps^2 has a weak duality gap of at most (l D^2 + (L^2 + delta^2) / (2 l)) eps. False alarms: 3e-7 for each instance.",
  inFloatingPoint: "statistical",
  source: printed("Theorem 5.1"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...fields, curvature: Draw.oneOf(0) }),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const count = 100
    const { expanded, means } = outputs(subject, instance, { kernels }, count)
    const { D, problem } = expanded
    const center = Average.make(expanded.start.length)
    for (const mean of means) Average.add(center, mean)
    const z = Average.mean(center)
    // the gap of the mean is the weak gap where the game is bilinear; the mean itself is off by its standard error
    const squares = means.reduce((sum, mean) => sum + deviation(mean, z), 0)
    const spread = Math.sqrt(squares / (count - 1) / count)
    const L = largestAnswer(expanded)
    const bound = Theory.stochasticGap(1, D, L, instance.delta, instance.gap)
    return Margin.atMost(problem.gap!(z) - 5 * Math.SQRT2 * L * spread, factor * bound)
  },
  controls: [{ name: "a twentieth of the gap", value: 0.05 }],
})
