/** Gradient descent with given noise on the labels, in the parameters or in the pre-activations, whichever is cheaper. */
import * as Require from "@nonconvex/numerics/Require"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { sweep } from "../network/Activation.ts"
import { addRows, preactivations, type TwoLayer } from "../network/TwoLayer.ts"
import { loop } from "./NoisyDescent.kernel.generated.ts"

/**
 * Representation of a descent: the parameters, or the pre-activations of all data with each datum's contribution to the
 * parameters.
 */
export type Form = "parameters" | "preactivations"

/** A descent with data and noise given for each step. */
export interface NoisyDescent {
  readonly form: Form
  readonly network: TwoLayer
  /** Batch size. */
  readonly batch: number
  /** Start, m x d, and the change by all steps since, as data for snapshots. */
  readonly position: { readonly start: Float64Array } & Readonly<Record<string, Float64Array>>
  /**
   * Computes the current parameters, m x d. In the pre-activation form every call costs n m d multiply-adds. The result is a
   * view that the next step or call overwrites: copy it to keep it.
   */
  readonly computeParameters: () => Float64Array
  /**
   * Takes one step on the data `indices` with noise `epsilon` on their labels. `rate` is the learning rate for half the mean
   * square as loss. Returns that loss of the batch before the step; if it is not finite, the parameters stay.
   */
  readonly step: (indices: Uint32Array, epsilon: Float64Array, rate: number) => number
  /**
   * Takes a step for each batch in `indices`, bit for bit like `step`, and returns their number. Stops before a step with a
   * non-finite loss, and returns 0 if the kernels cannot load its loop. Absent for steps in the parameters, for activations
   * other than `z^3 + slope z`, and if products are compiled.
   */
  readonly twin?: (
    indices: Uint32Array,
    epsilon: Float64Array,
    rate: number,
    kernels: Kernels.Kernels,
  ) => number
}

/** Multiply-adds from which on a compiled product is faster than a loop. */
const compiledFrom = 4096

/** Bytes that a product needs for its copies of ordinary arrays, which have `lengths` doubles. */
const bytesOf = (...lengths: ReadonlyArray<number>): number =>
  8 * lengths.reduce((sum, length) => sum + length, 0)

/** Buffers for steps on `batch` data in the parameters, and the kernels of their products. */
const scratchFor = (network: TwoLayer, batch: number) => {
  const { dimension: d, kernels, neurons: m } = network
  const isCompiled = batch * m * d >= compiledFrom
  return {
    /** B x m. */
    z: new Float64Array(batch * m),
    slopes: new Float64Array(batch * m),
    /** B. */
    residuals: new Float64Array(batch),
    /** B x d: the data of the step, for compiled products; empty for small products, which are loops. */
    rows: new Float64Array(isCompiled ? batch * d : 0),
    kernels: isCompiled ? Kernels.withRoom(kernels, bytesOf(batch * d, m * d, batch * m)) : kernels,
  }
}

type StepScratch = ReturnType<typeof scratchFor>

/** Writes the pre-activations of a step's data, B x m, to `scratch`. */
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

/** Returns half the mean square of the noisy residuals of a step; leaves residuals and slopes in `scratch`. */
const findResiduals = (
  { activation, labels, neurons: m }: TwoLayer,
  indices: Uint32Array,
  epsilon: Float64Array,
  z: Float64Array,
  { residuals, slopes }: Pick<StepScratch, "residuals" | "slopes">,
): number => {
  let squares = 0
  for (let b = 0; b < indices.length; b++) {
    const f = sweep(activation, z, b * m, m, slopes, b * m)
    const r = f - labels[indices[b]!]! - epsilon[b]!
    residuals[b] = r
    squares += r * r
  }
  return squares / (2 * indices.length)
}

/**
 * One step of gradient descent on the B data `indices` with noise `epsilon` on their labels. Changes `theta`, m x d, in place,
 * and leaves the noisy residuals in `scratch`. Returns half their mean square; if it is not finite, `theta` stays.
 */
