import * as tf from "@tensorflow/tfjs"

/**
 * The cross entropy of one-hot `labels` and `logits`, both [batch, classes], one number per sample.
 *
 * Softmax cross entropy as `tf.losses.softmaxCrossEntropy`, but twice differentiable: the original has a custom gradient, which
 * TensorFlow.js treats as constant in the second derivative.
 */
export const softmaxCrossEntropy = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1))
