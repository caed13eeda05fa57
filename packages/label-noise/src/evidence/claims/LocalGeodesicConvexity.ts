import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Geometry } from "../../geometry/Geometry.ts"
import { coherence, relabelled } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { expand, randomNetwork, rescaled } from "../support/RandomNetwork.ts"

export const localGeodesicConvexity = claim({
  id: "label-noise/local-geodesic-convexity",
  statement:
    "Where the Riemannian gradient is at most sqrt(mu) beta min_i |x_i|^2, every coefficient of the Riemannian Hessian is at least |x_i|^2 phi' phi''', so that the sharpness is geodesically convex.",
  inFloatingPoint: "spectrum",
  source: recalled(
    "local geodesic convexity of the trace of the Hessian; for data that are not of norm 1 derived here",
  ),
  instances: Draw.record({
    problem: randomNetwork(),
    /** Distance of the neurons from their common row, as a power of 10. */
    exponent: Draw.linear(0, -3),
    /** Norm of the shortest datum; other norms lie between it and 1. */
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
      return Margin.of(
        "coefficient of the Hessian along the minima",
        Margin.atLeast(geometry.hessianCoefficient(i, k % m), product, 1e-9),
      )
    })
    return Margin.all(...margins)
  },
  controls: [{ name: "a gradient of any length", value: Number.POSITIVE_INFINITY }],
})
