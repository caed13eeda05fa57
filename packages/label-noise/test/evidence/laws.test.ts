/** The laws hold for another implementation of the same, written the slow way, and refuse ones that are wrong. */
import { assert, describe, it } from "@effect/vitest"
import { Verdict, Verify } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import { laws, type Subject } from "../../src/evidence/index.ts"
import { flatLimit, flowOfParameters, Geometry, retract, type TwoLayer } from "../../src/index.ts"

const effort = { runs: 30, seed: 8 }

/** Gradient descent by central differences in the noise's own loss would not be exact enough: by sums over neurons and data. */
const slowStep: Subject["step"] = (network, theta, indices, epsilon, learningRate) => {
  const { activation, dimension: d, features, labels } = network
  const before = Float64Array.from(theta)
  const z = (i: number, j: number) => {
    let sum = 0
    for (let a = 0; a < d; a++) sum += features[i * d + a]! * before[j * d + a]!
    return sum
  }
  indices.forEach((i, b) => {
    let r = -labels[i]! - epsilon[b]!
    for (let j = 0; j < network.neurons; j++) r += activation.value(z(i, j))
    for (let k = 0; k < theta.length; k++) {
      const slope = activation.first(z(i, Math.floor(k / d)))
      theta[k]! -= (learningRate / indices.length) * r * slope * features[i * d + (k % d)]!
    }
  })
}

const geometry = (network: TwoLayer, theta: Float64Array) => {
  const { gs, multipliers, sharpness } = new Geometry(network).atParameters(theta)
  return { sharpness, multipliers, velocity: gs.map((value) => -value) }
}

const another: Subject = {
  step: slowStep,
  geometry,
  flow: (network, theta, time) => flowOfParameters(network, theta, { time, gradient: 0 }).theta,
  flatLimit,
  retract,
}

/** One mistake each, and a law that must see it. */
const mistakes: ReadonlyArray<readonly [law: string, subject: Partial<Subject>]> = [
  [
    "negated-network",
    {
      step: (network, theta, indices, epsilon, rate) =>
        slowStep(network, theta, indices, epsilon.map(Math.abs), rate),
    },
  ],
  [
    "larger-data",
    {
      geometry: (network, theta) => {
        const point = geometry(network, theta)
        return { ...point, velocity: point.velocity.map((v) => v / network.weights[0]!) }
      },
    },
  ],
  ["time-rescaling", { flow: (network, theta, time) => another.flow(network, theta, time ** 2) }],
  [
    "direct-solve-forgets-its-start",
    { flatLimit: (network, theta) => ({ ...flatLimit(network, theta), theta }) },
  ],
  ["retraction", { retract: (_, theta) => theta }],
]

describe("laws", () => {
  for (const law of laws) {
    it.effect(`${law.id} holds for another implementation`, () =>
      Effect.gen(function* () {
        const verdict = yield* Verify.claim(law.against(another), effort)
        assert.strictEqual(verdict._tag, "Held", Verdict.describe(verdict))
      }).pipe(Effect.provide(Kernels.layerStrict)),
    )
  }

  for (const [name, mistake] of mistakes) {
    it.effect(`${name} sees a mistake`, () =>
      Effect.gen(function* () {
        const law = laws.find(({ id }) => id === `label-noise/${name}`)!
        const verdict = yield* Verify.claim(law.against({ ...another, ...mistake }), effort)
        assert.strictEqual(verdict._tag, "Falsified")
      }).pipe(Effect.provide(Kernels.layerStrict)),
    )
  }
})
