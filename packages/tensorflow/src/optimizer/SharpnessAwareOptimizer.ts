/** The sharpness-aware step around any optimizer of TensorFlow.js, as an optimizer for `compile` and `fit`. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { type Telemetry, telemetry } from "@nonconvex/optim-sam"
import type * as Perturbation from "@nonconvex/problems/Perturbation"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import * as tf from "@tensorflow/tfjs"
import { NotFinite } from "../Failures.ts"
import * as Pass from "../objective/Pass.ts"
import * as Weights from "../objective/Weights.ts"

export interface StepOptions {
  /** Number of ascent steps to the perturbed point, each with its own gradient; default 1. */
  readonly ascentSteps?: number
  /**
   * Response to a loss or gradient that is not finite: `throw` NotFinite, or `skip` the step and set `status` to `diverged`.
   * In both cases the weights are those from before the step. Default `throw`.
   */
  readonly onNotFinite?: "throw" | "skip"
}

/** Buffers that `telemetry` of optim-sam reads, and their layout. */
interface Buffers extends Pick<
  SharpnessAwareState,
  "before" | "gradient" | "perturbed" | "perturbedGradient"
> {
  readonly weights: Weights.Weights
}

const buffersOf = (weights: Weights.Weights): Buffers => {
  const vector = () => new Float64Array(weights.dimension)
  return {
    weights,
    before: vector(),
    gradient: vector(),
    perturbed: vector(),
    perturbedGradient: vector(),
  }
}

const isSame = (a: ReadonlyArray<tf.Variable>, b: ReadonlyArray<tf.Variable>): boolean =>
  a.length === b.length && a.every((variable, i) => variable === b[i])

/** The distance between neighbouring float32 numbers at `size`. */
const ulp = (size: number): number =>
  Elementary.powerOfTwo(Math.floor(Elementary.log2(Math.max(size, 2 ** -126))) - 23)

/** The union package does not export this type. */
type NamedTensors = Awaited<ReturnType<tf.Optimizer["getWeights"]>>

const operation = "SharpnessAwareOptimizer.minimize"

/**
 * An optimizer whose gradients are taken at the perturbed point and applied by `inner` at the point.
 *
 * The perturbation is computed in float64, over all trainable weights together, whatever the backend. Both gradients use the
 * same batch and dropout masks; only the first pass assigns variables (moving statistics of batch normalisation). The
 * weights are restored by reference, not by subtraction. If the gradient is zero, `inner` still counts a step; with radius 0 the step is that of `inner`, at its cost.
 *
 * `trainOnBatch` lists the values of the compiled metrics twice, at the point and at the perturbed point; `fit` reports those at
 * the point. Saved with its model, it is saved as `inner`.
 */
export class SharpnessAwareOptimizer extends tf.Optimizer {
  /** Steps taken; a skipped one does not count. */
  steps = 0
  /** Status of the last step. */
  status: "running" | "diverged" = "running"
  readonly inner: tf.Optimizer
  readonly perturbation: Perturbation.Perturbation
  readonly #ascentSteps: number
  readonly #skips: boolean
  #buffers: Buffers | undefined
  #radius = 0
  #loss = Number.NaN
  #lossAtPerturbed = Number.NaN
  /** Metrics of the second pass, disposed of at the next step. */
  #spent: Array<tf.Tensor> = []

  constructor(inner: tf.Optimizer, perturbation: Perturbation.Perturbation, options: StepOptions) {
    super()
    const { ascentSteps = 1, onNotFinite = "throw" } = options
    Require.count("SharpnessAwareOptimizer", "ascentSteps", ascentSteps)
    this.inner = inner
    this.perturbation = perturbation
    this.#ascentSteps = ascentSteps
    this.#skips = onNotFinite === "skip"
  }

