import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import * as LinearNetwork from "../../theory/LinearNetwork.ts"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { sized, squaredNorm } from "../support/Expand.ts"
import { within } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { linear } from "../support/RandomLinearNetwork.ts"
import { ours } from "../support/Subject.ts"

/** Size of the outputs at which a run has diverged and would soon overflow. */
const diverged = 1e50

/** Euclidean length of the longest row. */
const longest = (rows: Float64Array, columns: number): number =>
  Array.from({ length: rows.length / columns }, (_, i) =>
    Vector.norm(rows.subarray(i * columns, (i + 1) * columns)),
  ).reduce((most, length) => Math.max(most, length), 0)

export const linearNetworkClosedSystem = claim({
  id: "catapults/linear-network-closed-system",
  statement:
    "Gradient descent on a two-layer linear network with n samples is closed in the outputs, |v|^2 / m and X U' U X' / m. At any width each step takes these n^2 + n + 1 numbers to the next, until the run diverges.",
  inFloatingPoint: "agreement",
  source: derived("closed system of n samples"),
  subject: ours,
  instances: sized([8, 8, 64], {
    /** Effective step times the largest eigenvalue at the start. */
    kappa: Draw.linear(1, 3),
    steps: Draw.integer(1, 20),
  }),
  value: LinearNetwork.sampleStep,
  /** Step by step: above the critical learning rate a run multiplies the rounding of its first steps without bound. */
  margin: ({ instance, kernels, subject, value: map }) => {
    const { inputs, ...problem } = linear(instance, { kernels })
    const { start, targets } = problem
    const { samples: n, width: m, inputs: d } = instance
    const gram = QuadraticDynamics.gram(inputs, inputs, n, d)
    const input = longest(inputs, d)
    // both ways sum over samples, inputs and neurons, and a few products of these
    const units = 2 * (n + d + m + 16) * Number.EPSILON
    const from = (parameters: Float64Array) => ({ ...problem, start: parameters })
    let before = subject({ ...from(start), step: 1, steps: 0 })
    const step = instance.kappa / topEigenvalue(before.kernel, n, kernels)
    const margins: Array<Margin.Comparison> = []
    for (let t = 0; t < instance.steps; t++) {
      const { kernel, parameters, predictions } = before
      const alpha = squaredNorm(parameters.subarray(m * d)) / m
      const inner = kernel.map((value, at) => value - alpha * gram[at]!)
      const state = { outputs: predictions, alpha, inner }
      const next = map(state, { gram, labels: targets, step, width: m })
      const after = subject({ ...from(parameters), step, steps: 1 })
      // the step adds at most `share` of the parameters to them, before terms cancel
      const residual = predictions.reduce(
        (most, f, i) => Math.max(most, Math.abs(f - targets[i]!)),
        0,
      )
      const share = (step * n * residual * input) / Math.sqrt(m)
      const size = Elementary.square(1 + share) * squaredNorm(parameters)
      margins.push(
        within(after.predictions, next.outputs, (units * size * input) / Math.sqrt(m)),
        within(
          after.kernel,
          LinearNetwork.kernelOf(next, gram),
          (units * size * input * input) / m,
        ),
      )
      if (!next.outputs.every((f) => Math.abs(f) < diverged)) break
      // of the parameters alone, where an implementation carries outputs along beside them
      before = subject({ ...from(after.parameters), step, steps: 0 })
    }
    return Margin.all(...margins)
  },
  controls: [
    {
      name: "without the second order in the outputs",
      value: (state, options) => {
        const first = LinearNetwork.sampleStep(state, { ...options, width: Infinity })
        return { ...LinearNetwork.sampleStep(state, options), outputs: first.outputs }
      },
    },
    {
      name: "a constant kernel, as in the lazy regime",
      value: (state, options) => ({
        ...state,
        outputs: LinearNetwork.sampleStep(state, options).outputs,
      }),
    },
  ],
})
