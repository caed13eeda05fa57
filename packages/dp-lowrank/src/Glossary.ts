/** Words of `release` and `audit`: differential privacy. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "differential privacy / private":
    "A promise about the output: whether any one row is among the data changes the odds of every conclusion by no more than a factor of e^epsilon, but for a probability of delta.",
  epsilon:
    "How far the odds of any guess about one row may move: by a factor of e^epsilon. Below 1 is strong, above 5 is weak.",
  delta:
    "The probability that the promise of epsilon fails. It should be far below 1 divided by the number of rows.",
  "neighbours / replace / add-remove":
    "Which data sets must look alike: those that differ in one row replaced, or in one row more or less.",
  "bound / clipping":
    "No row counts with more than this length; longer ones are shortened. It must be chosen without looking at the rows.",
  mechanism:
    "How the noise is made that hides a row: isotropic adds normal noise to the matrix, complex is that of the paper.",
  noise:
    "What is added so that no row can be told. Its norm bounds how far every eigenvalue may be off.",
  mu: "The distance of the two hardest-to-tell data sets in units of the noise: what epsilon and delta follow from. Smaller is more private.",
  "rho / zcdp": "Another measure of privacy, which adds up over releases.",
  ledger:
    "A file that remembers what was released of the data: privacy is used up, and a release that would exceed the budget is refused.",
  "budget of a ledger":
    "How much epsilon and delta all releases of one data set may take together.",
  "explained / explained variance":
    "Which part of the total variance the released directions carry, with an interval that counts the noise.",
  subspace:
    "The directions that were released, and how far they can be from those of the exact data.",
  "eigenvalue of the covariance": "The variance of the data along a released direction.",
  shrunk: "An eigenvalue corrected for what noise adds to it.",
  "loading / loadings": "How much each column contributes to a released direction.",
  unit: "Who is protected: a row, or a person with all of their rows where --rows-per-person says how many one has at most. Who has more rows than that gets a larger epsilon.",
  scale: "Whether the numbers are sums over the rows or divided by their number.",
  caution: "What is allowed, and still worth a second thought.",
  answer: "What the numbers below it are good for, in a sentence.",
  "component / direction":
    "A direction in which the rows vary: so much of each column. The first one has the largest variance, and each is at right angles to the others.",
  needed:
    "How many rows at this epsilon, or which epsilon with these rows, put the last component ten times above the noise; computed from what was released.",
  "rule of thumb":
    "How many rows sampling takes for the same without any privacy, about 100 times the largest eigenvalue times the sum of all over the square of the last one; and how few rows are hopeless at this epsilon, whatever the data.",
  "centre of the rows / centre":
    "A public point that is subtracted from every row. Variances are about it, and not about the mean, which is private.",
  "missing value / missing":
    "A cell without a value. It can count as the centre, and then adds nothing to the sum.",
  "regression / explained of a target":
    "How one column follows from the others by a sum with coefficients: which part of its square about the centre that explains of the exact rows, with an interval that counts the noise.",
  coefficient:
    "By how much the target moves with one of a column, the others being as they are: between the ends of its interval for the exact rows, in the span of the directions that are used.",
  "low rank of a regression":
    "Coefficients use the largest directions of the columns alone. What the others would say is left out, and bounded: no coefficients explain more than is said.",
  "count / private count":
    "The number of rows with noise of its own, where a row is added or removed; the exact number lies between the ends.",
  audited: "What was run: the noise alone, or the whole release.",
  "shown / lower bound":
    "The epsilon that the audit proves the mechanism to exceed, at the confidence that is said. Above what was asked, the mechanism is not private.",
  exact: "The epsilon that normal noise of this size has, by its formula.",
  power:
    "How many samples the audit would need to find a known mistake; without that, finding nothing means nothing.",
  "violation / no violation found":
    "Whether the audit proved that the promise is broken. Not finding one is no proof of privacy.",
  confidence: "How probable it is that a private mechanism passes.",
}
