import * as tf from "@tensorflow/tfjs"

/**
 * The cross entropy of one-hot `labels` and `logits`, both [batch, classes], a number each.
 *
 * The same as `tf.losses.softmaxCrossEntropy`, but it can be differentiated twice: that one has a derivative of its own, which
 * TensorFlow.js takes for a constant in the second derivative.
 */
export const softmaxCrossEntropy = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1))
