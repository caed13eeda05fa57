/** Terms of `complete` and of low rank. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  rank: "The number of patterns (a row profile times a column profile) whose sum is the table. 0 means means or effects only.",
  pattern: "A row profile times a column profile: a matrix of rank one.",
  "low rank":
    "A table that is the sum of few patterns, so that missing values follow from the observed ones.",
  hole: "A missing value: an empty cell, NA, NaN or ?, or a pair without a line.",
  observation: "An entry that has a value.",
  "trace norm / nuclear norm / schatten-1":
    "The sum of the singular values. A small trace norm favours low rank, as a small L1 norm favours zeros. Flat minima of factorised models have the same effect.",
  "weighted trace norm":
    "A trace norm whose rows and columns are weighted by their number of observations.",
  "singular value": "How much one pattern contributes, the largest first.",
  penalty:
    "The regularisation strength of the trace norm: a larger penalty gives fewer patterns, and 0 interpolates.",
  "effects / row and column effects":
    "The offset of each row and column from the mean (biases): the simplest model that uses both, and a strong baseline.",
  "baseline / baselines":
    "Simple models that a better one has to beat: the mean, column means, row and column effects.",
  "mean of all / mean of all observations":
    "Every missing value is predicted by the mean of all observations: the simplest model.",
  "means of columns / column means":
    "A missing value is predicted by the mean of its column: the usual method, which ignores rows.",
  "ridge / shrunk / more entries at the mean":
    "Shrinkage of the effect of a row or column with few observations, as if it had this many more entries at the mean. With a ridge of 2, one entry counts by a factor of 1/3, and ten by 10/12.",
  "model / chosen":
    "The model that predicts the missing values: the simplest one within one standard error of the best on held-out entries.",
  "held out / cross-validation / folds":
    "Each fold of the observations is held out in turn and predicted from the rest. This error estimates the error on missing values.",
  "root mean square error / rmse / error":
    "The typical size of an error, in the unit of the table; large errors count more.",
  "duality gap / relative gap / gap of the fit":
    "An upper bound on the distance of the fit from the optimum for its penalty, from a dual lower bound.",
  "one standard error":
    "Smaller differences may be chance; among models that close the simplest is chosen.",
  "known of a new row": "A new row is predicted from the column effects and its own observations.",
  "weight / weights":
    "The weight of an observation: weight 2 counts as two equal observations, weight 0 as a missing value.",
  "implicit feedback / counts / confidence":
    "Counts of interactions, such as clicks or purchases. A larger count makes it more certain that a row prefers a column, and a missing one is weak evidence against.",
  alpha:
    "The confidence that one unit of a count adds to that of a cell without a count, which is 1.",
  "most popular / popularity":
    "The columns with the most observations: the same list for every row, without those that it has. A list for each row has to beat it.",
  "precision@k / precision":
    "The share of the first k columns of a list that are held-out cells of its row.",
  "ndcg@k / ndcg":
    "Normalised discounted cumulative gain of the first k columns of a list: 1 if the held-out cells come first, less if they come later. The cell in place p counts 1 / log2(1 + p).",
  "little known":
    "Rows and columns with few or no observations. They are predicted mostly from the effects of the others.",
  "limited / certificate of a limited rank":
    "The rank is limited below that of the optimum for the penalty. More patterns could fit the observed entries better, and the gap bounds by how much. This is normal, and the limit may lower the test error.",
}
