import { claim, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Flatness from "../../flatness/Flatness.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Theory from "../../theory/Theory.ts"
import { hyperbola, onHyperbola } from "../support/Hyperbola.ts"
import { derived } from "../support/Paper.ts"

const residualAt = (x: number): number => {
  const point = Float64Array.of(x, 1 / x)
  return Flatness.residual(hyperbola, point, TangentProjection.fromJacobian(hyperbola, point), {
    step: 0.1,
  })
}

/** Compares the residual at (x, 1 / x) with a power of |C| / (C^2 + 4), where C = x^2 - 1 / x^2, to the margin's tolerance. */
const exactResidual = (x: number, power: "1/2" | "1/4"): Exact.Compared => {
  const square = Exact.square(Exact.of(x))
  const c = Exact.subtract(square, Exact.divide(Exact.one, square))
  const length = Exact.sqrt(Exact.add(Exact.square(c), Exact.of(4)))
  const expected = Exact.divide(Exact.absolute(c), power === "1/2" ? length : Exact.sqrt(length))
  const off = Exact.absolute(Exact.subtract(Exact.of(residualAt(x)), expected))
  const allowed = Exact.multiply(Exact.of("1e-12"), Exact.add(Exact.one, expected))
  return Exact.atMost(off, allowed)
}

export const residualOnHyperbola = claim({
  id: "flat-minima/residual-on-hyperbola",
  statement:
    "On the hyperbola the trace of the Hessian is sqrt(C^2 + 4) and the flatness residual |C| / (C^2 + 4)^(1/4), with C = x^2 - y^2.",
  extent: { dimension: 2 },
  source: Kind.identity(derived("closed form of the residual")),
  instances: onHyperbola,
  margin: ({ instance: { x } }) =>
    Margin.all(
      Margin.equal(x * x + 1 / (x * x), Theory.factorisation.trace(x, 1 / x), { relative: 1e-12 }),
      ...[x, 1 / x].map((at) =>
        Margin.equal(residualAt(at), Theory.factorisation.residual(at, 1 / at), {
          relative: 1e-12,
          absolute: 1e-12,
        }),
      ),
      Margin.equal(x * x - 1 / (x * x), Theory.factorisation.invariant(x, 1 / x), {
        absolute: 1e-12 * x * x,
      }),
    ),
  exactly: ({ instance: { x } }) => exactResidual(x, "1/4"),
  controls: [
    {
      name: "the square root in place of the fourth root",
      exactly: ({ instance: { x } }) => exactResidual(x, "1/2"),
      margin: ({ instance: { x } }) => {
        const c = Theory.factorisation.invariant(x, 1 / x)
        return Margin.equal(residualAt(x), Math.abs(c) / Elementary.hypot(c, 2), {
          relative: 1e-12,
          absolute: 1e-12,
        })
      },
    },
  ],
})
