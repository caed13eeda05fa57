/** Words of `train`, and of sharpness-aware minimisation. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "sam / sharpness-aware minimisation":
    "Training that takes the gradient not where the weights are but a little uphill, at a distance of the radius in the direction of the gradient. It drifts to minima that are less sharp.",
  usam: "SAM without the normalisation: the way uphill is the radius times the gradient, so it grows with the gradient, and can diverge where SAM does not.",
  unified:
    "Between SAM and USAM: the gradient is divided by its length to a power, 1 for SAM and 0 for USAM.",
  asam: "SAM in which each weight is perturbed in proportion to its size, so that scaling a layer changes nothing.",
  "p-norm sam":
    "SAM with distances measured by another norm; the ball of the largest-entry norm moves every weight alike.",
  "radius / rho": "How far uphill SAM looks. 0 is plain training; too much keeps it from settling.",
  normalisation:
    "Dividing the gradient by its length before the step uphill, which makes SAM's steps of equal length and keeps it stable.",
  perturbation:
    "The step uphill at whose end the gradient is taken; the weights themselves are not moved by it.",
  ascents: "How many steps uphill are taken before the gradient counts; 1 is usual.",
  "base method / base":
    "What the gradient is fed to: gradient descent, momentum, Nesterov's, or AdamW.",
  "learning rate / rate": "By how much of the gradient the weights move in a step.",
  schedule: "How the learning rate goes on: constant, or falling to 0 along a cosine.",
  momentum: "How much of the last move is kept in the next one.",
  "weight decay": "Shrinks all weights a little at every step, apart from the gradient.",
  "sharpness / top eigenvalue":
    "The largest curvature of the loss: how steeply it rises in the worst direction. Gradient descent is stable only where the learning rate is below 2 divided by it.",
  trace: "The sum of all curvatures of the loss; d times the average one for d weights.",
  "directional sharpness": "The curvature along the gradient: what the next step meets.",
  hessian: "The matrix of second derivatives of the loss: its eigenvalues are the curvatures.",
  eigenvalue:
    "A factor by which a matrix stretches one of its own directions; of the Hessian, the curvature there.",
  stable:
    "A step shrinks what is left of the distance to the minimum; unstable ones grow it, and the loss with it.",
  advice:
    "What the measured curvature says of learning rate and radius. Exact for gradient descent on a quadratic, local elsewhere.",
  "early stopping / stopped":
    "The training ended where a held-out part of the rows was no longer predicted better, and went back to the best epoch.",
  target: "The column that is predicted: a class, or a number.",
  "table / columns":
    "How the columns of the file became numbers: those of words as one column for each of the 100 most frequent words, dates and free text left out, holes filled by what the training rows have.",
  "class weights / balanced":
    "Rows of rare classes count more, so that a frequent class does not drown them; balanced accuracy is the mean over classes.",
  epoch: "One pass over the training rows.",
  loss: "What training makes small: the mean over the rows of how wrong the network is.",
  "train / training rows": "The rows that the network learns from.",
  "test / test rows":
    "Rows that the network never learned from: what counts is how well these are predicted.",
  validation:
    "The validation set: training rows set aside to decide when to stop and which settings to choose. They are neither trained on nor part of the test set.",
  accuracy: "Part of the rows whose class is predicted right.",
  "variance explained / r squared":
    "1 for perfect predictions, 0 for always predicting the mean, below 0 for worse than that.",
  "false minima / warning":
    "Steps at which only the perturbed gradient vanished: such points are no minima of the loss. Many of them call for a smaller radius.",
  "encoded / one-hot / ordinal":
    "How a column of words became numbers: one-hot, a feature for each word that is 1 in its rows; ordinal, the place of the word in an order that was given.",
  "filled / missing / imputation":
    "What stands for empty cells: the median of the training rows, or a category of its own; a feature marks where it does.",
  "left out / identifier":
    "Columns that say nothing of new rows: the same everywhere, empty, or another in every row.",
  dropped: "Rows without a target, of which nothing can be learned.",
  ended: "After which epoch an early end came, and of which epoch the weights are kept.",
  known: "How right the predictions are on the rows whose target the file has.",
  unknown:
    "Words that no training row had: they are none of the categories, and their rows are predicted from the other columns.",
  probability:
    "What the network gives a class, from 0 to 1; the largest is the prediction. It is no frequency unless it was checked against one.",
}
