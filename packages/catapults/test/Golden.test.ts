// Numbers that were computed elsewhere, in float64.
import { assert, describe, it } from "vitest"
import * as Theory from "../src/theory/index.ts"
import * as TangentKernel from "../src/network/TangentKernel.ts"
import { Agop, descentOf, meanSquared, ntkArchitecture, ntkNetwork } from "../src/index.ts"
import * as LinearNetwork from "../src/theory/LinearNetwork.ts"
import * as ReducedMap from "../src/theory/ReducedMap.ts"

const assertClose = (actual: number, expected: number) =>
  assert.closeTo(actual, expected, 1e-12 * Math.max(1, Math.abs(expected)))

describe("golden numbers", () => {
  it("of the reduced map", () => {
    const known = new Map<number, readonly [number, number]>([
      [1, [0.0022470010000000006, 2.4985]],
      [5, [0.05092928545125939, 2.4334278235929143]],
      [8, [0.16609038921248853, 1.9158289080568902]],
      [15, [8.558746655172128e-8, 1.2800225692655267]],
    ])
    let state: ReducedMap.Reduced = { u: 1e-3, kappa: 2.5 }
    for (let t = 1; t <= 15; t++) {
      state = ReducedMap.step(state)
      const [u, kappa] = known.get(t) ?? [state.u, state.kappa]
      assertClose(state.u, u)
      assertClose(state.kappa, kappa)
    }
  })

  it("of a ReLU network", () => {
    const architecture = ntkArchitecture({ widths: [2, 3] })
    const features = Float64Array.of(1, 0.5, -1, 2)
    const network = ntkNetwork({ architecture, features })
    const start = Float64Array.of(1, -1, 0.5, 2, -1, 0.25, 1, -2, 0.5)
    const loss = meanSquared(Float64Array.of(1, -1))
    const descent = descentOf(network, loss, start)
    assertClose(descent.evaluate(), 3.245110577427181)
    assertClose(descent.predictions[0]!, -1.0206207261596576)
    assertClose(descent.predictions[1]!, -2.551551815399144)
    const kernel = new Float64Array(4)
    descent.tangentKernel(kernel)
    const { values } = TangentKernel.topOfKernel(kernel, 2, { count: 2 })
    assertClose(values[0]!, 6.122484322811829)
    assertClose(values[1]!, 1.2941823438548377)
    assertClose(TangentKernel.criticalRate(network, loss, start), 0.3266647809204148)
    const single = [0, 1].map((i) =>
      TangentKernel.criticalRate(network, loss, start, { indices: Uint32Array.of(i) }),
    )
    assert.closeTo(Theory.harmonicMean(single), 0.2696629213, 1e-10)
    const agop = Agop.agop(network, start)
    const expected = [0.1875, 0.484375, 0.484375, 3.334635416667]
    expected.forEach((value, i) => assert.closeTo(agop[i]!, value, 1e-11))
    assertClose(Agop.alignment(agop, Float64Array.of(1, 0, 0, 0)), 0.05499458909009207)
    assertClose(Agop.alignment(agop, Float64Array.of(1, 0, 0, 1)), 0.7304823735738527)
    descent.evaluate()
    descent.move(0.3)
    assertClose(descent.evaluate(), 0.9793488528779023)
    assertClose(
      descent.parameters().reduce((sum, w) => sum + w * w, 0),
      7.657698509743929,
    )
  })

  it("of a linear network on two samples", () => {
    const features = Float64Array.of(1, 0, 0.5, 1)
    const u = Float64Array.of(1, -0.5, 0.25, 2)
    const v = Float64Array.of(0.5, -1)
    const project = (x: Float64Array) => [
      u[0]! * x[0]! + u[1]! * x[1]!,
      u[2]! * x[0]! + u[3]! * x[1]!,
    ]
    const rows = [features.subarray(0, 2), features.subarray(2)].map(project)
    let state: LinearNetwork.SampleState = {
      outputs: Float64Array.from(rows, ([a, b]) => (v[0]! * a! + v[1]! * b!) / Math.sqrt(2)),
      alpha: (v[0]! ** 2 + v[1]! ** 2) / 2,
      inner: Float64Array.from({ length: 4 }, (_, at) => {
        const [p, q] = [rows[at >> 1]!, rows[at & 1]!]
        return (p[0]! * q[0]! + p[1]! * q[1]!) / 2
      }),
    }
    const options = {
      gram: Float64Array.of(1, 0.5, 0.5, 1.25),
      labels: Float64Array.of(0.2, -0.3),
      step: 0.15,
      width: 2,
    }
    state = LinearNetwork.sampleStep(state, options)
    assertClose(state.outputs[0]!, 0.2724254434235008)
    assertClose(state.outputs[1]!, -0.9830965313547774)
    assertClose(state.alpha, 0.3914665002059082)
    state = LinearNetwork.sampleStep(LinearNetwork.sampleStep(state, options), options)
    assertClose(state.outputs[0]!, 0.3137957755783942)
    assertClose(state.outputs[1]!, -0.6073415785502971)
    assertClose(state.alpha, 0.24704894119994553)
  })
})
