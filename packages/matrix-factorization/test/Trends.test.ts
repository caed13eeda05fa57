/** Decrease of isometry constant and error with the number of measurements. */
import * as Summary from "@nonconvex/evidence/Summary"
import * as LogLog from "@nonconvex/evidence/LogLog"
import { Kernels, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { flattestInterpolant, measure } from "../src/index.ts"
import { gaussianMeasurements, rotation } from "../src/evidence/support/Instances.ts"
import * as Matrix from "../src/internal/Matrix.ts"
import * as Theory from "../src/theory/Theory.ts"
import { rankOneInterval } from "../src/measurements/RestrictedIsometry.ts"

const kernels = Kernels.strict()

const seeds = (count: number) =>
  Array.from({ length: count }, (_, k) => Seed.root("trend").child(k))

describe("Gaussian measurements", () => {
  it("are an isometry of rank-one matrices up to 2 to 2.4 times the root of (d_0 + d_L) / n on average", () => {
    const size = 5
    const points = [50, 200, 800, 3200].map((count) => {
      const ratios = seeds(20).map((seed) => {
        const { hi, lo } = rankOneInterval(
          gaussianMeasurements(size, size, count, seed.child(count), kernels),
          { starts: 4 },
        )
        return Math.max(1 - lo, hi - 1) / Math.sqrt((2 * size) / count)
      })
      const ratio = Summary.mean(ratios)
      // single designs scatter, from 1.7 to 3.4 with 50 measurements
      const square = Summary.mean(ratios.map((each) => (each - ratio) ** 2))
      const slack = 3 * Math.sqrt(square / (ratios.length - 1))
      assert.isAtLeast(ratio, 2 - slack, `${count} measurements`)
      assert.isAtMost(ratio, 2.4 + slack, `${count} measurements`)
      return [count, ratio * Math.sqrt((2 * size) / count)] as const
    })
    assert.closeTo(LogLog.slope(points), -0.5, 0.05)
  })

  it("leave the flattest interpolant an error that falls faster than its bound with n", () => {
    const size = 8
    const relative = [16, 24, 36, 54].map((count) => {
      const squares = seeds(8).map((seed) => {
        // every direction, the k-th a k-th as large: no number of measurements below 64 finds it
        const left = rotation(size, seed.child("U")).map((u, at) => u / (1 + (at % size)))
        const truth = Matrix.multiply(
          left,
          rotation(size, seed.child("V")),
          size,
          size,
          size,
          kernels,
        )
        const measurements = gaussianMeasurements(size, size, count, seed.child(count), kernels)
        const { matrix, status } = flattestInterpolant(measurements, measure(measurements, truth))
        assert.strictEqual(status, "certified")
        return Vector.distance(matrix, truth) ** 2
      })
      const nuclear = Array.from({ length: size }, (_, k) => 1 / (1 + k)).reduce((a, b) => a + b)
      return Summary.mean(squares) / Theory.populationErrorScale(size, size, count, nuclear)
    })
    for (let k = 1; k < relative.length; k++) assert.isBelow(relative[k]!, relative[k - 1]!)
    assert.isAbove(relative.at(-1)!, 0)
  })
})
