import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { type Certificate, certify } from "../../certificate/Certificate.ts"
import { derived } from "../support/Paper.ts"

const saddle = Draw.record({
  /** The size of the negative eigenvalue; the largest is 1. */
  size: Draw.logarithmic(1, 1e-6),
  /** Eigenvalues that are 0. */
  zeros: Draw.integer(1, 4),
  seed: Draw.seed(),
})

type Saddle = Draw.Drawn<typeof saddle>

/** The certificate of the critical point of a quadratic with the eigenvalues 1, `sign size` and zeros, which has the residual 0. */
const certified = (
  { seed, size, zeros }: Saddle,
  { kernels }: Given,
  sign: number,
): Certificate => {
  const n = 2 + zeros
  const root = Seed.root(seed)
  const objective = quadratic({
    spectrum: [1, sign * size, ...Array.from({ length: zeros }, () => 0)],
    basis: Orthogonal.haar(n, RandomStream.make(root.child("basis"))),
  })
  return certify(objective, new Float64Array(n), { lossTolerance: 1e-2, seed: root, kernels })
}

export const noSaddleIsFlat = claim({
  id: "flat-minima/no-saddle-is-flat",
  statement:
    "A critical point with a negative eigenvalue above the gap is never certified flat, however small the eigenvalue is beside the largest.",
  inFloatingPoint: "program",
  source: derived("the definition asks for a minimum"),
  instances: saddle,
  value: -1,
  margin: ({ instance, kernels, value: sign }) =>
    Margin.holds(certified(instance, { kernels }, sign).verdict !== "flat"),
  controls: [
    { name: "a positive eigenvalue of that size", value: 1 },
    {
      name: "negative eigenvalues allowed up to 1e-3 of the largest",
      margin: ({ instance, kernels }) => {
        const { smallestEigenvalue, topEigenvalue } = certified(instance, { kernels }, -1)
        return Margin.holds(smallestEigenvalue < -1e-3 * topEigenvalue)
      },
    },
  ],
})
