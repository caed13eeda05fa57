/** F19: the definition of a flat point. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import * as Flatness from "../Flatness.ts"
import * as Theory from "../Theory.ts"
import { recalled } from "./Paper.ts"

interface FlatInstance {
  readonly x: number
  readonly eps: number
  readonly epsPrime: number
  readonly more: number
}
const flatInstance = Draw.record<FlatInstance>({
  x: Draw.logarithmic(1, 3),
  eps: Draw.logarithmic(1, 1e-6),
  epsPrime: Draw.logarithmic(1, 1e-3),
  more: Draw.linear(1, 10),
})
const flatMargin = ({ eps, epsPrime, more, x }: FlatInstance, test: typeof Flatness.isFlat) => {
  const measured = { lossGap: 0.01 * x, residual: Theory.factorisation.residual(x, 1 / x) }
  const here = test(measured, eps, epsPrime)
  return Margin.holds(
    (!here || (test(measured, eps * more, epsPrime) && test(measured, eps, epsPrime * more))) &&
      test({ lossGap: 0, residual: Theory.factorisation.residual(1, 1) }, 1e-12, 0.1) &&
      !test({ lossGap: 0, residual: Theory.factorisation.residual(3, 1 / 3) }, 1e-12, 0.1),
  )
}
const flatIsMonotone = claim<FlatInstance>({
  id: "flat-minima/flat-is-monotone",
  statement:
    "Being (eps, eps')-flat is monotone in both; (1, 1) is flat for (x y - 1)^2 / 2 and (3, 1/3) is not, at eps' = 0.1.",
  source: recalled("definition 3"),
  instances: flatInstance,
  margin: (instance) => flatMargin(instance, Flatness.isFlat),
  controls: [
    {
      name: "the residual between eps and eps'",
      instances: flatInstance,
      margin: (instance) =>
        flatMargin(
          instance,
          ({ residual }, eps, epsPrime) => residual >= eps && residual <= epsPrime,
        ),
    },
  ],
})

export const flatClaims: ReadonlyArray<Claim> = [flatIsMonotone]
