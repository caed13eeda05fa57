import * as tf from "@tensorflow/tfjs"

/**
 * The cross entropy of one-hot `labels` and `logits`, both [batch, classes], a number each.
 *
 * The same as `tf.losses.softmaxCrossEntropy`, but it can be differentiated twice: that one has a derivative of its own, which
 * TensorFlow.js takes for a constant in the second derivative.
 *
 * @example
 * ```ts import.meta.vitest
 * import { softmaxCrossEntropy } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const loss = softmaxCrossEntropy(tf.tensor2d([[1, 0]]), tf.tensor2d([[3, 3]]))
 * loss.dataSync() // ≈ [0.6931]
 * ```
 */
export const softmaxCrossEntropy = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1))
