/** Convolutions of images in float32 with channels last, and sums and combinations of their channels. */
import { invalid } from "../InvalidInput.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Twin from "./reference/Images.ts"

/**
 * `shape` lists the batch, then height, width and channels of the image, height and width of the filter, and the number of
 * outputs. Height and width of the output follow, then the strides from row to row and from column to column. Last come the rows
 * and columns of zeros before the image. As many zeros as the windows need come after it. All are row-major. Images are batch x
 * height x width x channels. Filters are filter height x filter width x channels x outputs. Outputs are batch x output height x
 * output width x outputs.
 */
export interface ImageKernels {
  /** out = the sums of products of the filter with every window (a cross-correlation). Throws InvalidInput on wrong shapes and lengths, and where out overlaps an input. */
  readonly convolve: (
    shape: Uint32Array,
    images: Float32Array,
    filter: Float32Array,
    out: Float32Array,
  ) => void
  /** Writes the gradient with respect to the filter, from that of the outputs. Throws as `convolve`. */
  readonly filterGradient: (
    shape: Uint32Array,
    images: Float32Array,
    dy: Float32Array,
    out: Float32Array,
  ) => void
  /** Writes the gradient with respect to the images, from that of the outputs. Throws as `convolve`. */
  readonly imageGradient: (
    shape: Uint32Array,
    dy: Float32Array,
    filter: Float32Array,
    out: Float32Array,
  ) => void
  /**
   * For rows of `sums.length / 2` channels, writes the sum of x for each channel, then the sums of the products x y, in float64.
   * If there is a gate, x counts as 0 where the gate is not positive. Throws InvalidInput on wrong lengths, and where the sums
   * overlap an input.
   */
  readonly channelSums: (
    x: Float32Array,
    y: Float32Array,
    gate: Float32Array | undefined,
    sums: Float64Array,
  ) => void
  /**
   * out = a x + b y + c. The coefficients hold a, b and c for each channel, one after the other. If there is a gate, x
   * counts as 0 where the gate is not positive. A missing y counts as 0. With `positive`, numbers that are not positive
   * become 0, except NaN. `out` may be one of the inputs. Throws as `channelSums`.
   */
  readonly combineChannels: (
    coefficients: Float32Array,
    x: Float32Array,
    y: Float32Array | undefined,
    gate: Float32Array | undefined,
    positive: boolean,
    out: Float32Array,
  ) => void
}

export const imageKernels = (engine: Engine): ImageKernels => ({
  convolve: convolve(engine),
  filterGradient: filterGradient(engine),
  imageGradient: imageGradient(engine),
  channelSums: channelSums(engine),
  combineChannels: combineChannels(engine),
})

const image = (s: Uint32Array): number => s[0]! * s[1]! * s[2]! * s[3]!
const weights = (s: Uint32Array): number => s[4]! * s[5]! * s[3]! * s[6]!
const outputs = (s: Uint32Array): number => s[0]! * s[7]! * s[8]! * s[6]!

/** Rows or columns of an image with the zeros that its windows have. */
const padded = (s: Uint32Array, along: number): number =>
  Math.max(s[1 + along]! + s[11 + along]!, (s[7 + along]! - 1) * s[9 + along]! + s[4 + along]!)

/** Bytes of an image with its zeros. */
const plane = (s: Uint32Array): number => 4 * padded(s, 0) * padded(s, 1) * s[3]!

const requireShape = (operation: string, s: Uint32Array): void => {
  Check.length(operation, "shape", s, 13)
  for (let k = 0; k < 11; k++) {
    const value = s[k]!
    if (value === 0)
      invalid(operation, "sizes and strides must be positive", { [`shape[${k}]`]: value })
  }
  for (let along = 0; along < 2; along++) {
    const before = s[11 + along]!
    const reaches = (s[7 + along]! - 1) * s[9 + along]! < s[1 + along]! + before
    if (before >= s[4 + along]! || !reaches) {
      invalid(operation, "every window must overlap the image or its zero padding", {
        image: s[1 + along]!,
        filter: s[4 + along]!,
        outputs: s[7 + along]!,
        stride: s[9 + along]!,
        before,
      })
    }
  }
}

const convolve =
  ({ exports: wasm, staging }: Engine): ImageKernels["convolve"] =>
  (shape, images, filter, out) => {
    requireShape("Kernels.convolve", shape)
    Check.length("Kernels.convolve", "images", images, image(shape))
    Check.length("Kernels.convolve", "filter", filter, weights(shape))
    Check.length("Kernels.convolve", "out", out, outputs(shape))
    Check.apart("Kernels.convolve", "out and images", out, images)
    Check.apart("Kernels.convolve", "out and filter", out, filter)
    if (wasm === undefined) return Twin.convolve(shape, images, filter, out)
    try {
      const [ps, px] = [staging.integers(shape), staging.input(images)]
      const pw = staging.input(filter)
      const py = staging.output(out, false)
      wasm.convolve(ps, px, pw, py, staging.temporary(plane(shape)))
      staging.back(out, py)
    } finally {
      staging.end()
    }
  }

