import type * as Kernels from "@nonconvex/numerics/Kernels"
import { type Architecture, biases, weights as weightsOf } from "../../network/Architecture.ts"
import { fillRows } from "./Dense.ts"
import { type OutputCurvature, sigmoid } from "./OutputFactors.ts"
import type { Layer, Node } from "./Nodes.ts"

/**
 * Hessian of the loss in the outputs as a sum of squares, `u' H_f u = sum_m weight_m (difference_m of u)^2`, without
 * cancellation.
 */
interface Squares {
  readonly count: number
  /** `(difference_m of e_c)^2`, summed over the outputs c. */
  readonly unit: number
  /** Writes the weights of each row of outputs. */
  readonly weigh: (outputs: Float64Array, weights: Float64Array) => void
  /** Writes the squared differences of each column of a `classes` x `width` matrix. */
  readonly square: (matrix: Float64Array, width: number, out: Float64Array) => void
}

/** Each output separately. */
const byOutput = (classes: number, weigh: Squares["weigh"]): Squares => ({
  count: classes,
  unit: 1,
  weigh,
  square: (matrix, _width, out) => {
    for (let i = 0; i < out.length; i++) out[i] = matrix[i]! * matrix[i]!
  },
})

/** A variance as the mean of squared differences of pairs: `u' (diag p - p p') u = sum_(a < b) p_a p_b (u_a - u_b)^2`. */
const byPair = (
  { softmaxCrossEntropy }: Kernels.Kernels,
  classes: number,
  rows: number,
): Squares => {
  const probabilities = new Float64Array(rows * classes)
  // the loss that it returns is of no interest
  const labels = new Int32Array(rows)
  return {
    count: (classes * (classes - 1)) / 2,
    unit: 2,
    weigh: (outputs, weights) => {
      const p = probabilities.subarray(0, outputs.length)
      const now = outputs.length / classes
      softmaxCrossEntropy(now, classes, outputs, labels.subarray(0, now), p)
      for (let at = 0, m = 0; at < p.length; at += classes) {
        for (let a = at; a < at + classes; a++) {
          for (let b = a + 1; b < at + classes; b++) weights[m++] = p[a]! * p[b]!
        }
      }
    },
    square: (matrix, width, out) => {
      for (let a = 0, to = 0; a < classes; a++) {
        for (let b = a + 1; b < classes; b++) {
          for (let j = 0; j < width; j++) {
            const difference = matrix[a * width + j]! - matrix[b * width + j]!
            out[to++] = difference * difference
          }
        }
      }
    },
  }
}

const squaresOf = (
  kernels: Kernels.Kernels,
  loss: OutputCurvature,
  classes: number,
  rows: number,
): Squares => {
  if (loss === "cross entropy") return byPair(kernels, classes, rows)
  return byOutput(classes, (outputs, weights) => {
    if (loss === "squared") weights.fill(1)
    else
      for (let i = 0; i < weights.length; i++)
        weights[i] = sigmoid(outputs[i]!) * sigmoid(-outputs[i]!)
  })
}

/** Number of classes above which their pairs cost more than the sweeps that they replace. */
const mostClasses = 32

interface Shallow {
  readonly first: Layer
  readonly last: Layer
  readonly activation: "relu" | "identity"
}

/** The two layers of a network that has no others, of ReLU or linear between them. */
const shallow = (nodes: ReadonlyArray<Node>): Shallow | undefined => {
  const [first, between, last, more] = nodes
  if (first?._tag !== "Affine" || between?._tag !== "Activation" || last?._tag !== "Affine")
    return undefined
  const { activation } = between
  const isDense = [first, last].every(
    ({ positions, window }) => positions === 1 && window === undefined,
  )
  if (more !== undefined || !isDense) return undefined
  if (activation !== "relu" && activation !== "identity") return undefined
  return { first: first.layer, last: last.layer, activation }
}

const rowsAtOnce = 256

/**
 * Trace of a two-layer network without a backward sweep. Let `u_j` be the weights of hidden unit j in the second layer and
 * `d_j` the slope at it. The gradients of sample i in the first layer have the squared norms `(|x|^2 + 1) sum_j d_j^2 u_j'
 * H_f u_j`, and all `u_j' H_f u_j` are one product of matrices (derived here). Undefined for other networks, and if it would
 * be slower.
 *
 * Its order of summation differs from that of the sweeps; reproducible kernels keep to the latter.
 */
export const shallowTraceIn = (
  kernels: Kernels.Kernels,
  { inputs, nodes, outputs }: Architecture,
  features: Float64Array,
  loss: OutputCurvature,
): ((x: Float64Array) => { readonly trace: number; readonly layers: Float64Array }) | undefined => {
  const found = shallow(nodes)
  if (found === undefined || outputs > mostClasses) return undefined
  if (kernels.isReproducible) return undefined
  const { activation, first, last } = found
  const { activate, gemm } = kernels
  const size = features.length / inputs
  const width = first.outputs
  const most = Math.min(rowsAtOnce, size)
  const squares = squaresOf(kernels, loss, outputs, most)
  const hidden = new Float64Array(most * width)
  const slopes = new Float64Array(most * width)
  const curved = new Float64Array(most * width)
  const [ends, weights] = [new Float64Array(most * outputs), new Float64Array(most * squares.count)]
  const squared = new Float64Array(squares.count * width)
  /** |x|^2 of each sample, and 1 for the biases. */
  const sizes = new Float64Array(size).fill(first.bias === undefined ? 0 : 1)
  for (let i = 0; i < features.length; i++) {
    sizes[Math.floor(i / inputs)]! += features[i]! * features[i]!
  }
  /** The affine map of a layer, row by row. */
  const apply = (layer: Layer, x: Float64Array, from: Float64Array, to: Float64Array): void => {
    const [matrix, bias] = [weightsOf(layer, x), biases(layer, x)]
    const rows = to.length / layer.outputs
    const keep = bias.length > 0 ? 1 : 0
    if (keep === 1) fillRows(bias, to)
    gemm(false, true, rows, layer.outputs, layer.inputs, 1, from, matrix, keep, to)
  }
  return (x) => {
    squares.square(weightsOf(last, x), width, squared)
    let [inFirst, inLast] = [0, 0]
    for (let start = 0; start < size; start += most) {
      const rows = Math.min(most, size - start)
      const data = features.subarray(start * inputs, (start + rows) * inputs)
      const a = hidden.subarray(0, rows * width)
      const d = slopes.subarray(0, rows * width)
      const c = curved.subarray(0, rows * width)
      const end = ends.subarray(0, rows * outputs)
      const weight = weights.subarray(0, rows * squares.count)
      apply(first, x, data, a)
      activate(activation, a, a, d)
      apply(last, x, a, end)
      squares.weigh(end, weight)
      gemm(false, false, rows, width, squares.count, 1, weight, squared, 0, c)
      for (let i = 0; i < rows; i++) {
        let curvature = 0
        let length = last.bias === undefined ? 0 : 1
        for (let j = i * width; j < (i + 1) * width; j++) {
          // a slope is 0 or 1
          curvature += d[j]! * c[j]!
          length += a[j]! * a[j]!
        }
        let whole = 0
        for (let m = i * squares.count; m < (i + 1) * squares.count; m++) whole += weight[m]!
        inFirst += sizes[start + i]! * curvature
        inLast += length * squares.unit * whole
      }
    }
    const layers = Float64Array.of(inFirst / size, inLast / size)
    return { trace: layers[0]! + layers[1]!, layers }
  }
}
