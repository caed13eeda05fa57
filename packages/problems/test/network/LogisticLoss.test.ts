/** The logistic loss against PyTorch 2.15 in float64: `BCEWithLogitsLoss` times the outputs, its gradient and a product with its Hessian. */
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Loss from "../../src/network/Loss.ts"
import { assert, describe, it } from "vitest"

/** The numbers that both programs make: multiples of 1/16, exact in either. */
const grid = (count: number, a: number, m: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => ((a * i) % m) / 8 - m / 16)

const features = Float64Array.from(grid(15, 7, 23))
const hidden = [...grid(12, 5, 19), ...grid(4, 3, 7)]

const closeTo = (found: ArrayLike<number>, expected: ReadonlyArray<number>) =>
  expected.forEach((value, i) => assert.approximately(found[i]!, value, 1e-10))

describe("the logistic loss", () => {
  it("equals PyTorch's with its gradient and a product with its Hessian", () => {
    const objective = network({
      features,
      dimension: 3,
      architecture: Architecture.make({ widths: [3, 4, 2], activation: "tanh" }),
      loss: Loss.logistic(Float64Array.of(1, 0, 0, 0, 1, 1, 0, 0.25, 0.5, 1)),
    })
    const x = Float64Array.from([...hidden, ...grid(8, 11, 29), ...grid(2, 5, 9)])
    const [gradient, product] = [new Float64Array(26), new Float64Array(26)]
    assert.approximately(objective.valueAndGradient(x, gradient), 2.672011531117639, 1e-10)
    closeTo(
      gradient,
      [
        -0.2501375405145826, 0.19763811991092206, 0.10082774147894874, -0.28007434880423593,
        -0.314915584136788, 0.15692894068107377, 0.3003559217285235, 0.03385702607801457,
        -0.0787553263943438, -0.5540878183080712, -0.2725403061788484, 0.204528753576367,
        -0.17772649488401215, 0.036866336360929265, -0.08530025609843811, 0.010791268224538693,
        -0.4338891809024925, 0.27230319838572037, 0.15559616888059297, -0.2964595551857219,
        0.1158813942627368, 0.25754055573139156, -0.27388406710649216, -0.01598355726165432,
        0.14889776152079415, 0.12713040129095673,
      ],
    )
    objective.hessianVector(x, Float64Array.from(grid(26, 13, 31)), product)
    closeTo(
      product,
      [
        1.3174939894578166, -0.9232195294010586, -0.4484955679890463, -0.5156185120597029,
        -0.9101883141634235, 0.43397997589496484, -0.44484244302147724, 0.5161125563363425,
        0.10742407231759771, 0.4906119630913828, 0.2173620043374498, -0.2803357774763523,
        1.0962114076416722, -0.10420098580086147, -0.7638354583265374, 0.7123292949303102,
        -0.24283373997489935, -0.33238468145232547, 0.012061973452858574, 0.49422734488194475,
        -0.29515246024009667, 0.03259295494940059, -0.090576949146215, 0.18887121520626277,
        -0.29398905564109085, 0.06587464116920011,
      ],
    )
  })

  it("has the trace of PyTorch's Hessian, layer by layer", () => {
    const objective = network({
      features,
      dimension: 3,
      architecture: Architecture.make({ widths: [3, 4, 1], activation: "relu" }),
      loss: Loss.logistic(Float64Array.of(1, 0, 1, 0, 1)),
    })
    const x = Float64Array.from([...hidden, ...grid(4, 11, 29), ...grid(1, 5, 9)])
    assert.approximately(
      objective.valueAndGradient(x, new Float64Array(21)),
      1.249650299411377,
      1e-10,
    )
    closeTo(objective.exactTrace!(x).layers, [0.2167007619308076, 0.5991932766684329])
  })

  it("does not overflow", () => {
    const objective = network({
      features: Float64Array.of(800, -800, 40, -40),
      dimension: 1,
      architecture: Architecture.make({ widths: [1, 1], activation: "identity" }),
      loss: Loss.logistic(Float64Array.of(1, 1, 0, 1)),
    })
    const gradient = new Float64Array(2)
    assert.strictEqual(objective.valueAndGradient(Float64Array.of(1, 0), gradient), 880 / 4)
    // slopes are 0, -1, 1 and -1 to the last digit
    assert.deepStrictEqual([...gradient], [(800 + 40 + 40) / 4, -1 / 4])
  })

  it("refuses targets that are no probabilities", () => {
    const architecture = Architecture.make({ widths: [1, 1], activation: "identity" })
    const loss = Loss.logistic(Float64Array.of(1, 1.5))
    const made = () =>
      network({ features: Float64Array.of(1, 2), dimension: 1, architecture, loss })
    assert.throws(made, /targets must be between 0 and 1/)
  })
})
