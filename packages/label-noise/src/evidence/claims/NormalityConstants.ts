import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Activation from "../../network/Activation.ts"
import { exactCubic, exactSinh } from "../support/ExactActivation.ts"
import { derived } from "../support/Paper.ts"
import { point } from "../support/PointOnMinima.ts"

export const normalityConstants = claim({
  id: "label-noise/normality-constants",
  statement:
    "beta |phi''| <= phi'^2 phi''' with beta = 16/3 nu^(3/2) for z^3 + nu z and 3 sqrt(3) / 2 for sinh z, attained at z^2 = nu / 9 and sinh^2 z = 1/2.",
  extent: "numbers",
  source: derived("constants of the activations"),
  instances: point,
  value: 1,
  margin: ({ instance: { activation, isNegative, slope, z }, value: factor }) => {
    const chosen = activation === "cubic" ? Activation.cubic(slope) : Activation.sinh
    const { beta } = Activation.assess(chosen)
    const gap = (at: number) => Elementary.square(chosen.first(at)) * chosen.third(at)
    const bound = (at: number) => factor * beta * Math.abs(chosen.second(at))
    const tight = activation === "cubic" ? Math.sqrt(slope / 9) : Elementary.asinh(Math.SQRT1_2)
    const at = isNegative ? -z : z
    return Margin.all(
      Margin.atMost(bound(at), gap(at), 1e-12),
      Margin.equal(bound(tight), gap(tight), { relative: 1e-6 }),
    )
  },
  exactly: ({ instance: { activation, isNegative, slope, z }, value: factor }) => {
    const { beta, derivatives, tight } = activation === "cubic" ? exactCubic(slope) : exactSinh
    const sides = (at: Exact.Value) => {
      const [first, second, third] = derivatives(at)
      return {
        bound: Exact.product(Exact.of(factor), beta, Exact.absolute(second)),
        gap: Exact.multiply(Exact.square(first), third),
      }
    }
    const drawn = sides(Exact.of(isNegative ? -z : z))
    const attained = sides(tight)
    return Exact.worst(
      Exact.atMost(drawn.bound, drawn.gap),
      Exact.equal(attained.bound, attained.gap),
    )
  },
  controls: [
    { name: "a thousandth more", value: 1.001 },
    { name: "a thousandth less", value: 0.999 },
  ],
})
