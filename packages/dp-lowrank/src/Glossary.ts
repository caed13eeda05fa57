/** Terms of `release` and `audit`: differential privacy. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "differential privacy / private":
    "A guarantee about the output: adding, removing or replacing one row changes the odds of every conclusion by at most a factor of e^epsilon, except with probability delta.",
  epsilon:
    "The privacy loss: the odds of any guess about one row change by at most a factor of e^epsilon. Below 1 is strong privacy, above 5 is weak.",
  delta:
    "The probability that the guarantee of epsilon fails. It should be far below 1 divided by the number of rows.",
  "neighbours / replace / add-remove":
    "The pairs of data sets that must be indistinguishable: one row replaced (replace), or one row added or removed (add-remove).",
  "bound / clipping":
    "The largest norm of a row; longer rows are scaled down (clipped). It must be chosen without looking at the rows.",
  mechanism:
    "The noise that hides a row: isotropic adds Gaussian noise to the matrix, complex is the mechanism of the paper.",
  noise:
    "Random numbers added to protect every row. Its norm bounds the error of every eigenvalue.",
  mu: "The distance of two neighbouring data sets in units of the noise (Gaussian differential privacy), from which epsilon and delta follow. Smaller is more private.",
  "rho / zcdp": "Another measure of privacy, which adds up over releases.",
  ledger:
    "A file that records all releases of a data set. Each release spends privacy budget, and one that would exceed the budget is refused.",
  "budget of a ledger": "The total epsilon and delta that all releases of one data set may spend.",
  "explained / explained variance":
    "The fraction of the total variance in the released directions, with a confidence interval that accounts for the noise.",
  subspace:
    "The span of the released directions, and its largest distance from that of the exact data.",
  "eigenvalue of the covariance": "The variance of the data along a released direction.",
  shrunk: "An eigenvalue corrected for the bias of the noise.",
  "loading / loadings": "The weight of each column in a released direction.",
  unit: "The unit of privacy: a row, or with --rows-per-person all rows of a person. A person with more rows than that has a larger epsilon.",
  scale: "Whether the numbers are sums over the rows or divided by their number.",
  caution: "A warning about a choice that is allowed.",
  answer: "A one-sentence summary of how usable the numbers are.",
  "component / direction":
    "A principal component: a direction in which the rows vary, given by weights of the columns. The first has the largest variance, and all are orthogonal.",
  needed:
    "The number of rows at this epsilon, or the epsilon for these rows, at which the last component is ten times above the noise. Computed from the release only.",
  "rule of thumb":
    "The number of rows that sampling error alone requires without privacy (about 100 times the largest eigenvalue times the sum of all, divided by the square of the last), and the number below which no data give a usable answer at this epsilon.",
  "centre of the rows / centre":
    "A public point that is subtracted from every row. Variances are taken about this point, since the mean is private.",
  "missing value / missing":
    "A cell without a value. It can count as the centre, and then adds nothing to the sum.",
  "regression / explained of a target":
    "A linear regression of one column on the others, and the fraction of the column's squares about the centre that it explains for the exact rows, with a confidence interval that accounts for the noise.",
  coefficient:
    "The change of the target per unit of a column with the others fixed. The confidence interval is for the exact rows, within the span of the directions used.",
  "low rank of a regression":
    "Coefficients use only the leading directions of the columns. The contribution of the other directions is bounded: no coefficients explain more than the stated bound.",
  "count / private count":
    "A noisy number of rows, under add-remove neighbours, with a confidence interval for the exact number.",
  histogram:
    "Noisy numbers of rows by the classes of a column. The classes are public; every row is in exactly one, so that one row changes one count.",
  "mean / mean of a column":
    "The average of a column whose values are clipped to a public range, from a noisy sum and a noisy or public number of rows.",
  "quantile / median":
    "The number below which a share of the rows lies, chosen privately from a public grid: numbers of a better rank are more likely.",
  "intervals / interval":
    "Confidence intervals that account for the noise. They are for the exact numbers of the clipped rows, not for a population.",
  audited: "The audited program: the noise alone, or the whole release.",
  "lower bound":
    "A lower bound on the true epsilon, at the stated confidence. If it exceeds the promised epsilon, the mechanism is not private.",
  exact: "The exact epsilon of Gaussian noise of this size, from its formula.",
  power:
    "The number of samples with which the audit detects a known mistake. Without power, finding no violation means nothing.",
  "violation / no violation found":
    "Whether the audit proved that the guarantee fails. Finding no violation is not a proof of privacy.",
  confidence: "The probability that a private mechanism passes.",
}
