import { scaling } from "./PerSample.ts"
import type { LayerNormalisation, Normalisation } from "./Nodes.ts"
import { slice, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

/** The mean of each column of `rows`, which has as many columns as `out`. */
const meanOf = (rows: Float64Array, out: Float64Array): void => {
  const channels = out.length
  out.fill(0)
  for (let at = 0; at < rows.length; at += channels) {
    for (let c = 0; c < channels; c++) out[c]! += rows[at + c]!
  }
  for (let c = 0; c < channels; c++) out[c]! *= channels / rows.length
}

/** The same of the products `a b`, element by element. */
const meanOfProducts = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
  const channels = out.length
  out.fill(0)
  for (let at = 0; at < a.length; at += channels) {
    for (let c = 0; c < channels; c++) out[c]! += a[at + c]! * b[at + c]!
  }
  for (let c = 0; c < channels; c++) out[c]! *= channels / a.length
}

/**
 * The stage `y = scale n + shift` with `n = (z - mean) / sqrt(variance + epsilon)`, rows being the pixels of all samples.
 *
 * With batch statistics, they are computed from the rows and written. The variance divides by one row less, which makes it
 * unbiased. Otherwise they are read from `statistics`, and only the forward pass is available.
 *
 * With `s = 1 / sqrt(variance + epsilon)` and a tangent `z'`: `n' = s (z' - mean z' - n mean(n (z' - mean z')))`. The
 * adjoint uses the same map, which is symmetric, and its tangent is the derivative of that map (derived here).
 */
export const batchNormalisation = (
  { channels, epsilon, means, scales }: Normalisation,
  { parameters, statistics }: { readonly parameters: Signal; readonly statistics: Float64Array },
  byBatch: boolean,
  input: Signal,
  output: Signal,
): Stage => {
  const count = input.value.length
  const rows = count / channels
  const scale = slice(parameters, scales, scales + channels)
  const shift = slice(parameters, scales + channels, scales + 2 * channels)
  const mean = statistics.subarray(means, means + channels)
  const variance = statistics.subarray(means + channels, means + 2 * channels)
  const inverse = new Float64Array(channels)
  const normal = new Float64Array(byBatch ? count : 0)
  const normalTangent = new Float64Array(byBatch ? count : 0)
  /** Mean of the tangents, and mean of their products with n. */
  const drift = new Float64Array(channels)
  const lean = new Float64Array(channels)
  /** Sums of the output's adjoints, and of their tangents, likewise. */
  const sum = new Float64Array(channels)
  const along = new Float64Array(channels)
  const sumTangent = new Float64Array(channels)
  const alongTangent = new Float64Array(channels)
  const moved = new Float64Array(channels)

  const byStatistics = (): void => {
    for (let c = 0; c < channels; c++) inverse[c] = 1 / Math.sqrt(variance[c]! + epsilon)
    for (let at = 0; at < count; at += channels) {
      for (let c = 0; c < channels; c++) {
        const n = (input.value[at + c]! - mean[c]!) * inverse[c]!
        output.value[at + c] = scale.value[c]! * n + shift.value[c]!
      }
    }
  }
  const byRows = (): void => {
    const { value } = input
    meanOf(value, mean)
    for (let at = 0; at < count; at += channels) {
      for (let c = 0; c < channels; c++) normal[at + c] = value[at + c]! - mean[c]!
    }
    meanOfProducts(normal, normal, variance)
    for (let c = 0; c < channels; c++) {
      inverse[c] = 1 / Math.sqrt(variance[c]! + epsilon)
      variance[c]! *= rows / (rows - 1)
    }
    for (let at = 0; at < count; at += channels) {
      for (let c = 0; c < channels; c++) {
        normal[at + c]! *= inverse[c]!
        output.value[at + c] = scale.value[c]! * normal[at + c]! + shift.value[c]!
      }
    }
  }
  const measure = (): void => {
    meanOf(output.adjoint, sum)
    meanOfProducts(output.adjoint, normal, along)
  }
  return {
    forward: byBatch ? byRows : byStatistics,
    forwardTangent: () => {
      const { tangent } = input
      meanOf(tangent, drift)
      meanOfProducts(tangent, normal, lean)
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          const i = at + c
          normalTangent[i] = inverse[c]! * (tangent[i]! - drift[c]! - normal[i]! * lean[c]!)
          output.tangent[i] =
            scale.tangent[c]! * normal[i]! + scale.value[c]! * normalTangent[i] + shift.tangent[c]!
        }
      }
    },
    backward: () => {
      const { adjoint } = output
      measure()
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          const i = at + c
          input.adjoint[i] =
            scale.value[c]! * inverse[c]! * (adjoint[i]! - sum[c]! - normal[i]! * along[c]!)
        }
      }
    },
    backwardTangent: () => {
      const { adjoint, adjointTangent } = output
      measure()
      meanOf(adjointTangent, sumTangent)
      meanOfProducts(adjointTangent, normal, alongTangent)
      meanOfProducts(adjoint, normalTangent, moved)
      for (let c = 0; c < channels; c++) {
        alongTangent[c]! += moved[c]!
        scale.adjointTangent[c]! += rows * alongTangent[c]!
        shift.adjointTangent[c]! += rows * sumTangent[c]!
      }
      for (let at = 0; at < count; at += channels) {
        for (let c = 0; c < channels; c++) {
          const i = at + c
          const factor = scale.value[c]! * inverse[c]!
          const factorTangent = (scale.tangent[c]! - factor * lean[c]!) * inverse[c]!
          const back = adjoint[i]! - sum[c]! - normal[i]! * along[c]!
          const backTangent =
            adjointTangent[i]! -
            sumTangent[c]! -
            normalTangent[i]! * along[c]! -
            normal[i]! * alongTangent[c]!
          input.adjointTangent[i] = factorTangent * back + factor * backTangent
        }
      }
    },
    accumulate: () => {
      measure()
      for (let c = 0; c < channels; c++) {
        scale.adjoint[c]! += rows * along[c]!
        shift.adjoint[c]! += rows * sum[c]!
      }
    },
  }
}

