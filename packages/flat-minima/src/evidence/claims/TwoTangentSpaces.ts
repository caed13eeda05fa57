import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { derived } from "../support/Paper.ts"
import { quadraticModel, type QuadraticModel } from "../support/QuadraticModel.ts"
import { onSphere } from "../support/Random.ts"

const modelInstance = Draw.record({
  dimension: Draw.integer(3, 6),
  size: Draw.integer(1, 2),
  seed: Draw.seed(),
})

type ModelInstance = Draw.Drawn<typeof modelInstance>

const expandModel = ({ dimension, seed, size }: ModelInstance) =>
  quadraticModel({ dimension, size, seed: Seed.root(seed) })

/** Margin of |P v - Q v| over a random unit v; P is the projection of the gap test, and Q that of the Jacobian at `point`. */
const sameProjection = (
  { seed }: ModelInstance,
  model: QuadraticModel,
  point: Float64Array,
  { apply }: TangentProjection.Projection,
): Margin.Comparison => {
  const a = onSphere(seed, "direction", model.dimension)
  const b = a.slice()
  apply(a)
  TangentProjection.fromJacobian(model, point).apply(b)
  return Margin.atMost(Vector.distance(a, b), 1e-8)
}

export const twoTangentSpaces = claim({
  id: "flat-minima/two-tangent-spaces",
  statement:
    "At an interpolating point the projection off the rows of the Jacobian is the projection onto the kernel of the Hessian that the gap test finds.",
  inFloatingPoint: "spectrum",
  source: Kind.identity(derived("the Hessian there is J'J / n")),
  instances: modelInstance,
  margin: ({ instance, kernels }) => {
    const model = expandModel(instance)
    const test = TangentProjection.fromHessian(model, model.minimum, { kernels })
    return test._tag === "NoGap"
      ? Margin.holds(false)
      : sameProjection(instance, model, model.minimum, test.projection)
  },
  controls: [
    {
      name: "a point next to the minimum, with the spectral gap of that point",
      margin: ({ instance, kernels }) => {
        const model = expandModel(instance)
        const away = model.minimum.map((x) => x + 1e-4)
        const test = TangentProjection.fromHessian(model, away, { gap: 2, zero: 0.5, kernels })
        // only the projections are to tell
        return test._tag === "NoGap" || test.projection.rank !== model.size
          ? Margin.holds(true)
          : sameProjection(instance, model, away, test.projection)
      },
    },
  ],
})
