import { Draw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexactStart } from "../../oracle/InexactOracle.ts"
import * as Random from "./RandomProblem.ts"
import type { Subject } from "./Subject.ts"

export const started = {
  ...Random.fewCoordinates,
  /** As a multiple of l D^2. */
  gap: Draw.logarithmic(1, 0.01),
  /** As a multiple of D. */
  delta: Draw.logarithmic(0.3, 1e-4),
}

export type Started = Random.Drawn<typeof started>

/** Two runs of Algorithm 1 from starts around one point. */
export const twoStarts = (subject: Subject, instance: Started) => {
  const problem = Random.expandQuadratic(instance)
  const delta = instance.delta * problem.D
  const starts = ["a", "b"].map((label) =>
    inexactStart(problem.start, delta, problem.stream(label)),
  )
  const D = Math.max(...starts.map((start) => Vector.distance(start, problem.minimiser)))
  const eps = instance.gap * D * D
  const request = { gap: eps, distance: D, inexact: "start", delta } as const
  const [first, second] = starts.map((start) =>
    subject.minimisation(problem.problem, start, request),
  )
  return { ...problem, D, eps, delta, first: first!, second: second! }
}
