/**
 * One stage of a network between its input and its output signal.
 *
 * Values and tangents run forward, adjoints and their tangents backward. A stage whose input has no adjoint reads the data: it
 * computes no adjoint, and takes their tangent as 0.
 */
export interface Stage {
  /** The output's value from the input's. */
  forward(): void
  /** The output's tangent; after `forward`. */
  forwardTangent(): void
  /** The input's adjoint from the output's. */
  backward(): void
  /** The input's adjoint tangent, and H v added to the parameters'; after `forwardTangent`, and where all adjoints are known. */
  backwardTangent(): void
  /** Adds the gradient to the parameters' adjoint. */
  accumulate(): void
  /** Gradients of single samples, for a stage with parameters. */
  readonly perSample?: PerSample
}

/** The gradients of single samples in the parameters of one layer, from the adjoint of its output. */
export interface PerSample {
  /** Offset of the layer's first parameter. */
  readonly begin: number
  /** The sum over the samples of the squared norm of their gradients; `fresh` after new inputs, false after new adjoints alone. */
  squaredNorms(fresh: boolean): number
  /** Writes the gradient of sample i into `out` from `i * stride` plus the offsets of the layer on. */
  gradients(out: Float64Array, stride: number): void
}

/** Accumulation of a stage without parameters. */
export const nothing = (): void => {
  // there is nothing to do
}
