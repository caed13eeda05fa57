/** Values from an independent implementation, and nonunique multipliers. */
import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../../src/network/Activation.ts"
import { flattest } from "../../src/limit/FlatLimit.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { flatLimit, twoLayer } from "../../src/index.ts"
import { takeStep } from "../../src/descent/NoisyDescent.ts"
import { coherence, outputs, preactivations, relabelled } from "../../src/network/TwoLayer.ts"
import { Geometry } from "../../src/geometry/Geometry.ts"
import { flowOfPreactivations } from "../../src/flow/SharpnessFlow.ts"

const theta = Float64Array.of(0.5, -0.25, 0.75, -0.5, 1, 0.25, 0.25, 0.5, -1)
const network = relabelled(
  twoLayer({
    activation: Activation.cubic(1),
    features: Float64Array.of(0.6, 0.8, 0, 0, 0.6, 0.8),
    dimension: 3,
    labels: new Float64Array(2),
    neurons: 3,
  }),
  theta,
)

const close = (actual: Float64Array, expected: ReadonlyArray<number>, tolerance: number): void => {
  assert.strictEqual(actual.length, expected.length)
  expected.forEach((value, i) => assert.closeTo(actual[i]!, value, tolerance, `element ${i}`))
}

describe("a cubic network with two data and three neurons", () => {
  const geometry = new Geometry(network).atParameters(theta)

  it("outputs and data", () => {
    close(outputs(network, theta), [1.442375, 1.228125], 1e-15)
    assert.closeTo(coherence(network), 0.52, 1e-14)
  })

  it("sharpness, multipliers and gradient", () => {
    assert.closeTo(geometry.sharpness, 21.9349125, 1e-13)
    close(geometry.multipliers, [4.327759846292846, 5.834283437866138], 1e-13)
    const gradient = new Float64Array(9)
    geometry.gradient(gradient)
    const expected = [
      -1.9329555850089788, -2.996140489167195, -0.558488501095853, 1.7558521613925118,
      8.938671632048544, 8.796713889144707, 2.600578855917839, -8.958559135202325,
      -16.567996813012595,
    ]
    close(gradient, expected, 1e-12)
    assert.closeTo(geometry.gradientNorm, 23.12806601721786, 1e-12)
  })

  it("projection and Riemannian Hessian", () => {
    const direction = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
    geometry.project(direction)
    const expected = [
      0.9048635603407884, -0.2905413715709958, -0.21825704714495153, -0.16163958194526248,
      0.4871350312803796, -0.3964607015012494, -0.17618714432033614, -0.41311984678341274,
      0.7623951275249361,
    ]
    close(direction, expected, 1e-14)
    assert.closeTo(geometry.hessian(direction), 18.667050493469528, 1e-12)
  })

  it("the flat limit in one solve", () => {
    const { preactivations: common, sharpness } = flattest(network)
    close(common, [0.4112422831420484, 0.3619548282460836], 1e-15)
    assert.closeTo(sharpness, 12.638038636069775, 1e-13)
  })

  const limit = [
    0.7756008047691749, -0.06764774964932058, 0.5031793475445947, -0.40527237610400607,
    0.818007136005565, -0.1610618166965695, -0.18074015157178175, 0.6496079676063968,
    -0.03476244039719223,
  ]

  it("the limit of the flow, solved and integrated", () => {
    close(flatLimit(network, theta).theta, limit, 1e-14)
    const flow = flowOfPreactivations(network, theta)
    assert.strictEqual(flow.status, "stationary")
    close(flow.theta, limit, 1e-10)
  })

  it("a step with all data and noise 0.1 and -0.2", () => {
    const next = Float64Array.from(theta)
    const rate = Theory.gradientFactor("half") * 0.01
    // half the mean of the squares of the noise: the network fits
    assert.closeTo(
      takeStep(network, next, Uint32Array.of(0, 1), Float64Array.of(0.1, -0.2), rate),
      0.0125,
      1e-15,
    )
    const expected = [
      0.500309, -0.2505525, 0.748714, -0.499475, 0.998948, 0.247664, 0.25057225, 0.499713, -1.0014,
    ]
    close(next, expected, 1e-15)
  })
})

describe("a datum that is there twice", () => {
  it("has the same multiplier both times, and the gradient stays tangent", () => {
    const features = Float64Array.of(0.6, 0.8, 0, 0.6, 0.8, 0, 0, 0.6, 0.8)
    const twice = twoLayer({
      activation: Activation.cubic(1),
      features,
      dimension: 3,
      labels: new Float64Array(3),
      neurons: 4,
    })
    const at = Float64Array.from({ length: 12 }, (_, k) => Math.sin(3 * k))
    const geometry = new Geometry(twice).atParameters(at)
    assert.isTrue(geometry.isSingular)
    const [first, second] = geometry.multipliers
    assert.closeTo(first!, second!, 1e-9 * Math.abs(first!))
    // J grad: the inner products with the gradients of the outputs
    for (let i = 0; i < 3; i++) {
      let along = 0
      for (let j = 0; j < 4; j++) along += geometry.p[i * 4 + j]! * geometry.gs[i * 4 + j]!
      assert.closeTo(along, 0, 1e-9 * geometry.sharpness)
    }
    // so does any direction that is projected
    const direction = Float64Array.from({ length: 12 }, (_, k) => Math.cos(5 * k))
    geometry.project(direction)
    const z = new Float64Array(12)
    preactivations(twice, direction, z)
    for (let i = 0; i < 3; i++) {
      let along = 0
      for (let j = 0; j < 4; j++) along += geometry.p[i * 4 + j]! * z[i * 4 + j]!
      assert.closeTo(along, 0, 1e-9 * geometry.sharpness)
    }
    const again = Float64Array.from(direction)
    geometry.project(again)
    assert.isAtMost(Vector.distance(again, direction), 1e-12)
  })
})
