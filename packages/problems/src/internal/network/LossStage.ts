/** End of a network; `weight` is 1 over the number of samples of the batch. */
export interface LossStage {
  /** Sum of the losses of the samples listed in `indices` from `start` on; writes the weighted adjoint of the output. */
  evaluate(indices: Uint32Array, start: number, weight: number): number
  /** The weighted tangent of the output's adjoint; after `evaluate` on the same samples. */
  evaluateTangent(weight: number): void
}
