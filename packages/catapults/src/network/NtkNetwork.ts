/**
 * A network in the NTK parametrisation on fixed samples: predictions, products with the Jacobian, its Gram matrix, and gradients
 * in the inputs.
 *
 * With one output everything follows from the sensitivities `D_l = df / dz_l` (one row a sample): `J' q` is the product
 * `(q D_l)' H_(l-1)` of each layer, the kernel the sum of `(H_(l-1) H_(l-1)' / m) * (D_l D_l')` (entry by entry), and the input
 * gradients are `D_1 W_1 / sqrt(d)`. Derived here; for two layers it is the closed form of `TwoLayer.ts`.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { DifferentiableInputs, Floats } from "./Model.ts"
import { type Gates, gatesOf } from "./Gates.ts"
import { frames, type Frame } from "./NtkFrame.ts"
import type { NtkArchitecture, NtkLayer } from "./NtkArchitecture.ts"
import type { Descent } from "../descent/Descent.ts"
import type { OutputLoss } from "./OutputLoss.ts"
import { sampleDescent, isCheaperInSamples } from "../descent/SampleDescent.ts"

export interface NtkNetwork<A extends Floats = Float64Array> extends DifferentiableInputs<A> {
  readonly architecture: NtkArchitecture
  /** A copy of the parameters where the kernels use them in place: faster for as long as it is the one that is passed. */
  readonly place: (parameters: ArrayLike<number>) => A
  /** Gradient descent in the samples, where that is cheaper: what `descentOf` takes. Throws InvalidInput on wrong lengths. */
  readonly inSamples?: (loss: OutputLoss, start: A) => Descent<A>
}

interface Options<A extends Floats> {
  readonly architecture: NtkArchitecture
  /** One row a sample; the element type is that of all arrays of the network. Kept by reference, never written. */
  readonly features: A
  /** Gates held at those of these parameters, which makes two layers a quadratic model; see `frozenGates`. */
  readonly gatesAt?: A
  /** Default the strict ones. */
  readonly kernels?: Kernels.Kernels
}

const view = <A extends Floats>(parameters: A, { inputs, outputs, weights }: NtkLayer): A =>
  parameters.subarray(weights, weights + outputs * inputs) as A

