/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "Many minima fit the training data, and flat ones are believed to generalise better. The paper measures flatness by the trace of the Hessian and asks how many gradients a flat minimum costs. Both of its algorithms are gradient descent with a second gradient at a perturbed point, from which the part along the first is removed. The rest moves the parameters along the valley without climbing. Algorithm 1 perturbs in a random direction (RS). Algorithm 2 perturbs along the gradient of a single sample, as SAM does (SA). A random direction in d dimensions mostly misses the curved ones, and the gradient of a sample points along them. So the proof for SA saves a power of d, and the paper concludes that sharpness-aware perturbations are faster.",
  surprise: {
    title: "Tuning reverses the order",
    text: "On a sparse network of 20 parameters, RS takes 15 to 26 times as many steps as SA. On images, at one learning rate, SA is ahead as well. With the rates tuned for each method, SA ends at 1.46 times the trace of RS for the same number of gradients. The verdict is undecided, because RS had left every minimum on its way.",
    matters:
      "A rate with fewer powers of d is a bound on the worst case. It does not say which method to run on a network whose learning rate one tunes anyway.",
    rests: [
      "flat-minima/gain-of-d",
      "study-from-a-bad-minimum-at-half-the-rate",
      "study-from-a-bad-minimum-at-rates-of-their-own",
    ],
  },
  revisedBy: [
    "A study with tuned rates in which SA needs fewer gradients than RS at ten or more seeds.",
    "A problem on which the ratio of steps does not grow with d.",
    "Larger networks: ours have 200 images and a width of 32.",
  ],
}
