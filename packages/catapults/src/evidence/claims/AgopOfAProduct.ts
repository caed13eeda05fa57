import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Agop from "../../features/Agop.ts"
import { derived } from "../support/Paper.ts"

const samples = 20_000

/** A bound of six standard errors: by the normal law 25 entries fail by chance once in 2e7 runs. */
export const agopOfAProduct = claim({
  id: "catapults/agop-of-a-product",
  statement:
    "The expected AGOP of x_1 ... x_k on standard normal inputs is the projection on the first k coordinates.",
  inFloatingPoint: "statistical",
  bounded:
    "of many factors the samples have tails so heavy that six standard errors of 20,000 are no bound",
  source: derived("expected gradient outer product of a product of coordinates"),
  instances: Draw.record({
    factors: Draw.integer(1, 3),
    inputs: Draw.integer(3, 5),
    seed: Draw.seed(),
  }),
  value: Agop.ofProduct,
  margin: ({ instance: { factors, inputs: d, seed }, value: expected }) => {
    const stream = RandomStream.make(Seed.root(seed))
    const x = new Float64Array(d)
    const gradient = new Float64Array(d)
    const sum = new Float64Array(d * d)
    const squares = new Float64Array(d * d)
    for (let s = 0; s < samples; s++) {
      stream.fillNormal(x)
      for (let j = 0; j < factors; j++) {
        let product = 1
        for (let i = 0; i < factors; i++) if (i !== j) product *= x[i]!
        gradient[j] = product
      }
      for (let i = 0; i < factors; i++) {
        for (let j = 0; j < factors; j++) {
          const value = gradient[i]! * gradient[j]!
          sum[i * d + j]! += value
          squares[i * d + j]! += value * value
        }
      }
    }
    const truth = expected(factors, d)
    return Margin.all(
      ...Array.from(sum, (total, at) => {
        const mean = total / samples
        const error = Math.sqrt(Math.max(0, squares[at]! / samples - mean * mean) / samples)
        return Margin.equal(mean, truth[at]!, { absolute: 6 * error + 1e-12 })
      }),
    )
  },
  controls: [
    {
      name: "k times the projection",
      value: (factors, inputs) => Agop.ofProduct(factors, inputs).map((x) => x * (factors + 1)),
    },
    {
      name: "one coordinate more",
      value: (factors, inputs) => Agop.ofProduct(Math.min(inputs, factors + 1), inputs),
    },
  ],
})
