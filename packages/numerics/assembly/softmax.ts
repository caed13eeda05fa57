/** Row softmax with cross entropy. Sums run in increasing index, in float64. */
import { bytes } from "./simd"
import { exp, exp2, log } from "./elementary"

/**
 * Row by row: probabilities = softmax(logits); returns the sum over the rows of log sum_j e^(f_j) - f_label, in nats.
 *
 * e^(f_j - max) is written first, rounded to T, and then divided by the (unrounded) total.
 */
export function crossEntropy<T>(rows: i32, classes: i32, logits: usize, labels: usize, out: usize): f64 {
  let loss: f64 = 0
  for (let i = 0; i < rows; i++) {
    let largest: f64 = -Infinity
    for (let j = 0; j < classes; j++) largest = max(largest, <f64>load<T>(logits + bytes<T>(j)))
    let total: f64 = 0
    let j = 0
    if (sizeof<T>() == 8) {
      const shift = f64x2.splat(largest)
      for (; j + 2 <= classes; j += 2) {
        const e = exp2(f64x2.sub(v128.load(logits + bytes<T>(j)), shift))
        v128.store(out + bytes<T>(j), e)
        total += f64x2.extract_lane(e, 0)
        total += f64x2.extract_lane(e, 1)
      }
    }
    for (; j < classes; j++) {
      const e = exp(<f64>load<T>(logits + bytes<T>(j)) - largest)
      store<T>(out + bytes<T>(j), <T>e)
      total += e
    }
    for (j = 0; j < classes; j++) {
      const at = out + bytes<T>(j)
      store<T>(at, <T>(<f64>load<T>(at) / total))
    }
    const label = load<i32>(labels + bytes<i32>(i))
    loss += log(total) + largest - <f64>load<T>(logits + bytes<T>(label))
    logits += bytes<T>(classes)
    out += bytes<T>(classes)
  }
  return loss
}
