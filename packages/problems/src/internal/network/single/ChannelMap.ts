/** Maps applied to each channel separately: biases and normalisations. */
import type { FrozenNormalisation, Normalisation } from "../Nodes.ts"

/**
 * The map `y = a z + c` of each channel, and its derivatives. `sums` are those of `channelSums` over `rows` rows. The
 * coefficients are those of `combineChannels`: a, b, c of all channels, one after another.
 */
export interface ChannelMap {
  /** Reads its parameters. */
  load(x: Float64Array): void
  /** True if `forward` by a batch reads the sums of z and of its squares. */
  readonly readsBatch: boolean
  /** Writes a and c. */
  forward(byBatch: boolean, rows: number, sums: Float64Array, coefficients: Float32Array): void
  /** True if the adjoint of z, or that of a parameter, depends on z. `sums` are those of the adjoint g of y and of g z. */
  readonly readsInput: boolean
  /** Writes the coefficients of the adjoint of z, `a g + b z + c`, and adds the gradient of the parameters. */
  backward(
    rows: number,
    sums: Float64Array,
    coefficients: Float32Array,
    gradient: Float64Array,
  ): void
}

/** The biases from `begin` on. */
export const biases = (begin: number, channels: number): ChannelMap => {
  const values = new Float64Array(channels)
  return {
    readsBatch: false,
    readsInput: false,
    load: (x) => {
      for (let c = 0; c < channels; c++) values[c] = x[begin + c]!
    },
    forward: (_byBatch, _rows, _sums, coefficients) => {
      for (let c = 0; c < channels; c++) {
        coefficients[c] = 1
        coefficients[2 * channels + c] = values[c]!
      }
    },
    backward: (_rows, sums, coefficients, gradient) => {
      for (let c = 0; c < channels; c++) {
        gradient[begin + c]! += sums[c]!
        coefficients[c] = 1
        coefficients[channels + c] = 0
        coefficients[2 * channels + c] = 0
      }
    },
  }
}

/**
 * Batch normalisation by the statistics of the batch, which it writes (with one row less in the variance), or by stored
 * ones.
 *
 * With `n = s (z - mean)`, `s = 1 / sqrt(variance + epsilon)`, and the means over the rows of the adjoint g of y and of `g n`: the adjoint of z is
 * `scale s (g - mean g - n mean(g n))`.
 */
export const normalisation = (
  { channels, epsilon, means, scales }: Normalisation,
  statistics: Float64Array,
): ChannelMap => {
  const scale = new Float64Array(channels)
  const shift = new Float64Array(channels)
  const mean = new Float64Array(channels)
  const inverse = new Float64Array(channels)
  return {
    readsBatch: true,
    readsInput: true,
    load: (x) => {
      for (let c = 0; c < channels; c++) {
        scale[c] = x[scales + c]!
        shift[c] = x[scales + channels + c]!
      }
    },
    forward: (byBatch, rows, sums, coefficients) => {
      for (let c = 0; c < channels; c++) {
        const variances = means + channels + c
        if (byBatch) {
          mean[c] = sums[c]! / rows
          const variance = Math.max(0, sums[channels + c]! / rows - mean[c]! * mean[c]!)
          inverse[c] = 1 / Math.sqrt(variance + epsilon)
          statistics[means + c] = mean[c]!
          statistics[variances] = (variance * rows) / (rows - 1)
        } else {
          mean[c] = statistics[means + c]!
          inverse[c] = 1 / Math.sqrt(statistics[variances]! + epsilon)
        }
        const factor = scale[c]! * inverse[c]!
        coefficients[c] = factor
        coefficients[2 * channels + c] = shift[c]! - mean[c]! * factor
      }
    },
    backward: (rows, sums, coefficients, gradient) => {
      for (let c = 0; c < channels; c++) {
        const sum = sums[c]!
        const along = inverse[c]! * (sums[channels + c]! - mean[c]! * sum)
        gradient[scales + c]! += along
        gradient[scales + channels + c]! += sum
        const factor = scale[c]! * inverse[c]!
        const lean = (factor * inverse[c]! * along) / rows
        coefficients[c] = factor
        coefficients[channels + c] = -lean
        coefficients[2 * channels + c] = lean * mean[c]! - (factor * sum) / rows
      }
    },
  }
}

/** A normalisation with fixed statistics: `n = factor z + offset`, then scale and shift where these are parameters. */
export const frozen = ({ factors, offsets, scales, shifts }: FrozenNormalisation): ChannelMap => {
  const channels = factors.length
  const scale = new Float64Array(channels).fill(1)
  const shift = new Float64Array(channels)
  return {
    readsBatch: false,
    readsInput: true,
    load: (x) => {
      for (let c = 0; c < channels; c++) {
        if (scales !== undefined) scale[c] = x[scales + c]!
        if (shifts !== undefined) shift[c] = x[shifts + c]!
      }
    },
    forward: (_byBatch, _rows, _sums, coefficients) => {
      for (let c = 0; c < channels; c++) {
        coefficients[c] = scale[c]! * factors[c]!
        coefficients[2 * channels + c] = scale[c]! * offsets[c]! + shift[c]!
      }
    },
    backward: (_rows, sums, coefficients, gradient) => {
      for (let c = 0; c < channels; c++) {
        const sum = sums[c]!
        if (scales !== undefined)
          gradient[scales + c]! += factors[c]! * sums[channels + c]! + offsets[c]! * sum
        if (shifts !== undefined) gradient[shifts + c]! += sum
        coefficients[c] = scale[c]! * factors[c]!
        coefficients[channels + c] = 0
        coefficients[2 * channels + c] = 0
      }
    },
  }
}
