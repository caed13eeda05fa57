/** Over-parametrised matrix sensing, the instance of the experiment: both roles of the normalisation. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import type { Method } from "@nonconvex/problems/Method"
import { matrixSensing } from "../support/MatrixSensing.ts"
import { derived } from "../support/Paper.ts"
import {
  normalisedUsam,
  optimSam,
  type Subject,
  withoutNormalisation,
  withoutPerturbation,
} from "../support/Subject.ts"

const learningRate = 0.02

const horizon = 20_000

/** The error of the recovered matrix after 20,000 steps; Infinity where the method diverges. */
const testErrorOf = (method: Method): number => {
  const { objective, start, testError } = matrixSensing()
  const state = method.init(objective, start)
  for (let t = 0; t < horizon && state.status === "running"; t++) method.step(state)
  return state.status === "running" ? testError(state.point) : Number.POSITIVE_INFINITY
}

const diverges = (method: Method): boolean => {
  const { objective, start } = matrixSensing()
  const state = method.init(objective, start)
  let loss = 0
  for (let t = 0; t < 100 && state.status === "running" && loss < 1e6; t++) {
    loss = method.step(state)
  }
  return state.status === "diverged" || loss >= 1e6
}

/** Caches runs per subject and radius; each takes a second. */
const cache = new WeakMap<Subject, Map<number, number>>()

const samError = (subject: Subject, radius: number): number => {
  const known = cache.get(subject) ?? new Map<number, number>()
  cache.set(subject, known)
  const error = known.get(radius) ?? testErrorOf(subject.sam(radius, learningRate))
  known.set(radius, error)
  return error
}

export const matrixSensingRecovery = claim({
  id: "optim-sam/matrix-sensing-recovery",
  statement:
    "On the matrix sensing problem of the experiment, from its large random start and at radii from 0.05 to 0.1, USAM diverges within 100 steps. In 20,000 steps SAM recovers the matrix with at most a tenth of the error of gradient descent.",
  inFloatingPoint: "run",
  extent: { steps: horizon },
  source: Kind.observation(derived("Figures 1 and 2 in our own setting")),
  subject: optimSam,
  instances: Draw.record({ radius: Draw.oneOf(0.05, 0.06, 0.08, 0.1) }),
  value: 0.1,
  margin: ({ instance: { radius }, subject, value: share }) =>
    diverges(subject.usam(radius, learningRate))
      ? Margin.atMost(samError(subject, radius), share * samError(subject, 0))
      : Margin.holds(false),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "USAM with the normalisation", subject: normalisedUsam },
    { name: "gradient descent", subject: withoutPerturbation },
    { name: "a hundredth of the error", value: 0.01 },
  ],
})
