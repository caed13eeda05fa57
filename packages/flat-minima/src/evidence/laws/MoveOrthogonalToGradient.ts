import { claim, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { smoothedMove } from "../support/Moves.ts"
import { recalled } from "../support/Paper.ts"
import { expandQuartic, type QuarticInstance, quarticInstance } from "../support/Quartic.ts"
import { onSphere } from "../support/Random.ts"
import { flatMinima, type Subject } from "../support/Subject.ts"

/**
 * The move v of a smoothed step at a random point, the gradient h before the projection, and G. Of x - (G + v) only the rounding
 * of G is left.
 */
const projected = (
  subject: Subject,
  instance: QuarticInstance,
  change: (v: Float64Array, h: Float64Array) => void,
) => {
  const { objective, point } = expandQuartic(instance)
  const direction = onSphere(instance.seed, "sphere", point.length)
  const move = smoothedMove(subject, objective, point, instance.radius, direction)
  const gradient = new Float64Array(point.length)
  const h = new Float64Array(point.length)
  objective.valueAndGradient(
    point.map((x, j) => x + instance.radius * direction[j]!),
    h,
  )
  objective.valueAndGradient(point, gradient)
  change(move, h)
  return { gradient, h, move }
}

export const moveOrthogonalToGradient = claim({
  id: "flat-minima/move-orthogonal-to-gradient",
  statement:
    "|<v, G>| <= 1e-14 (|h| + |G|) |G| with h the gradient before the projection, in every dimension.",
  source: Kind.identity(recalled("the projection of both algorithms")),
  subject: flatMinima,
  instances: quarticInstance(6),
  value: (_v: Float64Array, _h: Float64Array): void => {},
  margin: ({ instance, subject, value: change }) => {
    const { gradient, h, move } = projected(subject, instance, change)
    const size = Vector.norm(gradient)
    const along = Math.abs(Vector.dot(move, gradient))
    return Margin.atMost(along / (Vector.norm(h) * size + size * size), 1e-14)
  },
  exactly: ({ instance, subject, value: change }) => {
    const told = projected(subject, instance, change)
    const [gradient, h, move] = [told.gradient, told.h, told.move].map(Exact.vector)
    const size = Exact.norm(gradient!)
    const most = Exact.product(Exact.of("1e-14"), Exact.add(Exact.norm(h!), size), size)
    return Exact.atMost(Exact.absolute(Exact.dot(move!, gradient!)), most)
  },
  controls: [{ name: "no projection", value: (v, h) => v.set(h) }],
})
