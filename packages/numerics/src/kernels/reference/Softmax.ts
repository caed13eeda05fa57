/** Row softmax with cross entropy: the twin of `assembly/softmax.ts`. */
import * as Elementary from "../../Elementary.ts"
import type { Floats } from "../Staging.ts"

/** probabilities = softmax of each row; returns the sum over the rows of log sum_j e^(f_j) - f_label, in nats. */
export const crossEntropy = (
  rows: number,
  classes: number,
  logits: Floats,
  labels: Int32Array,
  out: Floats,
): number => {
  let loss = 0
  for (let i = 0; i < rows; i++) {
    const row = i * classes
    let largest = -Infinity
    for (let j = 0; j < classes; j++) largest = Math.max(largest, logits[row + j]!)
    const label = logits[row + labels[i]!]!
    let total = 0
    for (let j = 0; j < classes; j++) {
      const e = Elementary.exp(logits[row + j]! - largest)
      out[row + j] = e
      total += e
    }
    for (let j = 0; j < classes; j++) out[row + j] = out[row + j]! / total
    loss += Elementary.log(total) + largest - label
  }
  return loss
}
