/**
 * One stage of a network between its input and its output signal.
 *
 * Values and tangents run forward, adjoints and their tangents backward. A first stage leaves the adjoints of the data alone,
 * which nobody reads, and takes their tangent as 0.
 */
export interface Stage {
  /** The output's value from the input's. */
  forward(): void
  /** The output's tangent; after `forward`. */
  forwardTangent(): void
  /** The input's adjoint from the output's. */
  backward(): void
  /** The input's adjoint tangent, and H v added to the parameters'; before `backward` and after `forwardTangent`. */
  backwardTangent(): void
  /** Adds the gradient to the parameters' adjoint. */
  accumulate(): void
}
