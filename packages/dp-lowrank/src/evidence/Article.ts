/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "A covariance matrix of private rows is to be published with rank k. One adds Gaussian noise to it, takes the largest k eigenvalues with their vectors, and publishes the result. The noise ensures differential privacy. The question is how far the result is from the best matrix of rank k. Earlier bounds needed gaps between all of the first k eigenvalues. The paper needs only the gap after the k-th. Its tool is noise with an imaginary part: eigenvalues of complex Hermitian matrices repel each other more strongly, so near collisions are rarer. The eigenvalues then move by Dyson's equation, which the proof integrates over time. The published matrix is the real part.",
  surprise: {
    title: "The real part has twice the rank",
    text: "The paper states that the output has rank at most k. The real part of a complex matrix of rank k has rank 2k, and a matrix of 2 x 2 shows it. Its own k largest eigenvalues give a matrix of rank k that is no further than twice as far.",
    matters:
      "Whoever stores the output as k vectors drops half of it. The imaginary noise brings no gain either: at equal privacy its error is 1 to 4 % larger than that of real noise on the data tried.",
    rests: ["dp-lowrank/rank-of-the-output", "study-complex-on-real-data"],
  },
  revisedBy: [
    "A mechanism with complex noise whose error at the same epsilon and delta is smaller than that of real noise.",
    "A matrix within the gap condition of Theorem 1 whose error grows faster than the bound.",
    "An audit that tells neighbours apart better than the promised epsilon allows.",
  ],
}
