import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { complexed, outputsOf } from "../support/Complexed.ts"
import { derived } from "../support/Paper.ts"

export const complexConjugation = claim({
  id: "dp-lowrank/complex-conjugation",
  statement:
    "The sign of the imaginary noise does not change Y, and without it Algorithm 1 is the real mechanism.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("complex conjugation of M-hat")),
  instances: complexed(),
  value: -1,
  margin: ({ instance, kernels, value: factor }) => {
    const { im, re, real } = outputsOf(instance, { kernels })
    const { dimension, rank: k } = instance
    const noisy = { dimension, matrix: re }
    const [other, none] = [factor, 0].map((size) => {
      const imaginary = im.map((x) => size * x)
      return ComplexNoise.complexOutputs(noisy, imaginary, k, kernels).real
    })
    const tolerance = { absolute: 1e-9 * Vector.norm(re) }
    return Margin.all(
      Margin.equal(Vector.distance(other!, real), 0, tolerance),
      Margin.equal(Vector.distance(none!, LowRank.best(noisy, k, kernels)), 0, tolerance),
    )
  },
  controls: [{ name: "imaginary noise of another size", value: -2 }],
})
