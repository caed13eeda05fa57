import { type Design, smoothing } from "../support/SphereMeans.ts"

/** Plus and minus the unit vectors. */
const crossPolytope: Design = (n, visit) => {
  const e = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (const sign of [1, -1]) {
      e[i] = sign
      visit(e)
    }
    e[i] = 0
  }
}

export const smoothingCrossPolytope = smoothing(
  "smoothing-cross-polytope",
  crossPolytope,
  6,
  "The mean of grad f(x + rho g) over plus and minus the unit vectors is grad f + rho^2 / (2 d) grad tr Hess f for every quartic f.",
)
