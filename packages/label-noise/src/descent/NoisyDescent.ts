/** Gradient descent with given noise on the labels, in the parameters or in the pre-activations: whichever costs less. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import { slopeOfCubic, sweep } from "../network/Activation.ts"
import { addRows, preactivations, type TwoLayer } from "../network/TwoLayer.ts"

/** What a descent keeps: the parameters, or the pre-activations of all data and what each datum has added to the parameters. */
export type Form = "parameters" | "preactivations"

/** A descent whose data and noise are given step by step. */
export interface NoisyDescent {
  readonly form: Form
  readonly network: TwoLayer
  /** Data a step. */
  readonly batch: number
  /** Where it began, m x d, and all that the steps since have left: data, for snapshots. */
  readonly position: { readonly start: Float64Array } & Readonly<Record<string, Float64Array>>
  /**
   * Where the descent is, m x d. In the form of pre-activations every call computes it, by n m d multiply-adds. A view that the next
   * step or call overwrites: copy what you keep.
   */
  readonly computeParameters: () => Float64Array
  /**
   * One step on the data `indices` with noise `epsilon` on their labels; `rate` is the learning rate of the loss that is half the mean
   * of squares. Returns false, and stays where it is, if the square of a residual is not finite.
   */
  readonly step: (indices: Uint32Array, epsilon: Float64Array, rate: number) => boolean
  /**
   * As many steps as `indices` has batches, as if by `step`; small ones on cubic activations are one call of a kernel. Returns false, and stays where it is, if in one of
   * them the square of a residual is not finite.
   */
  readonly run: (indices: Uint32Array, epsilon: Float64Array, rate: number) => boolean
}

/**
 * Runs `attempt`, which says how many steps it took, and where these are not all puts `arrays` back as they were.
 */
export const allOrNone = (
  steps: number,
  arrays: ReadonlyArray<Float64Array>,
  attempt: () => number,
): boolean => {
  const before = arrays.map((array) => array.slice())
  if (attempt() === steps) return true
  for (const [k, array] of arrays.entries()) array.set(before[k]!)
  return false
}

/** How many steps there are until one that is not taken. */
const oneByOne = (
  step: NoisyDescent["step"],
  batch: number,
  ...[indices, epsilon, rate]: Parameters<NoisyDescent["run"]>
): number => {
  const steps = indices.length / batch
  for (let k = 0; k < steps; k++) {
    const [from, to] = [k * batch, (k + 1) * batch]
    if (!step(indices.subarray(from, to), epsilon.subarray(from, to), rate)) return k
  }
  return steps
}

/** From this many multiply-adds on, a compiled product is faster than a loop. */
export const compiledFrom = 4096

/** Bytes of the copies of ordinary arrays of `lengths` doubles that a product makes. */
const bytesOf = (...lengths: ReadonlyArray<number>): number =>
  8 * lengths.reduce((sum, length) => sum + length, 0)

/** Buffers of steps on `batch` data in the parameters, and the kernels of their products. */
const scratchFor = (network: TwoLayer, batch: number) => {
  const { dimension: d, kernels, neurons: m } = network
  const isCompiled = batch * m * d >= compiledFrom
  return {
    /** B x m. */
    z: new Float64Array(batch * m),
    slopes: new Float64Array(batch * m),
    /** B. */
    residuals: new Float64Array(batch),
    /** B x d: the data of the step, for compiled products; empty for small ones, which are loops. */
    rows: new Float64Array(isCompiled ? batch * d : 0),
    kernels: isCompiled ? Kernels.withRoom(kernels, bytesOf(batch * d, m * d, batch * m)) : kernels,
  }
}

type StepScratch = ReturnType<typeof scratchFor>

/** Pre-activations of the data of a step, B x m, in `scratch`. */
const lookUp = (
  { dimension: d, features, neurons: m }: TwoLayer,
  theta: Float64Array,
  indices: Uint32Array,
  { kernels, rows, z }: StepScratch,
): void => {
  const batch = indices.length
  if (rows.length > 0) {
    for (let b = 0; b < batch; b++) {
      const from = indices[b]! * d
      for (let a = 0; a < d; a++) rows[b * d + a] = features[from + a]!
    }
    kernels.gemm(false, true, batch, m, d, 1, rows, theta, 0, z)
    return
  }
  for (let b = 0; b < batch; b++) {
    const from = indices[b]! * d
    const to = from + d
    let at = 0
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let a = from; a < to; a++) sum += features[a]! * theta[at++]!
      z[b * m + j] = sum
    }
  }
}

