/** The AGOP that there is to find in a product of coordinates. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Agop from "../../features/Agop.ts"
import { derived } from "../support/Paper.ts"

interface Product {
  readonly factors: number
  readonly inputs: number
  readonly seed: number
}

const samples = 20_000

const productMargin =
  (expected: typeof Agop.ofProduct) =>
  ({ factors, inputs: d, seed }: Product): number => {
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
        const error = Math.sqrt(Math.max(0, squares[at]! / samples - mean ** 2) / samples)
        return Margin.equal(mean, truth[at]!, { absolute: 6 * error + 1e-12 })
      }),
    )
  }

const product = Draw.record<Product>({
  factors: Draw.integer(1, 3),
  inputs: Draw.integer(3, 5),
  seed: Draw.seed(),
})

/** A bound of six standard errors: by the normal law 25 entries fail by chance once in 2e7 runs. */
export const productTask = claim<Product>({
  id: "catapults/agop-of-a-product",
  statement:
    "The expected AGOP of x_1 ... x_k on standard normal inputs is the projection on the first k coordinates.",
  source: derived("expected gradient outer product of a product of coordinates"),
  instances: product,
  margin: productMargin(Agop.ofProduct),
  controls: [
    {
      name: "k times the projection",
      instances: product,
      margin: productMargin((factors, inputs) =>
        Agop.ofProduct(factors, inputs).map((x) => x * (factors + 1)),
      ),
    },
    {
      name: "one coordinate more",
      instances: product,
      margin: productMargin((factors, inputs) =>
        Agop.ofProduct(Math.min(inputs, factors + 1), inputs),
      ),
    },
  ],
})
