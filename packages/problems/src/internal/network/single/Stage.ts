/** One stage of a network in float32 between its input and its output signal. */
export interface Stage {
  /** Reads its parameters. */
  load(x: Float64Array): void
  /**
   * Computes the output's value from the input's; `byBatch` tells whether a normalisation uses batch statistics or given
   * ones.
   */
  forward(byBatch: boolean): void
  /** The input's adjoint from the output's; adds the gradient of the parameters. */
  backward(gradient: Float64Array): void
}

/** Loading of a stage without parameters. */
export const nothing = (): void => {
  // there is nothing to do
}
