/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "A matrix written as a product of L layers can be found from a few linear measurements of it. Many products fit the measurements. The paper asks which of them has the smallest trace of the Hessian. It shows that for measurements which nearly keep lengths (restricted isometry) the trace is nearly a function of the nuclear norm of the product: the sum of its singular values. So the flattest product is nearly the matrix of least nuclear norm, and its singular values are few. This is so at every depth L above one. Label noise moves SGD towards flat products, so it should recover matrices of low rank. Depth changes the exponent of the nuclear norm, but not the order of the matrices.",
  surprise: {
    title: "A solution that does not interpolate generalises better",
    text: "On a real table, flatter products predict the hidden entries better at depth 2 and 3, as the paper hopes. A penalised solution that does not fit the observed entries does slightly better still: its error is 0.98 times that of the flat product.",
    matters:
      "Flatness chooses among the products that fit. Where entries are noisy, fitting them exactly is what costs, and a penalty is cheaper than noise. The size is small: one table of 20 x 20 with 12 seeds.",
    rests: ["study-flatness-on-a-table", "matrix-factorization/depth-independence"],
  },
  revisedBy: [
    "A table of real ratings, of more than 20 x 20, on which flatter products generalise worse.",
    "Measurements that nearly keep lengths, whose flattest product has a nuclear norm outside the proved range.",
    "Gaussian measurements of matrices larger than 40 x 40, on which the flattest product is farther from the truth than the least nuclear norm.",
  ],
}
