/** Noise that looks the same in every direction of symmetric matrices. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"
import { dpLowrank, mutant } from "../support/Subject.ts"

export const isotropicNoise = claim({
  id: "dp-lowrank/isotropic-noise",
  statement:
    "The noise has the same variance along every unit direction of symmetric matrices, whether along a coordinate or rotated (one false alarm in 1e9 trials).",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("orthogonal equivariance in law")),
  subject: dpLowrank,
  instances: Draw.record({
    dimension: Draw.integer(2, 5),
    scale: Draw.logarithmic(1, 100),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { dimension: d, scale, seed }, kernels, subject: { noise } }) => {
    const n = 1000
    const stream = streamOf(seed, "noise")
    let [along, across] = [0, 0]
    for (let k = 0; k < n; k++) {
      const e = noise(d, scale, stream, kernels)
      along += Elementary.square(e[0]! / scale) / n
      // the direction (e_1 e_2^T + e_2 e_1^T) / sqrt 2
      across += Elementary.square((Math.SQRT2 * e[1]!) / scale) / n
    }
    const tolerance = { absolute: 6.5 * Math.sqrt(2 / n) }
    return Margin.all(Margin.equal(along, 1, tolerance), Margin.equal(across, 1, tolerance))
  },
  controls: [
    mutant("one variance on the upper triangle", (subject) => ({
      noise: (d, scale, stream, kernels) =>
        subject
          .noise(d, scale, stream, kernels)
          .map((x, at) => (at % (d + 1) === 0 ? x : Math.SQRT2 * x)),
    })),
  ],
})
