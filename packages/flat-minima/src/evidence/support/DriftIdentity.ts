import { claim, Draw, type Law, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Moves from "./Moves.ts"
import { derived } from "./Paper.ts"
import { gradientOfTraceAtMinimum, quadraticModel } from "./QuadraticModel.ts"
import { flatMinima, type Subject } from "./Subject.ts"

export const modelInstance = Draw.record({
  dimension: Draw.integer(3, 8),
  size: Draw.integer(1, 2),
  radius: Draw.logarithmic(0.5, 1e-2),
  seed: Draw.seed(),
})

/** |P mean - gain rho^2 / 2 P grad trb| at the minimum, relative to the size of the summands. */
export const identityError = (
  subject: Subject,
  { dimension: d, radius, seed, size }: Draw.Drawn<typeof modelInstance>,
  mean: Moves.MeanMove,
  gain: (d: number) => number,
): number => {
  const model = quadraticModel({ dimension: d, size, seed: Seed.root(seed) })
  const { apply } = TangentProjection.fromJacobian(model, model.minimum)
  const drift = mean(subject, model, model.minimum, radius)
  const scale = Vector.norm(drift)
  const predicted = gradientOfTraceAtMinimum(model)
  const factor = (gain(d) * (radius * radius)) / (2 * d)
  const length = Vector.norm(predicted) * factor
  Vector.scale(factor, predicted)
  apply(drift)
  apply(predicted)
  return Vector.distance(drift, predicted) / (scale + length)
}

type Gain = (d: number) => number

interface Wrong {
  readonly name: string
  readonly value: Gain
}

export const driftIdentity = (
  name: string,
  statement: string,
  mean: Moves.MeanMove,
  value: Gain,
  controls: readonly [Wrong, Wrong],
): Law<Subject> =>
  claim({
    id: `flat-minima/${name}`,
    statement,
    inFloatingPoint: "agreement",
    source: derived("drift at a minimum"),
    subject: flatMinima,
    instances: modelInstance,
    value,
    margin: ({ instance, subject, value: gain }) =>
      Margin.atMost(identityError(subject, instance, mean, gain), 1e-9),
    controls,
  })
