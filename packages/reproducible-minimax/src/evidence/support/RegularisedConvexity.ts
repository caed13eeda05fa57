import { Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { regularised } from "../../problem/Problem.ts"
import { affine } from "./Linear.ts"
import * as RandomProblem from "./RandomProblem.ts"

export const constantsInstances = Draw.record({
  ...RandomProblem.smallQuadratics,
  strength: Draw.logarithmic(1, 1e-3),
})

/** Factors on l and r: on the modulus, and on the smoothness. */
type ConvexityBounds = readonly [readonly [number, number], readonly [number, number]]

/** The least and the largest curvature of the objective, with r added to each, against these. */
export const exactConvexity = (
  instance: Draw.Drawn<typeof constantsInstances>,
  bounds: ConvexityBounds,
): Exact.Compared => {
  const { spectrum } = RandomProblem.expandQuadratic(instance)
  const r = Exact.of(instance.strength)
  const [most, least] = [spectrum[0]!, spectrum.at(-1)!].map((x) => Exact.add(Exact.of(x), r))
  const [modulus, smoothness] = bounds.map(([l, times]) =>
    Exact.add(Exact.of(l), Exact.multiply(Exact.of(times), r)),
  )
  return Exact.worst(Exact.atLeast(least!, modulus!), Exact.atMost(most!, smoothness!))
}

/** Compares Rayleigh quotients of the regularised Hessian with multiples of l and r. */
export const convexityMargin = (
  instance: Draw.Drawn<typeof constantsInstances>,
  [modulus, smoothness]: ConvexityBounds,
): Margin.Comparison => {
  const { problem, start, stream } = RandomProblem.expandQuadratic(instance)
  const n = start.length
  const { strength: r } = instance
  const { jacobian } = affine(regularised(problem, r, start).operator, n)
  const basis = Orthogonal.haar(n, stream("basis"))
  let [least, most] = [Infinity, 0]
  for (let k = 0; k < n; k++) {
    const v = Float64Array.from({ length: n }, (_zero, i) => basis[i * n + k]!)
    const image = v.map((_entry, i) => Vector.dot(jacobian.slice(i * n, (i + 1) * n), v))
    const quotient = Vector.dot(v, image)
    least = Math.min(least, quotient)
    most = Math.max(most, quotient)
  }
  return Margin.all(
    Margin.atLeast(least, modulus[0] + modulus[1] * r, 1e-9),
    Margin.atMost(most, smoothness[0] + smoothness[1] * r, 1e-9),
  )
}
