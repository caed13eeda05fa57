/**
 * Stochastic gradient descent-ascent (SGDA), in expectation. Each instance fixes its seeds, so a verdict is reproducible. A
 * margin allows for five standard errors, with a false alarm rate of 3e-7 per drawn instance, or states its own allowance.
 */
import { Draw, type Given } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Average from "../../methods/Average.ts"
import { stochastic } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/Theory.ts"
import { deviation, follow } from "./Follow.ts"
import { type Drawn, expand, gameFields } from "./RandomProblem.ts"
import type { Subject } from "./Subject.ts"

export const fields = {
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
export const outputs = (subject: Subject, instance: Noisy, given: Given, count: number) => {
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
export const summary = (values: ReadonlyArray<number>) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const variance =
    values.reduce((sum, x) => sum + Elementary.square(x - mean), 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

export const pairs = (means: ReadonlyArray<Float64Array>): ReadonlyArray<number> =>
  means.flatMap((mean, k) => (k % 2 === 0 ? [] : [deviation(mean, means[k - 1]!)]))
