import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as LowRank from "../../components/LowRank.ts"
import { unsafeNoiseInto } from "../../noise/Idealised.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { recalled } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const spikes = Draw.record({
  dimension: Draw.integer(60, 80),
  /** The eigenvalue, in units of sqrt(v d). */
  spike: Draw.linear(3, 6),
  scale: Draw.logarithmic(1, 100),
  seed: Draw.seed(),
})

export const shrunkEigenvalue = claim({
  id: "dp-lowrank/shrunk-eigenvalue",
  statement:
    "An eigenvalue s above sqrt(v d) appears at l = s + v d / s. The shrinkage gives s - v d / s, the best value for the noisy eigenvector. On average this is s times the squared overlap, to 0.3 sqrt(v d) over 16 matrices of 60 to 80 dimensions.",
  inFloatingPoint: "statistical",
  source: recalled("limits of spiked Wigner matrices", "eigenvalue and eigenvector of a spike"),
  instances: spikes,
  value: NoiseEnsemble.shrunkEigenvalue,
  margin: ({ instance: { dimension: d, scale, seed, spike }, kernels, value: shrunk }) => {
    const unit = scale * Math.sqrt(d)
    const [s, v] = [spike * unit, scale * scale]
    const noisy = new Float64Array(d * d)
    const matrix = new Float64Array(d * d)
    matrix[0] = s
    const stream = streamOf(seed, "noise")
    const draws = 16
    let excess = 0
    for (let k = 0; k < draws; k++) {
      unsafeNoiseInto(matrix, d, Math.SQRT2 * scale, scale, stream, kernels, noisy)
      const { values, vectors } = LowRank.topK({ dimension: d, matrix: noisy }, 1, kernels)
      excess += (shrunk(values[0]!, v, d) - s * Elementary.square(vectors[0]!)) / draws
    }
    return Margin.all(
      Margin.equal(shrunk(s + (v * d) / s, v, d), s - (v * d) / s, { relative: 1e-9 }),
      Margin.equal(excess, 0, { absolute: 0.3 * unit }),
    )
  },
  controls: [
    { name: "the eigenvalue as it is", value: (value) => value },
    {
      name: "the square of the edge taken once",
      value: (value, v, d) => Math.sqrt(value * value - 2 * v * d),
    },
  ],
})
