/**
 * Pass of a network over samples: forward from inputs to predictions, and backward to the sensitivities `D_l = df /
 * dz_l` (one row per sample). All derivatives are computed from the results of both phases.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import type { Gates } from "./Gates.ts"
import type { Floats } from "./Model.ts"
import type { NtkArchitecture, NtkLayer } from "./NtkArchitecture.ts"
import type { Memory } from "./NtkFrame.ts"

/** The weights of a layer among all parameters, row-major. */
export const weightsOf = <A extends Floats>(
  parameters: A,
  { inputs, outputs, weights }: NtkLayer,
): A => parameters.subarray(weights, weights + outputs * inputs) as A

/** The biases of a layer among all parameters; undefined for a layer without biases. */
export const biasesOf = <A extends Floats>(
  parameters: A,
  { bias, outputs }: NtkLayer,
): A | undefined =>
  bias === undefined ? undefined : (parameters.subarray(bias, bias + outputs) as A)

export class NtkPass<A extends Floats> {
  readonly architecture: NtkArchitecture
  readonly memory: Memory<A>
  readonly kernels: Kernels.Kernels
  readonly hidden: ReadonlyArray<NtkLayer>
  readonly last: NtkLayer
  /** Buffers that the passes over the samples of the last evaluation write. */
  frame: ReturnType<Memory<A>["frame"]>
  /** Parameters of the last pass, layer by layer: views that reflect a step in place. */
  weights: ReadonlyArray<A> = []
  /** Copy of the last layer's weights at the last pass, since sensitivities may be needed after a step in place. */
  readonly outputWeights: A
  /** Holds the gates in the place of an activation. */
  gates: Gates<A> | undefined
  #parameters: A | undefined
  #biases: ReadonlyArray<A | undefined> = []
  #hasMoved = false
  #isBackwardDone = false

  constructor(architecture: NtkArchitecture, memory: Memory<A>) {
    this.architecture = architecture
    this.memory = memory
    this.kernels = memory.kernels
    this.hidden = architecture.layers.slice(0, -1)
    this.last = architecture.layers.at(-1)!
    this.frame = memory.frame()
    this.outputWeights = memory.floats(this.last.inputs)
  }

  /** Tests whether the parameters of the last evaluation were changed in place since. */
  get hasMoved(): boolean {
    return this.#hasMoved
  }

  /** Input of layer l: inputs or activations, one row per sample. */
  inputOf(l: number): A {
    return l === 0 ? this.frame.input : this.frame.values[l - 1]!
  }

  /** Predictions at `parameters` of the samples `indices` (default all), with the activations and slopes on the way. */
  forward(parameters: A, out: A, indices?: Uint32Array): void {
    this.#bind(parameters)
    this.frame = this.memory.frame(indices)
    Require.length("ntkNetwork", "out", out.length, this.frame.rows)
    this.outputWeights.set(this.weights.at(-1)!)
    this.#isBackwardDone = false
    this.#hasMoved = false
    for (let l = 0; l < this.hidden.length; l++) {
      const value = this.frame.values[l]!
      const slope = this.frame.slopes[l]!
      this.#affine(l, value)
      if (this.gates !== undefined) this.gates.pass(l, value, slope, indices)
      else this.kernels.activate(this.architecture.activation, value, value, slope)
    }
    this.#affine(this.hidden.length, out)
  }

  /** The sensitivities of every hidden layer, from the last to the first; once per evaluation. */
  backward(): void {
    if (this.#isBackwardDone) return
    this.#isBackwardDone = true
    const { rows, sensitivity, slopes } = this.frame
    const { hidden, kernels, last, outputWeights: w } = this
    for (let l = hidden.length - 1; l >= 0; l--) {
      const width = hidden[l]!.outputs
      const d = sensitivity[l]!
      const slope = slopes[l]!
      if (l === hidden.length - 1) {
        for (let k = 0, at = 0; k < rows; k++) {
          for (let i = 0; i < width; i++, at++) d[at] = slope[at]! * w[i]! * last.scale
        }
        continue
      }
      const { outputs, scale } = hidden[l + 1]!
      const above = sensitivity[l + 1]!
      kernels.gemm(false, false, rows, width, outputs, scale, above, this.weights[l + 1]!, 0, d)
      for (let i = 0; i < d.length; i++) d[i]! *= slope[i]!
    }
  }

  /** Must be called before `target` is written to: a step in place moves the parameters of the pass. */
  noteMove(target: A): void {
    if (target === this.#parameters) this.#hasMoved = true
  }

  #bind(parameters: A): void {
    if (parameters === this.#parameters) return
    const { dimension, layers } = this.architecture
    Require.array("ntkNetwork", "parameters", parameters, dimension)
    this.#parameters = parameters
    this.weights = layers.map((layer) => weightsOf(parameters, layer))
    this.#biases = layers.map((layer) => biasesOf(parameters, layer))
  }

  /** Rows of pre-activations of layer l into `out`. */
  #affine(l: number, out: A): void {
    const { inputs, outputs, scale } = this.architecture.layers[l]!
    const { rows } = this.frame
    const input = this.inputOf(l)
    const weights = this.weights[l]!
    const bias = this.#biases[l]
    if (bias !== undefined) for (let k = 0; k < rows; k++) out.set(bias, k * outputs)
    const beta = bias === undefined ? 0 : 1
    if (outputs === 1) this.kernels.gemv(false, rows, inputs, scale, input, weights, beta, out)
    else this.kernels.gemm(false, true, rows, outputs, inputs, scale, input, weights, beta, out)
  }
}
