/** Summary of the paper, to be read in ten minutes. */
import type * as Paper from "@nonconvex/evidence/Paper"

export const article: Paper.Article = {
  idea: "Two people run the same solver with starts that differ by delta, or with gradients that have errors of at most delta. How far apart are their answers? Gradient descent keeps starts together, but is slow. Nesterov's acceleration is fast, but may amplify a difference exponentially. It was believed that speed has this price. The paper adds a small quadratic, (r / 2) |x - x_0|^2, and solves the new problem to high accuracy with the fast method. The solution of the new problem is a proximal point of the start, and proximal points do not move apart. So the answers are at most 2 delta apart, and speed is lost only by a logarithm. For games with a saddle point the same idea gives Algorithms 2 and 3.",
  surprise: {
    title: "On bilinear games the simple method agrees better",
    text: "Algorithm 1 keeps its promise: an eighth of the gradients of gradient descent, and answers that agree where acceleration loses them. For games, plain extragradient deviates less than Algorithm 2, and with a small part of its gradients.",
    matters:
      "The exponential bound for extragradient is for the worst game. On a bilinear game one step is a linear map that expands no distance, so there is nothing to insure against. The new algorithms pay only where the operator is nonlinear.",
    rests: [
      "reproducible-minimax/affine-extragradient-does-not-expand",
      "study-where-it-costs-nothing",
    ],
  },
  revisedBy: [
    "A smooth game on which extragradient separates two runs exponentially: Algorithm 2 would be worth its gradients.",
    "Two runs of Algorithm 1 whose squared distance exceeds 4 delta^2.",
    "Accuracies far below ours, where the better rate of Algorithm 2 overtakes its constant.",
  ],
}