export const takeStep = (
  network: TwoLayer,
  theta: Float64Array,
  indices: Uint32Array,
  epsilon: Float64Array,
  rate: number,
  scratch: StepScratch = scratchFor(network, indices.length),
): number => {
  const { dimension: d, features, neurons: m } = network
  const { kernels, residuals, rows, slopes } = scratch
  const batch = indices.length
  lookUp(network, theta, indices, scratch)
  const loss = findResiduals(network, indices, epsilon, scratch.z, scratch)
  if (!Number.isFinite(loss)) return loss
  for (let b = 0; b < batch; b++) {
    const scale = (rate / batch) * residuals[b]!
    for (let j = b * m; j < (b + 1) * m; j++) slopes[j]! *= scale
  }
  if (rows.length > 0) {
    kernels.gemm(true, false, m, d, batch, -1, slopes, rows, 1, theta)
    return loss
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
  return loss
}

const inParameters = (network: TwoLayer, start: Float64Array, batch: number): NoisyDescent => {
  const theta = Float64Array.from(start)
  const scratch = scratchFor(network, batch)
  return {
    form: "parameters",
    network,
    batch,
    position: { start, theta },
    computeParameters: () => theta,
    step: (indices, epsilon, rate) => takeStep(network, theta, indices, epsilon, rate, scratch),
  }
}

const isInOrder = (indices: Uint32Array): boolean => {
  for (let b = 0; b < indices.length; b++) if (indices[b] !== b) return false
  return true
}

/** Row length m rounded up to whole vectors. */
const pitchOf = (m: number): number => m + (m & 1)

/** Takes several steps in one call, in the pre-activations; see `NoisyDescent.twin`. */
const manySteps = (
  {
    batch,
    coefficients,
    cubicSlope,
    gram,
    labels,
    neurons: m,
    size: n,
    z,
  }: Pick<TwoLayer, "gram" | "labels" | "neurons" | "size"> & {
    readonly batch: number
    readonly cubicSlope: number
    readonly z: Float64Array
    readonly coefficients: Float64Array
  },
  indices: Uint32Array,
  epsilon: Float64Array,
  rate: number,
  { arena, load }: Kernels.Kernels,
): number => {
  const steps = indices.length / batch
  const pitch = pitchOf(m)
  // as `NoisyDescent.kernel.ts` has them one after the other
  const lengths = [2, n * pitch, n * pitch, batch * (pitch + 1), n * n, n, epsilon.length]
  const length = lengths.reduce((sum, each) => sum + each, 0)
  if (load === undefined || bytesOf(length, indices.length) + 128 > arena.largestFree) return 0
  return arena.scoped((space) => {
    const memory = space.f64(length)
    const chosen = space.i32(indices.length)
    let end = 0
    const [numbers, zs, cs, , products, targets, noise] = lengths.map((each) =>
      memory.subarray(end, (end += each)),
    )
    const copyRows = (rows: Float64Array, to: Float64Array) => {
      for (let i = 0; i < n; i++) to.set(rows.subarray(i * m, (i + 1) * m), i * pitch)
    }
    const copyBack = (from: Float64Array, rows: Float64Array) => {
      for (let i = 0; i < n; i++) rows.set(from.subarray(i * pitch, i * pitch + m), i * m)
    }
    numbers!.set([cubicSlope, rate])
    copyRows(z, zs!)
    copyRows(coefficients, cs!)
    products!.set(gram)
    targets!.set(labels)
    noise!.set(epsilon)
    chosen.set(indices)
    const { noisySteps } = load(loop)
    const taken = noisySteps(steps, batch, n, m, memory.byteOffset, chosen.byteOffset)
    copyBack(zs!, z)
    copyBack(cs!, coefficients)
    return taken
  })
}

/**
 * A step updates the pre-activations through the Gram matrix alone, without data or parameters: 2 n m operations per datum
 * instead of 4 m d. The coefficients, one per datum and neuron, give the parameters on request.
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

  /** Applies one datum with known slopes and scale. */
  const apply = (datum: number, from: number, scale: number): void => {
    let at = 0
    for (let k = 0; k < n; k++) {
      const factor = scale * gram[datum * n + k]!
      for (let j = 0; j < m; j++) z[at++]! -= factor * slopes[from + j]!
    }
    at = datum * m
    for (let j = 0; j < m; j++) coefficients[at++]! += scale * slopes[from + j]!
  }

  const stepOne = (datum: number, epsilon: number, rate: number): number => {
    const f = sweep(activation, z, datum * m, m, slopes, 0)
    const r = f - labels[datum]! - epsilon
    const loss = (r * r) / 2
    if (Number.isFinite(loss)) apply(datum, 0, rate * r)
    return loss
  }

  /** Applies all data in order: nothing is copied, and large products are compiled. */
  const stepAll = (indices: Uint32Array, epsilon: Float64Array, rate: number): number => {
    const loss = findResiduals(network, indices, epsilon, z, scratch)
    if (!Number.isFinite(loss)) return loss
    if (!isCompiled) {
      for (let i = 0; i < n; i++) apply(i, i * m, (rate / n) * residuals[i]!)
      return loss
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
    return loss
  }

  const stepBatch = (indices: Uint32Array, epsilon: Float64Array, rate: number): number => {
    if (batch === n && isInOrder(indices)) return stepAll(indices, epsilon, rate)
    for (let b = 0; b < batch; b++) {
      const from = indices[b]! * m
      for (let j = 0; j < m; j++) chosen[b * m + j] = z[from + j]!
    }
    const loss = findResiduals(network, indices, epsilon, chosen, scratch)
    if (!Number.isFinite(loss)) return loss
    for (let b = 0; b < batch; b++) apply(indices[b]!, b * m, (rate / batch) * residuals[b]!)
    return loss
  }

  const step: NoisyDescent["step"] =
    batch === 1 ? (indices, epsilon, rate) => stepOne(indices[0]!, epsilon[0]!, rate) : stepBatch
  const { cubicSlope } = activation
  const isByProducts = batch === n && isCompiled
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
    ...(cubicSlope !== undefined &&
      !isByProducts && {
        twin: (indices, epsilon, rate, given) =>
          manySteps(
            { ...network, batch, cubicSlope, z, coefficients },
            indices,
            epsilon,
            rate,
            given,
          ),
      }),
  }
}

