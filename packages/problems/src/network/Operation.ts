/**
 * One stage of a network between its input and its output signal, on the first `rows` samples of a batch.
 *
 * Values and tangents run forward, adjoints and their tangents backward. A first stage leaves the adjoints of the data alone,
 * which nobody reads, and takes their tangent as 0.
 */
export interface Operation {
  /** The output's value from the input's. */
  forward(rows: number): void
  /** The output's tangent; after `forward`. */
  forwardTangent(rows: number): void
  /** The input's adjoint from the output's. */
  backward(rows: number): void
  /** The input's adjoint tangent, and H v added to the parameters'; before `backward` and after `forwardTangent`. */
  backwardTangent(rows: number): void
  /** Adds the gradient to the parameters' adjoint. */
  accumulate(rows: number): void
}
