/** The laws hold for another, slow implementation, and refuse wrong ones. */
import { assert, describe, it } from "@effect/vitest"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Verify from "@nonconvex/evidence/Verify"
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems"
import type { NoisyLoss } from "../../src/evidence/support/NoisyLoss.ts"
import type { Subject } from "../../src/evidence/support/Subject.ts"
import { laws } from "../../src/evidence/index.ts"
import { flatLimit } from "../../src/index.ts"
import { flowOfParameters } from "../../src/flow/SharpnessFlow.ts"
import { Geometry } from "../../src/geometry/Geometry.ts"
import { retract } from "../../src/geometry/Retraction.ts"
import { type TwoLayer } from "../../src/network/TwoLayer.ts"

const effort = { runs: 30, seed: 8 }

/** Gradient descent on any objective; its other arguments are for the mistakes. */
const descentOn =
  (see: (loss: NoisyLoss) => void) =>
  (learningRate: number): Method<MethodState & { readonly loss: NoisyLoss }, NoisyLoss> => ({
    name: "gradient descent",
    init: (loss, start) => ({ loss, point: start.slice(), steps: 0, status: "running" }),
    step: (state) => {
      see(state.loss)
      const gradient = new Float64Array(state.point.length)
      const value = state.loss.valueAndGradient(state.point, gradient)
      Vector.axpy(-learningRate, gradient, state.point)
      state.steps++
      return value
    },
  })

const geometry = (network: TwoLayer, theta: Float64Array) => {
  const { gs, multipliers, sharpness } = new Geometry(network).atParameters(theta)
  return { sharpness, multipliers, velocity: gs.map((value) => -value) }
}

const another: Subject = {
  descent: descentOn(() => {}),
  geometry,
  flow: (network, theta, time) => flowOfParameters(network, theta, { time, gradient: 0 }).theta,
  flatLimit,
  retract,
}

/** Mistakes, each with a law that must detect it. */
const mistakes: ReadonlyArray<readonly [law: string, subject: Partial<Subject>]> = [
  [
    "negated-network",
    {
      descent: descentOn(({ epsilon }) => epsilon.set(epsilon.map(Math.abs))),
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
