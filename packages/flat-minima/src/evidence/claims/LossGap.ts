import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"

/** A bound on the loss gap from the gradient norm and mu, and the factor of mu in its divisor. */
interface LossGap {
  readonly bound: typeof Theory.lossGapBound
  readonly divisor: number
}

type Steep = Readonly<Record<"dimension" | "mu" | "seed", number>>

/** A quadratic with the least curvature mu along the first coordinate, and a point. */
const steep = ({ dimension, mu, seed }: Steep) => {
  const stream = RandomStream.make(Seed.root(seed))
  const spectrum = stream.normals(dimension).map((z, k) => (k === 0 ? mu : mu * (1 + Math.abs(z))))
  return { spectrum, x: stream.normals(dimension) }
}

export const lossGap = claim<Steep, LossGap>({
  id: "flat-minima/loss-gap",
  statement:
    "On quadratics of least eigenvalue mu the Polyak-Lojasiewicz inequality f - min f <= |grad f|^2 / (2 mu) holds, and along the flattest direction both sides are equal.",
  source: recalled("the inequality"),
  instances: Draw.record({
    mu: Draw.logarithmic(0.1, 10),
    dimension: Draw.integer(1, 5),
    seed: Draw.seed(),
  }),
  value: { bound: Theory.lossGapBound, divisor: 2 },
  margin: ({ instance, value: { bound } }) => {
    const { mu } = instance
    const { spectrum, x } = steep(instance)
    const gap = x.reduce((sum, value, k) => sum + (spectrum[k]! * (value * value)) / 2, 0)
    const gradient = x.map((value, k) => spectrum[k]! * value)
    return Margin.all(
      Margin.atMost(gap, bound(Vector.norm(gradient), mu), 1e-12),
      Margin.equal((mu * (x[0]! * x[0]!)) / 2, bound(Math.abs(gradient[0]!), mu), {
        relative: 1e-12,
      }),
    )
  },
  exactly: ({ instance, value: { divisor } }) => {
    const { spectrum, x } = steep(instance)
    const [mu, two] = [Exact.of(instance.mu), Exact.of(2)]
    const values = Array.from(x, Exact.of)
    const gradient = values.map((value, k) => Exact.multiply(Exact.of(spectrum[k]!), value))
    const bound = (square: Exact.Value) =>
      Exact.divide(square, Exact.multiply(Exact.of(divisor), mu))
    const gap = Exact.sum(...values.map((value, k) => Exact.multiply(value, gradient[k]!)))
    return Exact.worst(
      Exact.atMost(Exact.divide(gap, two), bound(Exact.sum(...gradient.map(Exact.square)))),
      Exact.equal(
        Exact.divide(Exact.multiply(values[0]!, gradient[0]!), two),
        bound(Exact.square(gradient[0]!)),
      ),
    )
  },
  controls: [
    {
      name: "without the factor 2",
      value: { bound: (gradient, mu) => (gradient * gradient) / mu, divisor: 1 },
    },
    {
      name: "a quarter",
      value: { bound: (gradient, mu) => (gradient * gradient) / (4 * mu), divisor: 4 },
    },
  ],
})