/** Slopes and noisy residuals of the data of a step, in `scratch`; false if the square of a residual is not finite. */
const findResiduals = (
  { activation, labels, neurons: m }: TwoLayer,
  indices: Uint32Array,
  epsilon: Float64Array,
  z: Float64Array,
  { residuals, slopes }: Pick<StepScratch, "residuals" | "slopes">,
): boolean => {
  for (let b = 0; b < indices.length; b++) {
    const f = sweep(activation, z, b * m, m, slopes, b * m)
    const r = f - labels[indices[b]!]! - epsilon[b]!
    if (!(r * r < Number.POSITIVE_INFINITY)) return false
    residuals[b] = r
  }
  return true
}

/**
 * One step of gradient descent on the B data `indices` with noise `epsilon` on their labels, on `theta`, m x d, in place; the noisy
 * residuals stay in `scratch`. Returns false, and leaves `theta`, if the square of a residual is not finite.
 */
export const takeStep = (
  network: TwoLayer,
  theta: Float64Array,
  indices: Uint32Array,
  epsilon: Float64Array,
  rate: number,
  scratch: StepScratch = scratchFor(network, indices.length),
): boolean => {
  const { dimension: d, features, neurons: m } = network
  const { kernels, residuals, rows, slopes } = scratch
  const batch = indices.length
  lookUp(network, theta, indices, scratch)
  if (!findResiduals(network, indices, epsilon, scratch.z, scratch)) return false
  for (let b = 0; b < batch; b++) {
    const scale = (rate / batch) * residuals[b]!
    for (let j = b * m; j < (b + 1) * m; j++) slopes[j]! *= scale
  }
  if (rows.length > 0) {
    kernels.gemm(true, false, m, d, batch, -1, slopes, rows, 1, theta)
    return true
  }
  for (let b = 0; b < batch; b++) {
    const from = indices[b]! * d
    const to = from + d
    let at = 0
    for (let j = b * m; j < (b + 1) * m; j++) {
      const weight = slopes[j]!
      for (let a = from; a < to; a++) theta[at++]! -= weight * features[a]!
    }
  }
  return true
}

const inParameters = (network: TwoLayer, start: Float64Array, batch: number): NoisyDescent => {
  const theta = Float64Array.from(start)
  const scratch = scratchFor(network, batch)
  const slope = scratch.rows.length === 0 ? slopeOfCubic(network.activation) : undefined
  const step: NoisyDescent["step"] = (indices, epsilon, rate) =>
    takeStep(network, theta, indices, epsilon, rate, scratch)
  return {
    form: "parameters",
    network,
    batch,
    position: { start, theta },
    computeParameters: () => theta,
    step,
    run: (indices, epsilon, rate) =>
      allOrNone(indices.length / batch, [theta], () =>
        slope === undefined
          ? oneByOne(step, batch, indices, epsilon, rate)
          : network.kernels.noisyParameters(
              { ...network, slope, rate, batch, indices, epsilon },
              network.features,
              theta,
            ),
      ),
  }
}

const isInOrder = (indices: Uint32Array): boolean => {
  for (let b = 0; b < indices.length; b++) if (indices[b] !== b) return false
  return true
}

/**
 * A step changes the pre-activations by the Gram matrix alone, without a look at data or parameters: 2 n m operations a datum,
 * and not 4 m d. The coefficients, one a datum and neuron, give the parameters when they are asked for.
 */
