import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Update } from "@nonconvex/problems/Update"
import { adagrad } from "../../descent/Adagrad.ts"
import { rmsprop } from "../../descent/Rmsprop.ts"
import { normals } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

const optimizers = { rmsprop, adagrad }

export const adaptiveSteps = claim({
  id: "catapults/adaptive-steps",
  statement:
    "RMSprop and Adagrad move each coordinate by - eta sum_t g_t / (sqrt(v_t) + epsilon), where v_t sums (1 - alpha) alpha^(t - s) g_s^2 and g_s^2 over s <= t.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("recursions of Hinton 2012 and Duchi, Hazan, Singer 2011, solved")),
  instances: Draw.record({
    dimension: Draw.integer(1, 4),
    steps: Draw.integer(1, 8),
    learningRate: Draw.logarithmic(1, 1e-3),
    smoothing: Draw.oneOf(0.5, 0.9, 0.99),
    epsilon: Draw.oneOf(1e-3, 0.1, 1),
    seed: Draw.seed(),
  }),
  value: optimizers,
  margin: ({ instance, value: subjects }) => {
    const { dimension, epsilon, learningRate, seed, smoothing, steps } = instance
    const root = Seed.root(seed)
    const gradients = Array.from({ length: steps }, (_step, t) => normals(root.child(t), dimension))
    const walk = (update: Update) => {
      const point = new Float64Array(dimension)
      const state = update.init(dimension)
      for (const gradient of gradients) update.apply(state, point, gradient)
      return state.step === steps ? point : point.fill(Number.NaN)
    }
    const expected = (weight: (age: number) => number) =>
      Float64Array.from({ length: dimension }, (_entry, i) =>
        gradients.reduce((sum, gradient, t) => {
          const v = gradients
            .slice(0, t + 1)
            .reduce((all, { [i]: g = 0 }, s) => all + weight(t - s) * g * g, 0)
          return sum - (learningRate * gradient[i]!) / (Math.sqrt(v) + epsilon)
        }, 0),
      )
    const unsaid = [subjects.rmsprop({ learningRate }), subjects.adagrad({ learningRate })]
    const said = [
      subjects.rmsprop({ learningRate, smoothing: 0.99, epsilon: 1e-8 }),
      subjects.adagrad({ learningRate, epsilon: 1e-10 }),
    ]
    return Margin.all(
      nearVector(
        walk(subjects.rmsprop({ learningRate, smoothing, epsilon })),
        expected((age) => (1 - smoothing) * Elementary.pow(smoothing, age)),
        1e-11,
      ),
      nearVector(
        walk(subjects.adagrad({ learningRate, epsilon })),
        expected(() => 1),
        1e-11,
      ),
      ...unsaid.map((update, k) => nearVector(walk(update), walk(said[k]!), 0)),
    )
  },
  controls: [
    { name: "Adagrad for RMSprop", value: { ...optimizers, rmsprop: adagrad } },
    {
      name: "epsilon under the root",
      value: {
        ...optimizers,
        adagrad: ({ epsilon = 1e-10, ...rest }) =>
          adagrad({ ...rest, epsilon: Math.sqrt(epsilon) }),
      },
    },
  ],
})