const make = <A extends Floats>(options: Options<A>): NtkNetwork<A> => {
  const { architecture, features, gatesAt } = options
  const { depth, layers } = architecture
  const operation = "ntkNetwork"
  const inputs = architecture.widths[0]!
  const size = features.length / inputs
  if (!(Number.isInteger(size) && size > 0)) {
    invalid(operation, "features must be rows of as many numbers as there are inputs", {
      length: features.length,
      inputs,
    })
  }
  const memory = frames(architecture, features, size, options.kernels ?? Kernels.strict())
  const { kernels } = memory
  const { gemm, gemv, syrk } = kernels
  const last = layers[depth - 1]!
  const hidden = layers[depth - 2]

  /** The frame of the last prediction, and its parameters layer by layer. */
  let frame: Frame<A> = memory.frame()
  let known: A | undefined
  let weights: Array<A> = []
  let biases: Array<A | undefined> = []
  let isSensitive = false

  const attend = (parameters: A) => {
    if (parameters === known) return
    Require.length(operation, "parameters", parameters.length, architecture.dimension)
    known = parameters
    weights = layers.map((layer) => view(parameters, layer))
    biases = layers.map(({ bias, outputs }) =>
      bias === undefined ? undefined : (parameters.subarray(bias, bias + outputs) as A),
    )
  }

  /** Rows of pre-activations of layer l into `out`. */
  const affine = (l: number, input: A, out: A, rows: number) => {
    const { inputs: m, outputs, scale } = layers[l]!
    const bias = biases[l]
    if (bias !== undefined) for (let k = 0; k < rows; k++) out.set(bias, k * outputs)
    const beta = bias === undefined ? 0 : 1
    if (outputs === 1) gemv(false, rows, m, scale, input, weights[l]!, beta, out)
    else gemm(false, true, rows, outputs, m, scale, input, weights[l]!, beta, out)
  }

  let gates: Gates<A> | undefined

  const run = (out: A, indices?: Uint32Array) => {
    let input = frame.input
    for (let l = 0; l < depth - 1; l++) {
      const slope = frame.slopes[l]!
      const value = frame.values[l]!
      affine(l, input, value, frame.rows)
      if (gates === undefined) kernels.activate(architecture.activation, value, value, slope)
      else gates.pass(l, value, slope, indices)
      input = value
    }
    affine(depth - 1, input, out, frame.rows)
  }

  const predict: NtkNetwork<A>["predict"] = (parameters, out, indices) => {
    attend(parameters)
    frame = memory.frame(indices)
    Require.length(operation, "out", out.length, frame.rows)
    isSensitive = false
    run(out, indices)
  }

  /** df / dz of every hidden layer, from the last to the first; the last one is `slope * w / sqrt(m)`, and not written out. */
  const sensitivities = () => {
    if (isSensitive) return
    isSensitive = true
    const { rows, sensitivity, slopes } = frame
    for (let l = depth - 2; l >= 0; l--) {
      const width = layers[l]!.outputs
      const [d, slope] = [sensitivity[l]!, slopes[l]!]
      if (l === depth - 2) {
        const w = weights[depth - 1]!
        for (let k = 0, at = 0; k < rows; k++) {
          for (let i = 0; i < width; i++, at++) d[at] = slope[at]! * w[i]! * last.scale
        }
        continue
      }
      const above = layers[l + 1]!
      gemm(
        false,
        false,
        rows,
        width,
        above.outputs,
        above.scale,
        sensitivity[l + 1]!,
        weights[l + 1]!,
        0,
        d,
      )
      for (let i = 0; i < d.length; i++) d[i]! *= slope[i]!
    }
  }

  /** `to = q row of from`, row by row. */
  const scaleRows = (q: A, from: A, width: number, to: A) => {
    for (let k = 0, at = 0; k < q.length; k++) {
      const factor = q[k]!
      for (let i = 0; i < width; i++, at++) to[at] = factor * from[at]!
    }
  }

  /** The last hidden layer with fewer inputs than samples: `diag(w) slope' (q H)`, which never writes the sensitivities. */
  const pullNarrow = (alpha: number, q: A, target: A, layer: NtkLayer) => {
    const l = depth - 2
    const { inputs: m, outputs } = layer
    const input = l === 0 ? frame.input : frame.values[l - 1]!
    const scaled = frame.scaledInput
    scaleRows(q, input, m, scaled)
    gemm(
      true,
      false,
      outputs,
      m,
      frame.rows,
      alpha * layer.scale * last.scale,
      frame.slopes[l]!,
      scaled,
      0,
      memory.product,
    )
    const w = weights[depth - 1]!
    const { product } = memory
    const offset = layer.weights
    for (let i = 0, at = 0; i < outputs; i++) {
      const factor = w[i]!
      for (let j = 0; j < m; j++, at++) target[offset + at]! += factor * product[at]!
    }
    if (layer.bias === undefined) return
    const bias = memory.product.subarray(0, outputs) as A
    gemv(true, frame.rows, outputs, alpha * last.scale, frame.slopes[l]!, q, 0, bias)
    for (let i = 0; i < outputs; i++) target[layer.bias + i]! += w[i]! * bias[i]!
  }

  const pullWide = (alpha: number, q: A, target: A, l: number) => {
    const layer = layers[l]!
    const { inputs: m, outputs } = layer
    const input = l === 0 ? frame.input : frame.values[l - 1]!
    const scaled = frame.scaledOutput[l]!
    scaleRows(q, frame.sensitivity[l]!, outputs, scaled)
    gemm(
      true,
      false,
      outputs,
      m,
      frame.rows,
      alpha * layer.scale,
      scaled,
      input,
      1,
      view(target, layer),
    )
    if (layer.bias === undefined) return
    const bias = target.subarray(layer.bias, layer.bias + outputs) as A
    gemv(true, frame.rows, outputs, alpha, frame.sensitivity[l]!, q, 1, bias)
  }

  const addPullback: NtkNetwork<A>["addPullback"] = (alpha, q, target) => {
    Require.length(operation, "q", q.length, frame.rows)
    Require.length(operation, "target", target.length, architecture.dimension)
    const isNarrow = hidden !== undefined && hidden.inputs < frame.rows
    if (depth > 2 || !isNarrow) sensitivities()
    for (let l = 0; l < depth - 2; l++) pullWide(alpha, q, target, l)
    if (hidden !== undefined) {
      if (isNarrow) pullNarrow(alpha, q, target, hidden)
      else pullWide(alpha, q, target, depth - 2)
    }
    const input = depth === 1 ? frame.input : frame.values[depth - 2]!
    gemv(true, frame.rows, last.inputs, alpha * last.scale, input, q, 1, view(target, last))
    if (last.bias !== undefined) {
      let sum = 0
      for (let k = 0; k < q.length; k++) sum += q[k]!
      target[last.bias]! += alpha * sum
    }
  }

  const pushforward: NtkNetwork<A>["pushforward"] = (v, out) => {
    Require.length(operation, "v", v.length, architecture.dimension)
    Require.length(operation, "out", out.length, frame.rows)
    sensitivities()
    const { rows } = frame
    const final = depth === 1 ? frame.input : frame.values[depth - 2]!
    gemv(false, rows, last.inputs, last.scale, final, view(v, last), 0, out)
    if (last.bias !== undefined) for (let k = 0; k < rows; k++) out[k]! += v[last.bias]!
    for (let l = 0; l < depth - 1; l++) {
      const { bias, inputs: m, outputs, scale } = layers[l]!
      const moved = frame.scaledOutput[l]!
      gemm(
        false,
        true,
        rows,
        outputs,
        m,
        scale,
        l === 0 ? frame.input : frame.values[l - 1]!,
        view(v, layers[l]!),
        0,
        moved,
      )
      const d = frame.sensitivity[l]!
      for (let k = 0, at = 0; k < rows; k++) {
        let sum = 0
        for (let i = 0; i < outputs; i++, at++) {
          sum += d[at]! * (bias === undefined ? moved[at]! : moved[at]! + v[bias + i]!)
        }
        out[k]! += sum
      }
    }
  }

  const tangentKernel: NtkNetwork<A>["tangentKernel"] = (out) => {
    const { rows } = frame
    Require.length(operation, "out", out.length, rows * rows)
    sensitivities()
    const { left: room, right } = memory.grams(rows)
    out.fill(0)
    for (let l = 0; l < depth; l++) {
      const { bias, inputs: m, outputs } = layers[l]!
      const ones = bias === undefined ? 0 : 1
      const left = l === 0 && frame === memory.frame() ? memory.inputGram() : room
      if (left === room) {
        syrk(false, rows, m, 1 / m, l === 0 ? frame.input : frame.values[l - 1]!, 0, left)
      }
      if (l === depth - 1) {
        for (let i = 0; i < out.length; i++) out[i]! += left[i]! + ones
        continue
      }
      syrk(false, rows, outputs, 1, frame.sensitivity[l]!, 0, right)
      for (let i = 0; i < out.length; i++) out[i]! += (left[i]! + ones) * right[i]!
    }
  }

  if (gatesAt !== undefined) {
    attend(gatesAt)
    run(memory.floats(size))
    gates = gatesOf(layers, frame.slopes, size)
    known = undefined
  }

  return {
    name: `${gatesAt === undefined ? "" : "frozen gates, "}${architecture.name}`,
    architecture,
    size,
    inputs,
    dimension: architecture.dimension,
    ...(isCheaperInSamples(architecture, size)
      ? {
          inSamples: (loss: OutputLoss, start: A) => sampleDescent({ ...options, loss, start }),
        }
      : {}),
    place: (parameters) => {
      Require.length(operation, "parameters", parameters.length, architecture.dimension)
      const placed = memory.floats(architecture.dimension)
      placed.set(parameters)
      return placed
    },
    predict,
    addPullback,
    pushforward,
    tangentKernel,
    inputGradients: (out) => {
      const first = layers[0]!
      Require.length(operation, "out", out.length, frame.rows * inputs)
      if (depth === 1) {
        for (let k = 0; k < frame.rows; k++) {
          for (let j = 0; j < inputs; j++) out[k * inputs + j] = first.scale * weights[0]![j]!
        }
        return
      }
      sensitivities()
      gemm(
        false,
        false,
        frame.rows,
        inputs,
        first.outputs,
        first.scale,
        frame.sensitivity[0]!,
        weights[0]!,
        0,
        out,
      )
    },
  }
}

/** The network, in float64 or float32 as its features are. Throws InvalidInput on features that are not finite or not whole rows. */
export const ntkNetwork: {
  (options: Options<Float64Array>): NtkNetwork
  (options: Options<Float32Array>): NtkNetwork<Float32Array>
} = make