const inPreactivations = (network: TwoLayer, start: Float64Array, batch: number): NoisyDescent => {
  const { activation, gram, labels, neurons: m, size: n } = network
  const isCompiled = n * n * m >= compiledFrom
  const kernels = isCompiled
    ? Kernels.withRoom(network.kernels, bytesOf(n * n, 2 * n * m))
    : network.kernels
  const z = preactivations(network, start)
  const coefficients = new Float64Array(n * m)
  const theta = Float64Array.from(start)
  const chosen = new Float64Array(batch * m)
  const slopes = new Float64Array(batch * m)
  const residuals = new Float64Array(batch)
  const scratch = { slopes, residuals }

  /** One datum, whose slopes and scale are known. */
  const apply = (datum: number, from: number, scale: number): void => {
    let at = 0
    for (let k = 0; k < n; k++) {
      const factor = scale * gram[datum * n + k]!
      for (let j = 0; j < m; j++) z[at++]! -= factor * slopes[from + j]!
    }
    at = datum * m
    for (let j = 0; j < m; j++) coefficients[at++]! += scale * slopes[from + j]!
  }

  const stepOne = (datum: number, epsilon: number, rate: number): boolean => {
    const f = sweep(activation, z, datum * m, m, slopes, 0)
    const r = f - labels[datum]! - epsilon
    if (!(r * r < Number.POSITIVE_INFINITY)) return false
    apply(datum, 0, rate * r)
    return true
  }

  /** All data in their order: nothing is copied, and large products are compiled. */
  const stepAll = (indices: Uint32Array, epsilon: Float64Array, rate: number): boolean => {
    if (!findResiduals(network, indices, epsilon, z, scratch)) return false
    if (!isCompiled) {
      for (let i = 0; i < n; i++) apply(i, i * m, (rate / n) * residuals[i]!)
      return true
    }
    for (let i = 0; i < n; i++) {
      const scale = (rate / n) * residuals[i]!
      for (let j = i * m; j < (i + 1) * m; j++) {
        const weight = scale * slopes[j]!
        slopes[j] = weight
        coefficients[j]! += weight
      }
    }
    kernels.gemm(false, false, n, m, n, -1, gram, slopes, 1, z)
    return true
  }

  const stepBatch = (indices: Uint32Array, epsilon: Float64Array, rate: number): boolean => {
    if (batch === n && isInOrder(indices)) return stepAll(indices, epsilon, rate)
    for (let b = 0; b < batch; b++) {
      const from = indices[b]! * m
      for (let j = 0; j < m; j++) chosen[b * m + j] = z[from + j]!
    }
    if (!findResiduals(network, indices, epsilon, chosen, scratch)) return false
    for (let b = 0; b < batch; b++) apply(indices[b]!, b * m, (rate / batch) * residuals[b]!)
    return true
  }

  const step: NoisyDescent["step"] =
    batch === 1 ? (indices, epsilon, rate) => stepOne(indices[0]!, epsilon[0]!, rate) : stepBatch
  // of all data in their order the products of large networks are compiled
  const isByProducts = batch === n && isCompiled
  const slope = isByProducts ? undefined : slopeOfCubic(activation)
  return {
    form: "preactivations",
    network,
    batch,
    position: { start, z, coefficients },
    computeParameters: () => {
      theta.set(start)
      addRows(network, coefficients, theta, -1)
      return theta
    },
    step,
    run: (indices, epsilon, rate) =>
      allOrNone(indices.length / batch, [z, coefficients], () =>
        slope === undefined
          ? oneByOne(step, batch, indices, epsilon, rate)
          : network.kernels.noisyPreactivations(
              { ...network, slope, rate, batch, indices, epsilon },
              gram,
              z,
              coefficients,
            ),
      ),
  }
}

/**
 * A descent from `theta`, m x d, which is copied, on `batch` data a step, from 1 to n, with the kernels of the network. Both forms
 * take the same path to rounding; default the one that costs less, pre-activations for n < 2 d.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, noisyDescent, twoLayerThrough } from "@nonconvex/label-noise"
 *
 * const theta = Float64Array.of(2)
 * const data = { features: Float64Array.of(1), dimension: 1, neurons: 1 }
 * const network = twoLayerThrough(theta, { activation: Activation.identity, ...data })
 * const descent = noisyDescent(network, theta, 1)
 * // the label 2 reads 3: a residual of -1
 * descent.step(Uint32Array.of(0), Float64Array.of(1), 0.1) // => true
 * descent.computeParameters() // ≈ [2.100]
 * ```
 */
export const noisyDescent = (
  network: TwoLayer,
  theta: Float64Array,
  batch: number,
  form: Form = network.size < 2 * network.dimension ? "preactivations" : "parameters",
): NoisyDescent => {
  const start = Float64Array.from(theta)
  return form === "parameters"
    ? inParameters(network, start, batch)
    : inPreactivations(network, start, batch)
}