/**
 * Makes a descent from `theta`, m x d, which is copied, on `batch` data a step, from 1 to n, with the kernels of the network.
 * Both forms follow the same path up to rounding; default the cheaper one, pre-activations for n < 2 d.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, noisyDescent, twoLayerThrough } from "@nonconvex/label-noise"
 *
 * const theta = Float64Array.of(1)
 * const data = { features: Float64Array.of(1), dimension: 1, neurons: 1 }
 * const network = twoLayerThrough(theta, { activation: Activation.cubic(0), ...data })
 * const descent = noisyDescent(network, theta, 1)
 * // the label 1 reads 2: a residual of -1
 * descent.step(Uint32Array.of(0), Float64Array.of(1), 0.1) // => 0.5
 * descent.computeParameters() // ≈ [1.300]
 * ```
 */
export const noisyDescent = (
  network: TwoLayer,
  theta: Float64Array,
  batch: number,
  form: Form = network.size < 2 * network.dimension ? "preactivations" : "parameters",
): NoisyDescent => {
  Require.typed("noisyDescent", "theta", theta)
  Require.count("noisyDescent", "batch", batch)
  const start = Float64Array.from(theta)
  return form === "parameters"
    ? inParameters(network, start, batch)
    : inPreactivations(network, start, batch)
}
