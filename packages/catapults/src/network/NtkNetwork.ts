/**
 * Network in the NTK parametrisation on fixed samples: predictions, Jacobian products, its Gram matrix and input
 * gradients.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import type { Descent } from "../descent/Descent.ts"
import { isCheaperInSamples, sampleDescent } from "../descent/SampleDescent.ts"
import { gatesOf } from "./Gates.ts"
import type { DifferentiableInputs, Floats } from "./Model.ts"
import type { NtkArchitecture } from "./NtkArchitecture.ts"
import { addPullback, inputGradients, pushforward, tangentKernel } from "./NtkDerivatives.ts"
import { frames } from "./NtkFrame.ts"
import { NtkPass } from "./NtkPass.ts"
import type { NtkOptions } from "./NtkOptions.ts"
import type { OutputLoss } from "./OutputLoss.ts"

export interface NtkNetwork<A extends Floats = Float64Array> extends DifferentiableInputs<A> {
  readonly architecture: NtkArchitecture
  /** Copy of the parameters where the kernels use them in place, which is faster as long as this copy is passed. */
  readonly place: (parameters: ArrayLike<number>) => A
  /**
   * Gradient descent in sample space, if that is cheaper; used by `descentOf`. Throws InvalidInput on wrong lengths.
   */
  readonly inSamples?: (loss: OutputLoss, start: A) => Descent<A>
}

const make = <A extends Floats>(options: NtkOptions<A>): NtkNetwork<A> => {
  const { architecture, features, gatesAt, kernels = Kernels.standard() } = options
  Require.object("ntkNetwork", "architecture", architecture, "widths", "dimension")
  Require.typed("ntkNetwork", "features", features)
  const inputs = architecture.widths[0]!
  const size = features.length / inputs
  if (!(Number.isInteger(size) && size > 0)) {
    invalid("ntkNetwork", "features must be rows with one number per input", {
      length: features.length,
      inputs,
    })
  }
  const memory = frames(architecture, features, size, kernels)
  const pass = new NtkPass(architecture, memory)
  if (gatesAt !== undefined) {
    pass.forward(gatesAt, memory.floats(size))
    pass.gates = gatesOf(architecture.layers, pass.frame.slopes, size)
  }
  return {
    name: `${gatesAt === undefined ? "" : "frozen gates, "}${architecture.name}`,
    architecture,
    size,
    inputs,
    dimension: architecture.dimension,
    kernels,
    ...(isCheaperInSamples(architecture, size)
      ? {
          inSamples: (loss: OutputLoss, start: A) =>
            sampleDescent({ ...options, kernels, loss, start }),
        }
      : {}),
    place: (parameters) => {
      Require.length("ntkNetwork", "parameters", parameters.length, architecture.dimension)
      const placed = memory.floats(architecture.dimension)
      placed.set(parameters)
      return placed
    },
    predict: (parameters, out, indices) => pass.forward(parameters, out, indices),
    addPullback: (alpha, q, target) => addPullback(pass, alpha, q, target),
    pushforward: (v, out) => pushforward(pass, v, out),
    tangentKernel: (out) => tangentKernel(pass, out),
    inputGradients: (out) => inputGradients(pass, out),
  }
}

/**
 * The network on `features`, one row per sample, in float64 or float32 as they are. Throws InvalidInput on features that are not finite
 * or not whole rows.
 *
 * @example
 * ```ts import.meta.vitest
 * import { ntkArchitecture, ntkNetwork } from "@nonconvex/catapults"
 *
 * const architecture = ntkArchitecture({ widths: [2, 1] }) // two inputs, one ReLU neuron, one output
 * const network = ntkNetwork({ architecture, features: Float64Array.of(1, 1, 3, -5) })
 * const predictions = new Float64Array(2)
 * network.predict(Float64Array.of(Math.SQRT2, 0, 3), predictions) // the weights of the neuron, and of the output
 * predictions.map(Math.round) // => Float64Array.of(3, 9)
 * ```
 */
export const ntkNetwork: {
  (options: NtkOptions<Float64Array>): NtkNetwork
  (options: NtkOptions<Float32Array>): NtkNetwork<Float32Array>
} = make
