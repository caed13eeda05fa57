/** Convolutions and rows of channels in float32: the twins of `assembly/images.ts` and `assembly/channels.ts`, in the same order; every operation is rounded to float32. */
const fround = Math.fround

/** Rows or columns: the pixel at tap r of window i is `i * stride + r - before`. */
interface Axis {
  readonly image: number
  readonly filter: number
  readonly out: number
  readonly stride: number
  readonly before: number
}

const axis = (shape: Uint32Array, along: 0 | 1): Axis => ({
  image: shape[1 + along]!,
  filter: shape[4 + along]!,
  out: shape[7 + along]!,
  stride: shape[9 + along]!,
  before: shape[11 + along]!,
})

interface Place {
  readonly rows: Axis
  readonly columns: Axis
  readonly batch: number
  readonly channels: number
  readonly outputs: number
}

const placeOf = (shape: Uint32Array): Place => ({
  rows: axis(shape, 0),
  columns: axis(shape, 1),
  batch: shape[0]!,
  channels: shape[3]!,
  outputs: shape[6]!,
})

/** First number of the pixel under a tap of a window; -1 in the padding. */
const pixelAt = (
  { channels, columns, rows }: Place,
  image: number,
  i: number,
  j: number,
  tap: number,
): number => {
  const y = i * rows.stride + Math.floor(tap / columns.filter) - rows.before
  const x = j * columns.stride + (tap % columns.filter) - columns.before
  if (y < 0 || y >= rows.image || x < 0 || x >= columns.image) return -1
  return ((image * rows.image + y) * columns.image + x) * channels
}

export const convolve = (
  shape: Uint32Array,
  images: Float32Array,
  filter: Float32Array,
  out: Float32Array,
): void => {
  const place = placeOf(shape)
  const { batch, channels, columns, outputs, rows } = place
  const taps = rows.filter * columns.filter
  for (let b = 0, to = 0; b < batch; b++) {
    for (let i = 0; i < rows.out; i++) {
      for (let j = 0; j < columns.out; j++, to += outputs) {
        for (let o = 0; o < outputs; o++) {
          let sum = 0
          for (let tap = 0; tap < taps; tap++) {
            const at = pixelAt(place, b, i, j, tap)
            if (at < 0) continue
            for (let c = 0; c < channels; c++) {
              sum = fround(
                sum + fround(images[at + c]! * filter[(tap * channels + c) * outputs + o]!),
              )
            }
          }
          out[to + o] = sum
        }
      }
    }
  }
}

export const filterGradient = (
  shape: Uint32Array,
  images: Float32Array,
  dy: Float32Array,
  out: Float32Array,
): void => {
  const place = placeOf(shape)
  const { batch, channels, columns, outputs, rows } = place
  const taps = rows.filter * columns.filter
  out.fill(0)
  for (let b = 0; b < batch; b++) {
    for (let tap = 0; tap < taps; tap++) {
      for (let c = 0; c < channels; c++) {
        for (let o = 0; o < outputs; o++) {
          let sum = 0
          for (let i = 0; i < rows.out; i++) {
            for (let j = 0; j < columns.out; j++) {
              const at = pixelAt(place, b, i, j, tap)
              if (at < 0) continue
              const from = ((b * rows.out + i) * columns.out + j) * outputs + o
              sum = fround(sum + fround(images[at + c]! * dy[from]!))
            }
          }
          out[(tap * channels + c) * outputs + o]! += sum
        }
      }
    }
  }
}

export const imageGradient = (
  shape: Uint32Array,
  dy: Float32Array,
  filter: Float32Array,
  out: Float32Array,
): void => {
  const place = placeOf(shape)
  const { batch, channels, columns, outputs, rows } = place
  const taps = rows.filter * columns.filter
  out.fill(0)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < rows.out; i++) {
      for (let tap = 0; tap < taps; tap++) {
        for (let j = 0; j < columns.out; j++) {
          const at = pixelAt(place, b, i, j, tap)
          if (at < 0) continue
          const from = ((b * rows.out + i) * columns.out + j) * outputs
          for (let c = 0; c < channels; c++) {
            let sum = out[at + c]!
            for (let o = 0; o < outputs; o++) {
              const weight = filter[(tap * channels + c) * outputs + o]!
              sum = fround(sum + fround(dy[from + o]! * weight))
            }
            out[at + c] = sum
          }
        }
      }
    }
  }
}

export const channelSums = (
  x: Float32Array,
  y: Float32Array,
  gate: Float32Array | undefined,
  sums: Float64Array,
): void => {
  const channels = sums.length / 2
  sums.fill(0)
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const value = gate === undefined || gate[at + c]! > 0 ? x[at + c]! : 0
      sums[c]! += value
      sums[channels + c]! += value * y[at + c]!
    }
  }
}

export const combineChannels = (
  coefficients: Float32Array,
  x: Float32Array,
  y: Float32Array | undefined,
  gate: Float32Array | undefined,
  positive: boolean,
  out: Float32Array,
): void => {
  const channels = coefficients.length / 3
  for (let at = 0; at < out.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const value = gate === undefined || gate[at + c]! > 0 ? x[at + c]! : 0
      let sum = coefficients[2 * channels + c]!
      if (y !== undefined) sum = fround(sum + fround(coefficients[channels + c]! * y[at + c]!))
      sum = fround(sum + fround(coefficients[c]! * value))
      out[at + c] = positive && sum <= 0 ? 0 : sum
    }
  }
}
