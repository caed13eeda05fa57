import { InvalidInput } from "@nonconvex/numerics"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { assert, describe, it } from "vitest"
import { interpolate } from "../../src/descent/Interpolation.ts"
import { residual } from "../../src/network/TwoLayer.ts"
import { Activation, twoLayer, warmStart } from "../../src/index.ts"
import { thrown } from "../support/thrown.ts"
import { NotInterpolating } from "../../src/network/Failures.ts"

/** Smooth curves like those of a spectrometer: nearly dependent rows. */
const curves = (rows: number, width: number, slope: number) => {
  const stream = RandomStream.make(Seed.root(7))
  const dimension = width + 1
  const features = new Float64Array(rows * dimension).fill(1)
  const labels = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const [a, b] = [stream.normal(), stream.normal()]
    for (let k = 0; k < width; k++) {
      features[i * dimension + k] =
        Math.sin(k / 9) * a + Math.cos(k / 5) * b + 0.02 * stream.normal()
    }
    labels[i] = a + a * b * b
  }
  const activation = Activation.cubic(slope)
  const network = twoLayer({ activation, features, dimension, labels, neurons: 8 })
  const start = Float64Array.from({ length: 8 * dimension }, () => 0.3 * stream.normal())
  return { network, start }
}

describe("interpolate", () => {
  it.for([0, 1])("fits curves in tens of steps, with slope %d at 0", (slope) => {
    const { network, start } = curves(20, 40, slope)
    const residuals: Array<number> = []
    const theta = interpolate(network, start, { observe: (_, found) => residuals.push(found) })
    assert.isAtMost(
      residual(network, theta),
      1e-11 * (1 + Math.max(...network.labels.map(Math.abs))),
    )
    assert.isBelow(residuals.length, 100)
    assert.throws(() => warmStart(network, start, { maxSteps: 2000 }), NotInterpolating)
  })

  it("leaves a network as it is that fits, and the start in any case", () => {
    const { network, start } = curves(5, 12, 1)
    const before = start.slice()
    const theta = interpolate(network, start)
    assert.deepStrictEqual(start, before)
    assert.deepStrictEqual(interpolate(network, theta), theta)
  })

  it("fits rows that are there twice, and says so where two labels contradict each other", () => {
    const twice = twoLayer({
      activation: Activation.cubic(1),
      features: Float64Array.of(1, 2, 1, 2),
      dimension: 2,
      labels: Float64Array.of(3, 3),
      neurons: 2,
    })
    const start = Float64Array.of(0.5, 0.1, -0.2, 0.3)
    assert.isAtMost(residual(twice, interpolate(twice, start)), 4e-11)
    const torn = { ...twice, labels: Float64Array.of(3, -3) }
    const { residual: left } = thrown(NotInterpolating, () => interpolate(torn, start))
    assert.closeTo(left, 3, 1e-6)
  })

  it("says so where no output depends on a parameter, or the start has another length", () => {
    const { network, start } = curves(3, 5, 0)
    const nowhere = start.map(() => 0)
    assert.throws(() => interpolate(network, nowhere), NotInterpolating)
    assert.throws(() => interpolate(network, start.subarray(1)), InvalidInput)
  })
})
