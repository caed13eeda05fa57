/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "Many minima fit the training data, and flat ones are believed to generalise better. The paper measures flatness by the trace of the Hessian and asks how many gradients a flat minimum costs. Both of its algorithms are gradient descent with a second gradient at a perturbed point, from which the part along the first is removed. The rest moves the parameters along the valley without climbing. Algorithm 1 perturbs in a random direction (RS). Algorithm 2 perturbs along the gradient of a single sample, as SAM does (SA). A random direction in d dimensions mostly misses the curved ones, and the gradient of a sample points along them. So the proof for SA saves a power of d, and the paper concludes that sharpness-aware perturbations are faster.",
  surprise: {
    title: "The algorithms with the proofs move least",
    text: "On a sparse network of 20 parameters, RS takes 15 to 26 times as many steps as SA. On 1,000 images, with ten seeds, both start at a minimum with a test error of 54 %. After 600 passes SA is at 53 %, and 2 % below RS in trace. SAM, which the paper does not compare, ends at 37 % with half the trace. A network trained on the correct labels alone has 21 %.",
    matters:
      "A proof that an algorithm reaches a flat minimum does not say how far it gets with the gradients that one can afford. To leave this bad minimum, SAM was the better tool.",
    rests: ["flat-minima/gain-of-d", "study-escape-from-a-bad-minimum"],
  },
  revisedBy: [
    "A longer budget: after 600 passes, RS and SA are still near the bad minimum.",
    "A problem on which the ratio of steps does not grow with d.",
    "Larger networks: ours has one hidden layer of 128 units, on 1,000 images.",
  ],
}