const filterGradient =
  ({ exports: wasm, staging }: Engine): ImageKernels["filterGradient"] =>
  (shape, images, dy, out) => {
    requireShape("Kernels.filterGradient", shape)
    Check.length("Kernels.filterGradient", "images", images, image(shape))
    Check.length("Kernels.filterGradient", "dy", dy, outputs(shape))
    Check.length("Kernels.filterGradient", "out", out, weights(shape))
    Check.apart("Kernels.filterGradient", "out and images", out, images)
    Check.apart("Kernels.filterGradient", "out and dy", out, dy)
    if (wasm === undefined) return Twin.filterGradient(shape, images, dy, out)
    try {
      const [ps, px] = [staging.integers(shape), staging.input(images)]
      const pd = staging.input(dy)
      const pw = staging.output(out, false)
      wasm.filterGradient(ps, px, pd, pw, staging.temporary(plane(shape)))
      staging.back(out, pw)
    } finally {
      staging.end()
    }
  }

const imageGradient =
  ({ exports: wasm, staging }: Engine): ImageKernels["imageGradient"] =>
  (shape, dy, filter, out) => {
    requireShape("Kernels.imageGradient", shape)
    Check.length("Kernels.imageGradient", "dy", dy, outputs(shape))
    Check.length("Kernels.imageGradient", "filter", filter, weights(shape))
    Check.length("Kernels.imageGradient", "out", out, image(shape))
    Check.apart("Kernels.imageGradient", "out and dy", out, dy)
    Check.apart("Kernels.imageGradient", "out and filter", out, filter)
    if (wasm === undefined) return Twin.imageGradient(shape, dy, filter, out)
    try {
      const [ps, pd] = [staging.integers(shape), staging.input(dy)]
      const pw = staging.input(filter)
      const px = staging.output(out, false)
      const work = staging.temporary(plane(shape) + 4 * weights(shape))
      wasm.imageGradient(ps, pd, pw, px, work)
      staging.back(out, px)
    } finally {
      staging.end()
    }
  }

/** Requires whole rows of channels. */
const requireRows = (operation: string, x: Float32Array, channels: number): void => {
  if (Number.isInteger(channels) && channels > 0 && x.length % channels === 0) return
  invalid(operation, "the numbers must be whole rows of channels", { numbers: x.length, channels })
}

const channelSums =
  ({ exports: wasm, staging }: Engine): ImageKernels["channelSums"] =>
  (x, y, gate, sums) => {
    const operation = "Kernels.channelSums"
    const channels = sums.length / 2
    requireRows(operation, x, channels)
    Check.length(operation, "y", y, x.length)
    if (gate !== undefined) Check.length(operation, "gate", gate, x.length)
    Check.apart(operation, "sums and x", sums, x)
    Check.apart(operation, "sums and y", sums, y)
    if (gate !== undefined) Check.apart(operation, "sums and gate", sums, gate)
    if (wasm === undefined) return Twin.channelSums(x, y, gate, sums)
    try {
      const px = staging.input(x)
      const py = y === x ? px : staging.input(y)
      const pg = gate === undefined ? 0 : staging.input(gate)
      const ps = staging.output(sums, false)
      wasm.channelSums(x.length / channels, channels, px, py, pg, ps)
      staging.back(sums, ps)
    } finally {
      staging.end()
    }
  }

const combineChannels =
  ({ exports: wasm, staging }: Engine): ImageKernels["combineChannels"] =>
  (coefficients, x, y, gate, positive, out) => {
    const operation = "Kernels.combineChannels"
    const channels = coefficients.length / 3
    requireRows(operation, out, channels)
    Check.length(operation, "x", x, out.length)
    Check.elementwise(operation, "out and x", out, x)
    Check.apart(operation, "out and coefficients", out, coefficients)
    if (y !== undefined) {
      Check.length(operation, "y", y, out.length)
      Check.elementwise(operation, "out and y", out, y)
    }
    if (gate !== undefined) {
      Check.length(operation, "gate", gate, out.length)
      Check.elementwise(operation, "out and gate", out, gate)
    }
    if (wasm === undefined) return Twin.combineChannels(coefficients, x, y, gate, positive, out)
    try {
      const pc = staging.input(coefficients)
      const px = staging.input(x)
      const py = y === undefined ? 0 : staging.input(y)
      const pg = gate === undefined ? 0 : staging.input(gate)
      const po = staging.output(out, false)
      const rows = out.length / channels
      wasm.combineChannels(rows, channels, pc, px, py, pg, positive ? 1 : 0, po)
      staging.back(out, po)
    } finally {
      staging.end()
    }
  }
