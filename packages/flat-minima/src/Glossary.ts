/** Terms of `certify`: flat minima and their certificates. */

/** Terms with their meanings; other names of a term follow it after a slash. */
export const glossary: Readonly<Record<string, string>> = {
  "flat minimum / flat":
    "A minimum from which no small move along the minima lowers the trace of the Hessian: among its neighbours it is the least curved.",
  "flat means":
    "What flat comes to at the tolerances of this call: how close to the bottom of its valley the loss must be, and how little the mean curvature may change along the floor.",
  "would change":
    "What would have to be otherwise for another verdict: a tolerance, the minimum, or more of the way down.",
  "descent / way down":
    "Newton steps that lower the loss until the gradient is short and no curvature is negative, and why they ended.",
  kink: "Where the gradient of the loss jumps, as where a unit of a ReLU network switches on: a minimum at kinks has no short gradient.",
  "next largest":
    "The eigenvalues after the largest, each with the distance within which one lies.",
  verdict:
    "Flat: both the loss and the flatness residual are shown to be small. Not flat: one of them is shown to be large. Undetermined: neither could be shown, and the reason is said.",
  undetermined: "Neither flat nor not flat could be shown; the line says what is missing.",
  "loss gap":
    "How much lower the loss could become: a bound on the distance of this loss from that of the minimum beneath it.",
  "flatness residual":
    "The slope of the trace along the minima: 0 at a flat one. It is the gradient of the trace with all directions taken out in which the loss itself rises.",
  "spectral gap / gap in the spectrum":
    "A wide gap between the large eigenvalues and those near 0. It separates directions along the minima from directions across. Without one, directions of small curvature are taken to lie along the minima.",
  "spectrum / spectral density": "How the eigenvalues of the Hessian are spread, by size.",
  "gauss-newton matrix / basis":
    "The Hessian without the curvature of the network itself: what is left of it where all rows are met. It is searched for a gap where the Hessian is too large.",
  "gradient norm": "The length of the gradient: 0 at a minimum, or at any other resting point.",
  stationary: "Where the gradient is 0, to the tolerance that was asked.",
  "negative curvature / negative eigenvalue":
    "A direction in which the loss bends down: such a point is no minimum.",
  lanczos:
    "An iteration that finds the ends of a spectrum from products of the matrix with vectors, without the matrix.",
  probe:
    "A random vector that a trace is estimated with; more of them make its standard error smaller.",
}
