/** Where the sharpness is geodesically convex, and the constants that say it. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Activation from "../../network/Activation.ts"
import { coherence, relabelled } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { exactCubic, exactSinh } from "../support/ExactActivation.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, randomNetwork, rescaled } from "../support/RandomNetwork.ts"

export const localConvexity = claim({
  id: "label-noise/local-geodesic-convexity",
  statement:
    "Where the Riemannian gradient is at most sqrt(mu) beta min_i |x_i|^2, every coefficient of the Riemannian Hessian is at least |x_i|^2 phi' phi''', so that the sharpness is geodesically convex.",
  inFloatingPoint: "spectrum",
  source: recalled(
    "local geodesic convexity of the trace of the Hessian; for data that are not of norm 1 derived here",
  ),
  instances: Draw.record({
    problem: randomNetwork(),
    /** The distance of the neurons from their common row, as a power of 10. */
    exponent: Draw.linear(0, -3),
    /** The norm of the shortest datum; the others are between it and 1. */
    least: Draw.linear(1, 0.2),
  }),
  value: 1,
  // `coefficient >= p t` at a point where the gradient is at most `factor` times the threshold
  margin: ({ instance: { exponent, least, problem }, kernels, value: factor }) => {
    const expanded = expand(problem, { kernels })
    const { constants, stream } = expanded
    const { network, theta } = rescaled(expanded, least)
    const { dimension: d, neurons: m } = network
    const threshold = Theory.convexityThreshold(
      coherence(network),
      constants.beta,
      Math.min(...network.weights),
    )
    const noise = stream("noise").normals(m * d)
    let scale = Elementary.pow(10, exponent)
    const geometryAt = () => {
      const near = noise.map((value, k) => theta[k % d]! + scale * value)
      return new Geometry(relabelled(network, near)).atParameters(near)
    }
    let geometry = geometryAt()
    while (geometry.gradientNorm > factor * threshold) {
      scale /= 2
      geometry = geometryAt()
    }
    const margins = Array.from(geometry.p, (slope, k) => {
      const i = Math.floor(k / m)
      const product = network.weights[i]! * (slope * geometry.t[k]!)
      return Margin.atLeast(geometry.hessianCoefficient(i, k % m), product, 1e-9)
    })
    return Margin.all(...margins)
  },
  controls: [{ name: "a gradient of any length", value: Number.POSITIVE_INFINITY }],
})

const point = Draw.record({
  activation: Draw.oneOf("cubic", "sinh"),
  slope: Draw.logarithmic(1, 0.01),
  z: Draw.logarithmic(1, 1e-3).chain((scale) => Draw.oneOf(scale, 30 * scale)),
  isNegative: Draw.oneOf(false, true),
})

export const normality = claim({
  id: "label-noise/normality-constants",
  statement:
    "beta |phi''| <= phi'^2 phi''' with beta = 16/3 nu^(3/2) for z^3 + nu z and 3 sqrt(3) / 2 for sinh z, attained at z^2 = nu / 9 and sinh^2 z = 1/2.",
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

/** The search for the constants of an activation that brings none. */
export const searchedConstants = claim({
  id: "label-noise/searched-constants",
  statement: "The constants that are searched for equal those that are known in closed form.",
  inFloatingPoint: "functions",
  source: derived("constants of the activations"),
  instances: point,
  margin: ({ instance: { activation, slope } }) => {
    const known = activation === "cubic" ? Activation.cubic(slope) : Activation.sinh
    const { first, name, second, third, value } = known
    const found = Activation.assess({ name, value, first, second, third })
    const { beta, rho1, rho2 } = known.constants!
    return Margin.all(
      Margin.equal(found.beta, beta, { relative: 1e-9 }),
      Margin.equal(found.rho1, rho1, { relative: 1e-6 }),
      Margin.equal(found.rho2, rho2, { relative: 1e-6 }),
      Margin.holds(found.applies),
    )
  },
  controls: [
    {
      name: "an interval that does not hold the tight point",
      margin: ({ instance: { slope } }) => {
        const { first, name, second, third, value } = Activation.cubic(slope)
        const range = Math.sqrt(slope / 9) / 2
        const found = Activation.assess({ name, value, first, second, third }, range)
        return Margin.equal(found.beta, (16 / 3) * Elementary.pow(slope, 1.5), { relative: 1e-9 })
      },
    },
  ],
})
