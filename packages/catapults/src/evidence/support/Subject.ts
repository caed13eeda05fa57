/** Subject of the laws of this package: any implementation of gradient descent on networks in the NTK parametrisation. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { agop } from "../../features/Agop.ts"
import { type Descent, descentOf } from "../../descent/Descent.ts"
import type { NtkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { sumSquared } from "../../network/OutputLoss.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"

export interface Problem {
  /** Kernels of our implementation; an implementation with its own arithmetic may ignore them. */
  readonly kernels: Kernels.Kernels
  readonly architecture: NtkArchitecture
  /** One row per sample. */
  readonly features: Float64Array
  readonly targets: Float64Array
  readonly start: Float64Array
  /** The effective step e: gradient descent on `|f - y|^2 / 2` with this learning rate. */
  readonly step: number
  readonly steps: number
  /** Holds the gates of the start. */
  readonly frozen?: boolean
}

/** End state of a run, with its network. */
export interface Course {
  readonly parameters: Float64Array
  readonly predictions: Float64Array
  readonly kernel: Float64Array
  /** AGOP at the training inputs. */
  readonly agop: Float64Array
}

export type Subject = (problem: Problem) => Course

/** Steps of a descent at a constant rate, and its end state. */
export const follow = (descent: Descent, steps: number, rate: number): Omit<Course, "agop"> => {
  for (let t = 0; t < steps; t++) {
    descent.evaluate()
    descent.move(rate)
  }
  descent.evaluate()
  const kernel = new Float64Array(descent.size * descent.size)
  descent.tangentKernel(kernel)
  return { parameters: descent.parameters(), predictions: descent.predictions.slice(), kernel }
}

/** The implementation of this package. */
export const ours: Subject = ({ frozen = false, ...problem }) => {
  const { start, step, steps, targets } = problem
  const model = frozen ? frozenGates({ ...problem, at: start }) : ntkNetwork(problem)
  const descent = descentOf(model, sumSquared(targets), start)
  const end = follow(descent, steps, step)
  return { ...end, agop: agop(model, end.parameters) }
}
