import { claim, Kind, Margin } from "@nonconvex/evidence"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { meanOf } from "../../flatness/Estimate.ts"
import { defaultStep, eachPair, estimateGradientOfTrace } from "../../flatness/GradientOfTrace.ts"
import * as Draws from "../../perturbation/Draws.ts"
import { derived } from "../support/Paper.ts"
import { bent, expand, gradientOf, type Instance, instances } from "../support/RandomMinimum.ts"

export const errorBarsByDefinition = claim<Instance, number>({
  id: "flat-minima/error-bars-by-definition",
  statement:
    "Estimates of means have the standard error of their samples, with n - 1 in the denominator. Estimates of the gradient of the trace are second differences along random signs, and the published random numbers are those of mulberry32.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("definition of a standard error")),
  instances,
  value: 1,
  margin: ({ instance, value: fewer }) => {
    const { dimension, seed } = instance
    const { model, point } = expand(instance)
    const pairs = 7
    const step = 0.1
    const options = { pairs, step, seed: Seed.root(seed) }
    const samples: Array<Float64Array> = []
    eachPair(model, point, options, (sample) => samples.push(sample.slice()))
    const found = estimateGradientOfTrace(model, point, options)
    const gradientAt = (x: Float64Array) => gradientOf(model, x)
    const length = step / Math.sqrt(dimension)
    const differences = samples.map((sample, k) => {
      const z = new Float64Array(dimension)
      RandomStream.make(options.seed.child(k)).fillRademacher(z)
      const bend = bent(gradientAt, point, length, z)
      const size = Vector.norm(gradientAt(point))
      return Margin.atMost(
        Vector.distance(
          bend,
          sample.map((value) => length * length * value),
        ),
        1e-11 * (1 + size),
      )
    })
    const components = Array.from({ length: dimension }, (_, j) => {
      const values = samples.map((sample) => sample[j]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / pairs
      const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
      const error = Math.sqrt(square / (pairs - fewer) / pairs)
      const absolute = 1e-10 * (Math.abs(mean) + error)
      const own = meanOf(values)
      return Margin.all(
        Margin.equal(found.estimate[j]!, mean, { absolute }),
        Margin.equal(found.standardError[j]!, error, { absolute }),
        Margin.equal(own.estimate, mean, { absolute }),
        Margin.equal(own.standardError, error, { absolute }),
      )
    })
    const pair = meanOf([0, point[0]!]).standardError
    const draws = Draws.published(seed)
    const [place, uniformPlace] = [draws.begin(), draws.begin()]
    const uniform = mulberry32(seed)
    const drawn = new Float64Array(2 * dimension + 1)
    draws.fillSphere(place, drawn)
    const next = gaussian(mulberry32(seed))
    const expected = Float64Array.from(drawn, () => next())
    Vector.scale(1 / Vector.norm(expected), expected)
    const signs = [0, 1, 2, 3].map(() => draws.sign(uniformPlace) === (uniform() < 0.5 ? 1 : -1))
    const indices = [0, 1, 2, 3].map(
      () => draws.index(uniformPlace, 10) === Math.floor(10 * uniform()),
    )
    return Margin.all(
      ...components,
      ...differences,
      Margin.equal(defaultStep(Float64Array.of(0.5, -0.2)), 1e-2, { relative: 1e-15 }),
      Margin.equal(defaultStep(Float64Array.of(3, -200)), 2, { relative: 1e-15 }),
      Margin.equal(pair, Math.abs(point[0]!) / 2, { relative: 1e-12 }),
      Margin.equal(Vector.distance(drawn, expected), 0, { absolute: 1e-14 }),
      Margin.holds([...signs, ...indices].every(Boolean)),
    )
  },
  controls: [{ name: "the number itself", value: 0 }],
})
