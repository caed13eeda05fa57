/** The constant beta of the activations, and local geodesic convexity. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { Geometry } from "../Geometry.ts"
import { derived, recalled } from "./Paper.ts"
import * as Activation from "../Activation.ts"
import * as Theory from "../Theory.ts"
import { coherence, relabelled } from "../TwoLayer.ts"
import { expand, type RandomNetwork, randomNetwork, rescaled } from "./RandomNetwork.ts"

interface Point {
  readonly activation: "cubic" | "sinh"
  readonly slope: number
  readonly z: number
  readonly isNegative: boolean
}

const point = Draw.record<Point>({
  activation: Draw.oneOf("cubic", "sinh"),
  slope: Draw.logarithmic(1, 0.01),
  z: Draw.logarithmic(1, 1e-3).chain((scale) => Draw.oneOf(scale, 30 * scale)),
  isNegative: Draw.oneOf(false, true),
})

const normalityMargin =
  (factor: number) =>
  ({ activation, isNegative, slope, z }: Point): number => {
    const chosen = activation === "cubic" ? Activation.cubic(slope) : Activation.sinh
    const { beta } = Activation.assess(chosen)
    const gap = (at: number) => chosen.first(at) ** 2 * chosen.third(at)
    const bound = (at: number) => factor * beta * Math.abs(chosen.second(at))
    const tight = activation === "cubic" ? Math.sqrt(slope / 9) : Math.asinh(Math.SQRT1_2)
    const at = isNegative ? -z : z
    return Margin.all(
      Margin.atMost(bound(at), gap(at), 1e-12),
      Margin.equal(bound(tight), gap(tight), { relative: 1e-6 }),
    )
  }

/** C8. */
export const normality = claim<Point>({
  id: "label-noise/normality-constants",
  statement:
    "beta |phi''| <= phi'^2 phi''' with beta = 16/3 nu^(3/2) for z^3 + nu z and 3 sqrt(3) / 2 for sinh z, attained at z^2 = nu / 9 and sinh^2 z = 1/2.",
  source: derived("constants of the activations"),
  instances: point,
  margin: normalityMargin(1),
  controls: [
    { name: "a thousandth more", instances: point, margin: normalityMargin(1.001) },
    { name: "a thousandth less", instances: point, margin: normalityMargin(0.999) },
  ],
})

const searchedMargin = ({ activation, slope }: Point): number => {
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
}

/** The search for the constants of an activation that brings none. */
export const searchedConstants = claim<Point>({
  id: "label-noise/searched-constants",
  statement: "The constants that are searched for equal those that are known in closed form.",
  source: derived("constants of the activations"),
  instances: point,
  margin: searchedMargin,
  controls: [
    {
      name: "an interval that does not hold the tight point",
      instances: point,
      margin: ({ slope }) => {
        const { first, name, second, third, value } = Activation.cubic(slope)
        const range = Math.sqrt(slope / 9) / 2
        const found = Activation.assess({ name, value, first, second, third }, range)
        return Margin.equal(found.beta, (16 / 3) * slope ** 1.5, { relative: 1e-9 })
      },
    },
  ],
})

interface NearAgreement {
  readonly problem: RandomNetwork
  /** The distance of the neurons from their common row, as a power of 10. */
  readonly exponent: number
  /** The norm of the shortest datum; the others are between it and 1. */
  readonly least: number
}

const nearAgreement = Draw.record<NearAgreement>({
  problem: randomNetwork(),
  exponent: Draw.linear(0, -3),
  least: Draw.linear(1, 0.2),
})

/** The margin of `coefficient >= p t` at a point where the gradient is at most `factor` times the threshold. */
const convexityMargin =
  (factor: number) =>
  ({ exponent, least, problem }: NearAgreement): number => {
    const expanded = expand(problem)
    const { constants, stream } = expanded
    const { network, theta } = rescaled(expanded, least)
    const { dimension: d, neurons: m, size: n } = network
    const threshold = Theory.convexityThreshold(
      coherence(network),
      constants.beta,
      Math.min(...network.weights),
    )
    const noise = new Float64Array(m * d)
    stream("noise").fillNormal(noise)
    let scale = 10 ** exponent
    const geometryAt = () => {
      const near = noise.map((value, k) => theta[k % d]! + scale * value)
      return new Geometry(relabelled(network, near)).atParameters(near)
    }
    let geometry = geometryAt()
    while (geometry.gradientNorm > factor * threshold) {
      scale /= 2
      geometry = geometryAt()
    }
    let worst = Number.POSITIVE_INFINITY
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        const product = geometry.p[i * m + j]! * geometry.t[i * m + j]!
        worst = Math.min(
          worst,
          Margin.atLeast(geometry.hessianCoefficient(i, j), network.weights[i]! * product, 1e-9),
        )
      }
    }
    return worst
  }

/** C10. */
export const localConvexity = claim<NearAgreement>({
  id: "label-noise/local-geodesic-convexity",
  statement:
    "Where the Riemannian gradient is at most sqrt(mu) beta min_i |x_i|^2, every coefficient of the Riemannian Hessian is at least |x_i|^2 phi' phi''', so that the sharpness is geodesically convex.",
  source: recalled(
    "local geodesic convexity of the trace of the Hessian; for data that are not of norm 1 derived here",
  ),
  instances: nearAgreement,
  margin: convexityMargin(1),
  controls: [
    {
      name: "a gradient of any length",
      instances: nearAgreement,
      margin: convexityMargin(Number.POSITIVE_INFINITY),
    },
  ],
})
