/** The tangent space of the minima by the Jacobian and by the Hessian. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { type QuadraticModel, quadraticModel } from "../problems/QuadraticModel.ts"
import * as TangentProjection from "../TangentProjection.ts"
import { derived } from "./Paper.ts"

interface ModelInstance {
  readonly dimension: number
  readonly size: number
  readonly seed: number
}
const modelInstance = Draw.record<ModelInstance>({
  dimension: Draw.integer(3, 6),
  size: Draw.integer(1, 2),
  seed: Draw.seed(),
})
const expandModel = ({ dimension, seed, size }: ModelInstance) =>
  quadraticModel({ dimension, size, seed: Seed.root(seed) })

/** Margin of |P v - Q v| over a random unit v, Q from the Jacobian at `point`; P is what the gap test found there. */
const sameProjection = (
  { seed }: ModelInstance,
  model: QuadraticModel,
  point: Float64Array,
  { apply }: TangentProjection.Projection,
): number => {
  const a = new Float64Array(model.dimension)
  RandomStream.make(Seed.root(seed).child("direction")).fillSphere(a)
  const b = a.slice()
  apply(a)
  TangentProjection.fromJacobian(model, point).apply(b)
  return Margin.atMost(Vector.distance(a, b), 1e-8)
}
const sameSpace = claim<ModelInstance>({
  id: "flat-minima/two-tangent-spaces",
  statement:
    "At an interpolating point the projection off the rows of the Jacobian is the projection onto the kernel of the Hessian that the gap test finds.",
  source: derived("the Hessian there is J'J / n"),
  instances: modelInstance,
  margin: (instance) => {
    const model = expandModel(instance)
    const test = TangentProjection.fromHessian(model, model.minimum)
    return test._tag === "NoGap"
      ? -1
      : sameProjection(instance, model, model.minimum, test.projection)
  },
  controls: [
    {
      name: "a little away from the minimum, with the gap that is still there",
      instances: modelInstance,
      margin: (instance) => {
        const model = expandModel(instance)
        const away = model.minimum.map((x) => x + 1e-4)
        const test = TangentProjection.fromHessian(model, away, { gap: 2, zero: 0.5 })
        // only the projections are to tell
        return test._tag === "NoGap" || test.projection.rank !== model.size
          ? 1
          : sameProjection(instance, model, away, test.projection)
      },
    },
  ],
})

export const tangentClaims: ReadonlyArray<Claim> = [sameSpace]
