/** Errors of a model of TensorFlow.js that a caller can act on. */
import { Schema } from "effect"

/** The model has no trainable weights. */
export class NoTrainableWeights extends Schema.TaggedError<NoTrainableWeights>()(
  "NoTrainableWeights",
  {
    operation: Schema.String,
    /** Number of weights, all frozen. */
    frozen: Schema.Int,
  },
) {
  override get message(): string {
    return this.frozen > 0
      ? `${this.operation}: all ${this.frozen} weights are frozen; set trainable on a layer, and compile the model again`
      : `${this.operation}: there are no trainable weights; build the model, or pass variables made with tf.variable`
  }
}

/** The object is not a layers model; a graph model, for example, has no weights to differentiate with respect to. */
export class NotALayersModel extends Schema.TaggedError<NotALayersModel>()("NotALayersModel", {
  operation: Schema.String,
  /** True for a graph model of TensorFlow.js. */
  isGraph: Schema.Boolean,
}) {
  override get message(): string {
    return this.isGraph
      ? `${this.operation}: this is a graph model, from tf.loadGraphModel: a frozen graph for inference, whose weights are constants without gradients. ` +
          "Convert the original with --output_format=tfjs_layers_model and load it with tf.loadLayersModel, rebuild its layers, " +
          "or pass your own tf.variable weights and loss to functionObjective"
      : `${this.operation}: expected a model of tf.sequential, tf.model or tf.loadLayersModel`
  }
}

/** A weight was disposed while it was in use. */
export class WeightsDisposed extends Schema.TaggedError<WeightsDisposed>()("WeightsDisposed", {
  operation: Schema.String,
  weight: Schema.String,
}) {
  override get message(): string {
    return `${this.operation}: the weight ${this.weight} is disposed; dispose the model only after the training`
  }
}

/** The loss is not a scalar tensor. */
export class LossNotScalar extends Schema.TaggedError<LossNotScalar>()("LossNotScalar", {
  operation: Schema.String,
  shape: Schema.Array(Schema.Int),
}) {
  override get message(): string {
    return `${this.operation}: the loss has shape [${this.shape.join(", ")}] and not []; reduce it, for example with tf.mean`
  }
}

/** A loss or a gradient is NaN or infinite. The weights are those from before the step. */
export class NotFinite extends Schema.TaggedError<NotFinite>()("NotFinite", {
  operation: Schema.String,
  quantity: Schema.Literals(["loss", "gradient"]),
  /** Point of evaluation. */
  at: Schema.Literals(["the point", "the perturbed point"]),
  loss: Schema.Number,
  /** Steps taken before this one. */
  steps: Schema.Int,
}) {
  override get message(): string {
    return (
      `${this.operation}: the ${this.quantity} at ${this.at} is not finite in step ${this.steps} (loss ${this.loss}); the ` +
      "weights are unchanged by this step: lower the learning rate or the radius, or check the data"
    )
  }
}

/** Data whose shape does not match the model, or that of the targets. */
export class ShapeMismatch extends Schema.TaggedError<ShapeMismatch>()("ShapeMismatch", {
  operation: Schema.String,
  what: Schema.String,
  expected: Schema.String,
  actual: Schema.String,
}) {
  override get message(): string {
    return `${this.operation}: ${this.what} must be ${this.expected}, but is ${this.actual}`
  }
}

/** TensorFlow.js has no second derivative of an operation of the loss. */
export class NoSecondGradient extends Schema.TaggedError<NoSecondGradient>()("NoSecondGradient", {
  objective: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.objective}: no double gradient (${this.reason}); use finite differences, which is the default`
  }
}

/** The double gradient contradicts the differences of gradients. */
export class SecondGradientMismatch extends Schema.TaggedError<SecondGradientMismatch>()(
  "SecondGradientMismatch",
  {
    objective: Schema.String,
    /** |double - differences| / (|double| + |differences|), 1 at most. */
    relativeError: Schema.Number,
    tolerance: Schema.Number,
  },
) {
  override get message(): string {
    return (
      `${this.objective}: the double gradient contradicts finite differences (relative error ` +
      `${this.relativeError}, allowed ${this.tolerance}); an operation of the loss has a custom derivative that TensorFlow.js ` +
      "treats as constant, such as tf.losses.softmaxCrossEntropy: use softmaxCrossEntropy of this package, or finite differences"
    )
  }
}