  /** Loss, sharpness gap and curvature along the perturbation of the last step; undefined before the first one. */
  telemetry(): Telemetry | undefined {
    if (this.#buffers === undefined) return undefined
    return telemetry({
      ...this.#buffers,
      radius: this.#radius,
      loss: this.#loss,
      lossAtPerturbed: this.#lossAtPerturbed,
    })
  }

  /**
   * True if the radius of the last step exceeds 4 ulp of the largest weight times sqrt(d); below that the perturbation is
   * rounding noise.
   */
  get isResolved(): boolean {
    if (this.#buffers === undefined || this.#radius === 0) return true
    const { before } = this.#buffers
    return this.#radius >= 4 * ulp(Vector.maxAbs(before)) * Math.sqrt(before.length)
  }

  /** See the class: the scalar is the loss at the point. Throws NotFinite, NoTrainableWeights, WeightsDisposed, LossNotScalar. */
  override minimize(
    f: () => tf.Scalar,
    returnCost = false,
    varList?: Array<tf.Variable>,
  ): tf.Scalar | null {
    const { grads, value } = this.computeGradients(f, varList)
    try {
      if (this.status === "running") this.applyGradients(grads)
    } catch (error) {
      value.dispose()
      throw error
    } finally {
      tf.dispose(grads)
    }
    if (returnCost) return value
    value.dispose()
    return null
  }

  /** The loss at the point and the gradients at the perturbed point; the weights are at the point again. Throws as `minimize`. */
  override computeGradients(
    f: () => tf.Scalar,
    varList?: Array<tf.Variable>,
  ): { value: tf.Scalar; grads: tf.NamedTensorMap } {
    tf.dispose(this.#spent)
    this.#spent = []
    const buffers = this.#layOut(varList)
    const { gradient, weights } = buffers
    const kept: Array<tf.Tensor> = []
    const draws: Array<number> = []
    try {
      const { changed, result: first } = Pass.assigned(Pass.others(weights.variables), () =>
        Pass.recording(draws, () => Pass.gradients(operation, f, weights, kept)),
      )
      const radius = (this.#radius = this.perturbation.radius(this.steps))
      const loss = (this.#loss = this.#lossAtPerturbed = first.value.dataSync()[0]!)
      this.status = "running"
      Weights.flatten(weights, ({ name }) => first.grads[name], gradient)
      if (!this.#isFinite("the point", loss, gradient, first) || !(radius > 0)) return first
      try {
        Weights.read(weights, buffers.before)
        const second = Weights.borrowed([...weights.variables, ...changed], () =>
          this.#ascend(f, buffers, radius, draws),
        )
        tf.dispose(first.grads)
        return { value: first.value, grads: second }
      } catch (error) {
        tf.dispose([first.value, first.grads])
        throw error
      }
    } catch (error) {
      tf.dispose([kept, this.#spent])
      throw error
    }
  }

  override applyGradients(variableGradients: tf.NamedTensorMap | NamedTensors): void {
    this.inner.applyGradients(variableGradients)
    this.steps++
  }

  #layOut(varList: ReadonlyArray<tf.Variable> | undefined): Buffers {
    const listed = varList ?? Pass.others([])
    const weights = Weights.layoutOf(operation, listed)
    if (
      this.#buffers === undefined ||
      !isSame(this.#buffers.weights.variables, weights.variables)
    ) {
      this.#buffers = buffersOf(weights)
    }
    return this.#buffers
  }

  /** Gradients at the perturbed point; leaves the weights there. */
  #ascend(
    f: () => tf.Scalar,
    { before, gradient, perturbed, perturbedGradient, weights }: Buffers,
    radius: number,
    draws: ReadonlyArray<number>,
  ): tf.NamedTensorMap {
    let from = before
    let direction = gradient
    let grads: tf.NamedTensorMap = {}
    for (let k = 0; k < this.#ascentSteps; k++) {
      this.perturbation.perturb(radius, this.steps, from, direction, perturbed)
      // the model sees float32, so this is the point whose gradient it is
      perturbed.set(Weights.write(weights, perturbed))
      tf.dispose(grads)
      const pass = Pass.replaying(draws, () => Pass.gradients(operation, f, weights, this.#spent))
      grads = pass.grads
      const loss = (this.#lossAtPerturbed = pass.value.dataSync()[0]!)
      pass.value.dispose()
      Weights.flatten(weights, ({ name }) => grads[name], perturbedGradient)
      if (!this.#isFinite("the perturbed point", loss, perturbedGradient, grads)) break
      from = perturbed
      direction = perturbedGradient
    }
    return grads
  }

  /** False if it is not finite and the step must be skipped. Throws NotFinite, and then disposes of `tensors`. */
  #isFinite(
    at: NotFinite["at"],
    loss: number,
    gradient: Float64Array,
    tensors: tf.TensorContainer | Pass.Evaluated,
  ): boolean {
    const finite = Number.isFinite(loss)
    if (finite && Vector.isFinite(gradient)) return true
    this.status = "diverged"
    if (this.#skips) return false
    tf.dispose(tensors as tf.TensorContainer)
    const quantity = finite ? "gradient" : "loss"
    throw new NotFinite({ operation, quantity, at, loss, steps: this.steps })
  }

  override dispose(): void {
    tf.dispose(this.#spent)
    this.#spent = []
    this.inner.dispose()
  }

  override get iterations(): number {
    return this.inner.iterations
  }

  override getClassName(): string {
    return this.inner.getClassName()
  }

  getConfig(): tf.serialization.ConfigDict {
    return this.inner.getConfig()
  }

  override getWeights(): Promise<NamedTensors> {
    return this.inner.getWeights()
  }

  override setWeights(weightValues: NamedTensors): Promise<void> {
    return this.inner.setWeights(weightValues)
  }
}
