import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { designs, dimensions } from "../support/Designs.ts"
import { exactProbes } from "../support/ExactProbes.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"

/** E (z' H z)^2 over random signs, by enumeration. */
const squareOverSigns = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let corner = 0; corner < Elementary.pow(2, n); corner++) {
    const z = Float64Array.from({ length: n }, (_, i) => ((corner >> i) & 1 ? 1 : -1))
    sum += Elementary.square(quadraticForm(h, z))
  }
  return sum / Elementary.pow(2, n)
}

const quadraticForm = (h: Float64Array, z: Float64Array): number =>
  h.reduce((sum, value, k) => sum + value * z[Math.floor(k / z.length)]! * z[k % z.length]!, 0)

export const probeVariances = claim<
  Draw.Drawn<ReturnType<typeof matrix>>,
  typeof Theory.probeVariance
>({
  id: "flat-minima/probe-variances",
  statement:
    "Probes of the trace of a symmetric H have these variances: 2 (|H|^2 - sum H_ii^2) for random signs, and 2 |H|^2 for Gaussian probes. On the sphere of radius sqrt(d) it is (2 d |H|^2 - 2 tr^2) / (d + 2).",
  bounded: "the means are exact sums over designs, which are known for dimensions up to 4",
  source: derived("fourth moments of the probes"),
  instances: matrix(2, 4),
  value: Theory.probeVariance,
  margin: ({ instance, value: variance }) => {
    const { dimension: n } = instance
    const d = dimensions.find((each) => each === n)!
    const h = symmetric(instance)
    const trace = traceOf(h, n)
    const square = Vector.dot(h, h)
    const diagonal = h.reduce((sum, value, k) => sum + (k % (n + 1) === 0 ? value * value : 0), 0)
    // of points on the sphere of radius 1; the square of a Gaussian length has second moment d (d + 2)
    const onSphere =
      designs[d].reduce((sum, g) => sum + Elementary.square(quadraticForm(h, g)), 0) /
      designs[d].length
    const tolerance = { absolute: 1e-12 * n * n * square }
    return Margin.all(
      Margin.equal(
        variance.rademacher(square, diagonal),
        squareOverSigns(h, n) - trace * trace,
        tolerance,
      ),
      Margin.equal(variance.gaussian(square), n * (n + 2) * onSphere - trace * trace, tolerance),
      Margin.equal(variance.sphere(square, trace, n), n * n * onSphere - trace * trace, tolerance),
    )
  },
  exactly: ({ instance, value: variance }) => {
    const { dimension: n } = instance
    const d = dimensions.find((each) => each === n)!
    return exactProbes(symmetric(instance), n, designs[d], variance)
  },
  controls: [
    {
      name: "d for d + 2",
      value: {
        ...Theory.probeVariance,
        sphere: (square, trace, d) => (2 * d * square - 2 * trace * trace) / d,
      },
    },
    {
      name: "signs as if Gaussian",
      value: { ...Theory.probeVariance, rademacher: (square) => 2 * square },
    },
  ],
})
