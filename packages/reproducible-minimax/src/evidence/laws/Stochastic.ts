/**
 * P1 to P5: statements about expectations. Each instance fixes its seeds, so that a verdict repeats; a margin allows for five
 * standard errors, a false alarm of 3e-7 for each instance drawn, or says its own.
 */
import { type Claim, claim, Draw, law, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Average from "../../methods/Average.ts"
import { stochastic } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/index.ts"
import { deviation, follow } from "../support/Follow.ts"
import { direction, plus } from "../support/Linear.ts"
import { derived, printed } from "../support/Paper.ts"
import { expand, gameFields, largestAnswer, type RandomGame } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"

interface Noisy extends RandomGame {
  readonly gap: number
  readonly delta: number
  /** T as a multiple of 1 / eps^2. */
  readonly multiple: number
}

const fields = {
  ...gameFields,
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  set: Draw.oneOf("ball"),
  gap: Draw.linear(0.5, 0.25),
  delta: Draw.logarithmic(0.5, 0.05),
  multiple: Draw.integer(1, 3),
}

/** Outputs of `count` independent runs of SGDA, with T and eps. */
const outputs = (
  subject: Subject,
  instance: Noisy,
  count: number,
  stepOf = Theory.stochasticStep,
) => {
  const expanded = expand(instance)
  const T = Math.ceil(instance.multiple / instance.gap ** 2)
  const scheme = subject.gradient(stepOf(1, instance.gap, T))
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
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

const pairs = (means: ReadonlyArray<Float64Array>): ReadonlyArray<number> =>
  means.flatMap((mean, k) => (k % 2 === 0 ? [] : [deviation(mean, means[k - 1]!)]))

const deviationMargin =
  (factor: number) =>
  (subject: Subject, instance: Noisy): number => {
    const { T, means } = outputs(subject, instance, 120)
    const { error, mean } = summary(pairs(means))
    return Margin.atMost(
      mean - 5 * error,
      factor * Theory.stochasticDeviationBound(1, instance.delta, instance.gap, T),
    )
  }

/** P1. */
export const stochasticDeviation = law<Subject, Noisy>({
  id: "reproducible-minimax/stochastic-deviation",
  statement:
    "SGDA with steps 1 / (l eps T) and T >= 1 / eps^2 deviates, in expectation over independent noise of variance delta^2, by at most (2 e / l^2) delta^2 / (eps^2 T). False alarms: 3e-7 for each instance.",
  source: printed("Theorem 5.1"),
  instances: Draw.record<Noisy>(fields),
  margin: deviationMargin(1),
  controls: [{ name: "a two-hundredth of the deviation", margin: deviationMargin(1 / 200) }],
})

const scalingMargin = (subject: Subject, instance: Noisy): number => {
  const at = (multiple: number) =>
    summary(pairs(outputs(subject, { ...instance, multiple }, 160).means))
  const [few, many] = [at(1), at(16)]
  const relative = few.error / few.mean + many.error / many.mean
  return Margin.equal(Math.log2(few.mean / many.mean), 4, {
    absolute: 0.6 + (5 * relative) / Math.LN2,
  })
}

/** P2: the slope, over a factor of 16. */
export const stochasticSlope = law<Subject, Noisy>({
  id: "reproducible-minimax/stochastic-deviation-falls-with-samples",
  statement:
    "At fixed eps, sixteen times the samples make the expected deviation of SGDA a sixteenth: slope -1 in T, to 0.15 and five standard errors.",
  source: printed("Theorem 5.1, the rate in T"),
  instances: Draw.record<Noisy>({
    ...fields,
    gap: Draw.linear(0.5, 0.4),
    delta: Draw.linear(0.1, 0.05),
    // inside of the ball the averages are not cut off
    curvature: Draw.oneOf(1),
    multiple: Draw.oneOf(1),
  }),
  margin: scalingMargin,
  controls: [
    {
      name: "steps that do not shrink with T",
      subject: (subject) => ({ ...subject, gradient: () => subject.gradient(0.3) }),
      margin: (subject, instance) => {
        const last = (multiple: number) => {
          const { expanded } = outputs(subject, instance, 2)
          const oracle = stochastic(expanded.problem, expanded.stream("noise"), instance.delta)
          const runs = Array.from({ length: 80 }, () =>
            follow(subject.gradient(0.3), oracle, expanded.start, 8 * multiple).point.slice(),
          )
          return summary(pairs(runs)).mean
        }
        return Margin.equal(Math.log2(last(1) / last(16)), 4, { absolute: 1.5 })
      },
    },
  ],
})

const gapMargin =
  (factor: number) =>
  (subject: Subject, instance: Noisy): number => {
    const count = 100
    const { expanded, means } = outputs(subject, instance, count)
    const { D, problem } = expanded
    const center = Average.make(expanded.start.length)
    for (const mean of means) Average.add(center, mean)
    const z = Average.mean(center)
    // the gap of the mean is the weak gap where the game is bilinear; the mean itself is off by its standard error
    const spread = Math.sqrt(
      means.reduce((sum, mean) => sum + deviation(mean, z), 0) / (count - 1) / count,
    )
    const L = largestAnswer(expanded)
    return Margin.atMost(
      problem.gap!(z) - 5 * Math.SQRT2 * L * spread,
      factor * Theory.stochasticGap(1, D, L, instance.delta, instance.gap),
    )
  }

/** P3. */
export const stochasticGap = law<Subject, Noisy>({
  id: "reproducible-minimax/stochastic-gap",
  statement:
    "SGDA with steps 1 / (l eps T) and T >= 1 / eps^2 has a weak duality gap of at most (l D^2 + (L^2 + delta^2) / (2 l)) eps. False alarms: 3e-7 for each instance.",
  source: printed("Theorem 5.1"),
  instances: Draw.record<Noisy>({ ...fields, curvature: Draw.oneOf(0) }),
  margin: gapMargin(1),
  controls: [{ name: "a twentieth of the gap", margin: gapMargin(0.05) }],
})

interface Oracle extends RandomGame {
  readonly delta: number
}

/** 4.9 standard deviations, by Bonferroni over the coordinates: 1e-6 for each. */
const oracleMargin =
  (bias: number, spread: number) =>
  (instance: Oracle): number => {
    const { problem, start, stream } = expand(instance)
    const { delta } = instance
    const size = start.length
    const oracle = stochastic(problem, stream("noise"), spread * delta)
    const exact = new Float64Array(size)
    problem.operator(start, exact)
    const answer = new Float64Array(size)
    const sum = new Float64Array(size)
    const count = 2000
    let squares = 0
    for (let k = 0; k < count; k++) {
      oracle.operator(start, answer)
      Vector.axpy(-1, exact, answer)
      answer[0] = answer[0]! + bias * delta
      Vector.axpy(1 / count, answer, sum)
      squares += Vector.dot(answer, answer) / count
    }
    const deviationOfMean = delta / Math.sqrt(size) / Math.sqrt(count)
    // the mean square has relative deviation sqrt(2 / (size count))
    const allowed = delta ** 2 * (1 + 4.9 * Math.sqrt(2 / (size * count)))
    return Margin.all(
      Margin.atMost(Vector.maxAbs(sum), 5.5 * deviationOfMean),
      Margin.atMost(squares, allowed),
    )
  }

const oracles = Draw.record<Oracle>({ ...gameFields, delta: Draw.logarithmic(1, 0.01) })

/** P4. */
export const unbiased: Claim = claim<Oracle>({
  id: "reproducible-minimax/stochastic-oracle",
  statement:
    "The stochastic oracle is unbiased, and its variance in all coordinates together is at most delta^2. False alarms: 4e-7 for each instance.",
  source: printed("Definition 4"),
  instances: oracles,
  margin: oracleMargin(0, 1),
  controls: [
    { name: "a bias of a fifth of delta", instances: oracles, margin: oracleMargin(0.2, 1) },
    {
      name: "a variance of 1.5 delta^2",
      instances: oracles,
      margin: oracleMargin(0, Math.sqrt(1.5)),
    },
  ],
})

interface Rounding {
  readonly dimension: number
  /** sqrt(d) rho / w. */
  readonly bound: number
  readonly seed: number
}

const roundingMargin =
  (factor: number, shared = true) =>
  (subject: Subject, { bound, dimension, seed }: Rounding): number => {
    const root = Seed.root(seed)
    const stream = RandomStream.make(root.child("points"))
    const point = new Float64Array(dimension)
    stream.fillNormal(point)
    const width = 2 ** -7
    const distance = (bound * width) / Math.sqrt(dimension)
    const other = plus(point, distance, direction(dimension, stream))
    const count = 400
    let different = 0
    for (let k = 0; k < count; k++) {
      const one = subject.rounding(point, { seed: root.child(k), width }).point
      const two = subject.rounding(other, { seed: root.child(shared ? k : -1 - k), width }).point
      if (one.some((x, i) => !Object.is(x, two[i]))) different++
    }
    const expected = factor * Theory.roundingFailure(distance, width, dimension) * count
    // Bernstein: more than this has a probability below 1e-9
    const allowed = 6.91 + Math.sqrt(6.91 ** 2 + 41.4 * expected)
    return Margin.atMost(different, expected + allowed)
  }

/** P5. */
export const rounding = law<Subject, Rounding>({
  id: "reproducible-minimax/dithered-rounding",
  statement:
    "Dithered rounding to a grid of width w with a shared seed makes points at distance rho equal to the bit, but with a probability of at most sqrt(d) rho / w. False alarms: 1e-9 for each instance.",
  source: derived("section 8.1: from small deviation to bitwise equality"),
  instances: Draw.record<Rounding>({
    dimension: Draw.integer(1, 100),
    bound: Draw.logarithmic(0.5, 1e-4),
    seed: Draw.seed(),
  }),
  margin: roundingMargin(1),
  controls: [
    { name: "a fifth of the probability", margin: roundingMargin(0.2) },
    { name: "a seed of its own for each run", margin: roundingMargin(1, false) },
  ],
})
