/**
 * One stage of a network between its input and its output signal.
 *
 * Values and tangents are computed forward, adjoints and their tangents backward. A stage whose input has no adjoint reads
 * the data: it computes no adjoint, and its tangent counts as 0.
 */
export interface Stage {
  /** The output's value from the input's. */
  forward(): void
  /** The output's tangent; after `forward`. */
  forwardTangent(): void
  /** The input's adjoint from the output's. */
  backward(): void
  /**
   * Computes the input's adjoint tangent, and adds H v to the parameters'; call after `forwardTangent`, when all adjoints
   * are known.
   */
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
  /** Sum over the samples of the squared norms of their gradients; `fresh` after new inputs, false if only adjoints are new. */
  squaredNorms(fresh: boolean): number
  /** Writes the gradient of sample i into `out` from `i * stride` plus the offsets of the layer on. */
  gradients(out: Float64Array, stride: number): void
}

/** Accumulation of a stage without parameters. */
export const nothing = (): void => {
  // there is nothing to do
}