/**
 * The stage `y = scale n + shift` with `n = (z - mean) / sqrt(variance + epsilon)` over the channels of each pixel.
 *
 * With `s = 1 / sqrt(variance + epsilon)`, the derivative of n is the symmetric map `z' -> s (z' - mean z' - n mean(n z'))`;
 * the adjoint uses the same map, and its tangent is the derivative of that map, with `s' = -s^2 mean(n z')` (derived here).
 */
export const layerNormalisation = (
  {
    normalisation: { channels, epsilon, scales, shifts },
    width,
  }: { readonly normalisation: LayerNormalisation; readonly width: number },
  parameters: Signal,
  input: Signal,
  output: Signal,
): Stage => {
  const count = input.value.length
  /** 1 / sqrt(variance + epsilon) and the mean of each pixel. */
  const inverse = new Float64Array(count / channels)
  const centre = new Float64Array(count / channels)
  const normal = (i: number, pixel: number): number =>
    (input.value[i]! - centre[pixel]!) * inverse[pixel]!
  const { gradient, scale, shift } = scaling(
    { channels, scales, shifts },
    parameters,
    output,
    width,
    (i, c) => normal(i, (i - c) / channels),
  )
  const scaleOf = (c: number): number => scale?.value[c] ?? 1
  const scaleTangentOf = (c: number): number => scale?.tangent[c] ?? 0
  /** Means of the tangents and of their products with n. */
  const drift = new Float64Array(count / channels)
  const lean = new Float64Array(count / channels)
  const normalTangent = (i: number, pixel: number): number =>
    inverse[pixel]! * (input.tangent[i]! - drift[pixel]! - normal(i, pixel) * lean[pixel]!)

  const forward = (): void => {
    for (let at = 0, pixel = 0; at < count; at += channels, pixel++) {
      let mean = 0
      for (let c = 0; c < channels; c++) mean += input.value[at + c]!
      mean /= channels
      let squares = 0
      for (let c = 0; c < channels; c++) {
        const distance = input.value[at + c]! - mean
        squares += distance * distance
      }
      centre[pixel] = mean
      inverse[pixel] = 1 / Math.sqrt(squares / channels + epsilon)
      for (let c = 0; c < channels; c++) {
        output.value[at + c] = scaleOf(c) * normal(at + c, pixel) + (shift?.value[c] ?? 0)
      }
    }
  }
  const forwardTangent = (): void => {
    for (let at = 0, pixel = 0; at < count; at += channels, pixel++) {
      let [sum, along] = [0, 0]
      for (let c = 0; c < channels; c++) {
        sum += input.tangent[at + c]!
        along += input.tangent[at + c]! * normal(at + c, pixel)
      }
      drift[pixel] = sum / channels
      lean[pixel] = along / channels
      for (let c = 0; c < channels; c++) {
        const i = at + c
        output.tangent[i] =
          scaleTangentOf(c) * normal(i, pixel) +
          scaleOf(c) * normalTangent(i, pixel) +
          (shift?.tangent[c] ?? 0)
      }
    }
  }
  const backward = (): void => {
    for (let at = 0, pixel = 0; at < count; at += channels, pixel++) {
      let [sum, along] = [0, 0]
      for (let c = 0; c < channels; c++) {
        const pulled = scaleOf(c) * output.adjoint[at + c]!
        sum += pulled
        along += pulled * normal(at + c, pixel)
      }
      for (let c = 0; c < channels; c++) {
        const i = at + c
        const pulled = scaleOf(c) * output.adjoint[i]!
        input.adjoint[i] =
          inverse[pixel]! * (pulled - sum / channels - (normal(i, pixel) * along) / channels)
      }
    }
  }
  const backwardTangent = (): void => {
    for (let at = 0, pixel = 0; at < count; at += channels, pixel++) {
      let [sum, along, sumTangent, alongTangent] = [0, 0, 0, 0]
      for (let c = 0; c < channels; c++) {
        const i = at + c
        const [n, turned] = [normal(i, pixel), normalTangent(i, pixel)]
        const [adjoint, moved] = [output.adjoint[i]!, output.adjointTangent[i]!]
        const pulled = scaleOf(c) * adjoint
        const pulledTangent = scaleTangentOf(c) * adjoint + scaleOf(c) * moved
        sum += pulled
        along += pulled * n
        sumTangent += pulledTangent
        alongTangent += pulledTangent * n + pulled * turned
        if (scale !== undefined) scale.adjointTangent[c]! += moved * n + adjoint * turned
        if (shift !== undefined) shift.adjointTangent[c]! += moved
      }
      const [s, slope] = [inverse[pixel]!, -inverse[pixel]! * lean[pixel]!]
      for (let c = 0; c < channels; c++) {
        const i = at + c
        const [n, turned] = [normal(i, pixel), normalTangent(i, pixel)]
        const [adjoint, moved] = [output.adjoint[i]!, output.adjointTangent[i]!]
        const back = scaleOf(c) * adjoint - (sum + n * along) / channels
        const backTangent =
          scaleTangentOf(c) * adjoint +
          scaleOf(c) * moved -
          (sumTangent + turned * along + n * alongTangent) / channels
        input.adjointTangent[i] = s * (slope * back + backTangent)
      }
    }
  }
  return { forward, forwardTangent, backward, backwardTangent, ...gradient }
}
