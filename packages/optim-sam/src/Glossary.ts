/** Terms of `train` and of sharpness-aware minimisation. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "sam / sharpness-aware minimisation":
    "Sharpness-aware minimisation: the gradient is taken at a perturbed point, one radius uphill in the direction of the gradient. It drifts to flatter minima.",
  "plain / plain steps": "Steps of the base optimizer alone, without a perturbation.",
  assumed: "Choices that no flag states, each as the flag that states it.",
  usam: "Unnormalised SAM: the perturbation is the radius times the gradient, so it grows with the gradient and can diverge where SAM does not.",
  unified:
    "Between SAM and USAM: the gradient is divided by its length to a power, 1 for SAM and 0 for USAM.",
  asam: "SAM in which each weight is perturbed in proportion to its size, so that scaling a layer changes nothing.",
  "p-norm sam":
    "SAM with distances measured by another norm; the ball of the largest-entry norm moves every weight alike.",
  "radius / rho":
    "The size of SAM's perturbation. 0 is plain training; a large radius prevents convergence.",
  normalisation:
    "Dividing the gradient by its length before the step uphill, which makes SAM's steps of equal length and keeps it stable.",
  perturbation:
    "The step uphill to the point at which the gradient is taken; it does not move the weights.",
  ascents: "The number of ascent steps before the gradient is taken; usually 1.",
  "base method / base":
    "The base optimizer that uses the gradient: gradient descent, momentum, Nesterov or AdamW.",
  "learning rate / rate": "The factor of the gradient in a step.",
  schedule: "The learning rate over time: constant, or decreasing to 0 along a cosine.",
  momentum: "The fraction of the last update that is added to the next one.",
  "weight decay": "Shrinks all weights a little at every step, apart from the gradient.",
  "sharpness / top eigenvalue":
    "The largest curvature of the loss: how steeply it rises in the worst direction. Gradient descent is stable only where the learning rate is below 2 divided by it.",
  trace: "The sum of the eigenvalues of the Hessian: d times the mean curvature for d weights.",
  "directional sharpness": "The curvature along the gradient: what the next step meets.",
  hessian: "The matrix of second derivatives of the loss: its eigenvalues are the curvatures.",
  eigenvalue:
    "A factor by which a matrix stretches one of its own directions; of the Hessian, the curvature there.",
  stable:
    "A stable step shrinks the distance to the minimum. An unstable one increases it, and the loss with it.",
  advice:
    "Recommendations on learning rate and radius from the measured curvature: exact for gradient descent on a quadratic, local elsewhere.",
  "early stopping / stopped":
    "Training stopped when the loss on the validation set no longer fell, and the weights of the best epoch were kept.",
  target: "The column to predict: a class or a number.",
  "table / columns":
    "How the columns became features: one column per word for the 100 most frequent words, dates and free text ignored, missing values imputed from the training rows.",
  "class weights / balanced":
    "Larger weights for rows of rare classes. Balanced accuracy is the mean of the accuracies of the classes.",
  epoch: "One pass over the training rows.",
  loss: "The function that training minimises: the mean error of the network over the rows.",
  "train / training rows": "The rows on which the network is trained.",
  "test / test rows / test set":
    "Rows that are not used for training or for choosing settings. The error on them shows how well the network generalises.",
  validation:
    "The validation set: training rows set aside to decide when to stop and which settings to choose. They are neither trained on nor part of the test set.",
  accuracy: "The fraction of rows whose class is predicted correctly.",
  "variance explained / r squared":
    "1 for perfect predictions, 0 for always predicting the mean, below 0 for worse than that.",
  "false minima / warning":
    "Steps at which only the perturbed gradient vanished; such points are not minima of the loss. If there are many, use a smaller radius.",
  "encoded / one-hot / ordinal":
    "How a categorical column became numbers. One-hot: one 0/1 feature per word. Ordinal: the position of the word in a given order.",
  "filled / missing / imputation":
    "The value used for empty cells: the median of the training rows, or a separate category; an extra feature marks these cells.",
  "left out / identifier":
    "Columns without information about new rows: constant, empty, or different in every row.",
  dropped: "Rows without a target, which are ignored.",
  ended: "The epoch of early stopping, and the epoch whose weights were kept.",
  known: "The test error on the rows whose target is in the file.",
  unknown:
    "Words that occur in no training row. They are encoded as no category, and their rows are predicted from the other columns.",
  probability:
    "The network's score of a class, from 0 to 1; the largest is the prediction. It is not calibrated.",
}
