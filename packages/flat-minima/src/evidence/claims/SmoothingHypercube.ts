import * as Elementary from "@nonconvex/numerics/Elementary"
import { type Design, smoothing } from "../support/SphereMeans.ts"

/** The corners of the hypercube inscribed in the sphere. */
const hypercube: Design = (n, visit) => {
  const e = new Float64Array(n)
  for (let corner = 0; corner < Elementary.pow(2, n); corner++) {
    for (let i = 0; i < n; i++) e[i] = ((corner >> i) & 1 ? 1 : -1) / Math.sqrt(n)
    visit(e)
  }
}

export const smoothingHypercube = smoothing(
  "smoothing-hypercube",
  hypercube,
  8,
  "The mean of grad f(x + rho g) over the corners of the hypercube on the unit sphere equals that over plus and minus the unit vectors: both sets are spherical 3-designs.",
)
