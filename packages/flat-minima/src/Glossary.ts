/** Terms of `certify`: flat minima and their certificates. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "flat minimum / flat":
    "A minimum from which no small move along the minima lowers the trace of the Hessian: among its neighbours it is the least curved.",
  "flat means":
    "The definition of flat at the tolerances of this call: the largest loss above the minimum, and the largest slope of the mean curvature along the minima.",
  "would change":
    "The change that would give another verdict: a tolerance, another minimum, or more descent.",
  "descent / lower loss":
    "Newton steps that lower the loss until the gradient is short and no curvature is negative, and why they ended.",
  kink: "A point at which the gradient jumps, such as where a ReLU switches on. At a minimum on a kink the gradient does not become small.",
  "next largest": "The eigenvalues after the largest, each with an error bound.",
  verdict:
    "Flat: the loss gap and the flatness residual are both proved to be small. Not flat: one of them is proved to be large. Undetermined: neither, with the reason.",
  undetermined: "Neither flat nor not flat could be proved; the line names what is missing.",
  "loss gap": "An upper bound on the difference between this loss and that of the nearby minimum.",
  "flatness residual":
    "The slope of the trace along the minima, 0 at a flat minimum: the gradient of the trace, projected onto the directions in which the loss does not rise.",
  "spectral gap / gap in the spectrum":
    "A wide gap between the large eigenvalues and those near 0. It separates directions along the minima from directions across. Without one, directions of small curvature are taken to lie along the minima.",
  "spectrum / spectral density": "The distribution of the eigenvalues of the Hessian.",
  "gauss-newton matrix / basis":
    "The Hessian without the second derivatives of the network; equal to it if all residuals are 0. It is searched for a spectral gap if the Hessian is too large.",
  "gradient norm": "The length of the gradient: 0 at a minimum, or at any other stationary point.",
  stationary: "The gradient is 0 within the tolerance.",
  "negative curvature / negative eigenvalue":
    "A direction in which the loss bends down: such a point is not a minimum.",
  lanczos:
    "An iteration that finds the extreme eigenvalues of a matrix from matrix-vector products only.",
  probe: "A random vector for the estimate of a trace; more probes reduce its standard error.",
}
