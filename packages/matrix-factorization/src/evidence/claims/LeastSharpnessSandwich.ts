import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { recalled } from "../support/Paper.ts"
import { orbitOf, orbits } from "../support/SharpnessOrbits.ts"
import { gaugeDescent } from "../../flatness/GaugeDescent.ts"
import { rankOneInterval } from "../../measurements/RestrictedIsometry.ts"

export const leastSharpnessSandwich = claim({
  id: "matrix-factorization/least-sharpness-sandwich",
  statement:
    "The least T of a product lies between lo and hi times that of an isotropic design, at every depth.",
  inFloatingPoint: "limit",
  source: recalled("rank-one isometry suffices"),
  instances: orbits,
  value: (lo: number, hi: number): readonly [number, number] => [lo, hi],
  margin: ({ instance, kernels, value: ends }) => {
    const { depth, size } = instance
    const { m, measurements, shape } = orbitOf(instance, kernels)
    const { sharpness: least } = gaugeDescent(measurements, shape, m)
    const even = Theory.inducedIsotropic(
      depth,
      size,
      size,
      Matrix.nuclearNorm(m, size, size, kernels),
    )
    const { hi, lo } = rankOneInterval(measurements, { starts: 8 })
    const [low, high] = ends(lo, hi)
    return Margin.all(
      Margin.atLeast(least, low * even, 1e-6),
      Margin.atMost(least, high * even, 1e-6),
    )
  },
  controls: [
    {
      name: "the means of the ends in place of the ends",
      value: (lo, hi) => [(lo + hi) / 2, (lo + hi) / 2],
    },
  ],
})
