/** The definition of a flat point, and what a certificate may call flat. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { type Certificate, certify } from "../../certificate/Certificate.ts"
import * as Flatness from "../../flatness/Flatness.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived, recalled } from "../support/Paper.ts"

/** The point of the hyperbola at x: it is a minimum, so that its loss gap is 0. */
const onHyperbola = (x: number): Flatness.Measured => ({
  lossGap: 0,
  residual: Theory.factorisation.residual(x, 1 / x),
})

export const flatIsMonotone = claim({
  id: "flat-minima/flat-is-monotone",
  statement:
    "Being (eps, eps')-flat is monotone in both; (1, 1) is flat for (x y - 1)^2 / 2 and (3, 1/3) is not, at eps' = 0.1.",
  inFloatingPoint: "program",
  source: recalled("definition 3"),
  instances: Draw.record({
    /** The loss gap over eps, and the residual over eps'. */
    loss: Draw.linear(0, 2),
    residual: Draw.linear(0, 2),
    eps: Draw.logarithmic(1, 1e-6),
    epsPrime: Draw.logarithmic(1, 1e-3),
    more: Draw.linear(1, 10),
  }),
  value: Flatness.isFlat,
  margin: ({ instance: { eps, epsPrime, loss, more, residual }, value: test }) => {
    const measured = { lossGap: loss * eps, residual: residual * epsPrime }
    const isMonotone =
      !test(measured, eps, epsPrime) ||
      (test(measured, eps * more, epsPrime) && test(measured, eps, epsPrime * more))
    return Margin.holds(
      isMonotone && test(onHyperbola(1), 1e-12, 0.1) && !test(onHyperbola(3), 1e-12, 0.1),
    )
  },
  controls: [
    // right of both points of the hyperbola, whose loss gap of 0 counts as within any eps
    {
      name: "eps as the least loss gap, and not the largest",
      value: ({ lossGap, residual }, eps, epsPrime) =>
        (lossGap === 0 || lossGap >= eps) && residual <= epsPrime,
    },
    { name: "the loss alone", value: ({ lossGap }, eps) => lossGap <= eps },
  ],
})

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
