/** Designs whose moments or copies exceed their own size: every function reserves the kernel memory that it needs. */
import { Kernels, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { normals } from "../src/evidence/support/Instances.ts"
import { deepFactorisation, dense, measure } from "../src/index.ts"
import * as Matrix from "../src/internal/Matrix.ts"
import { sensing } from "./support/Numbers.ts"
import { traceOfHessian } from "../src/flatness/Sharpness.ts"
import { traceNorm } from "../src/flatness/TraceNorm.ts"
import * as Factorisation from "../src/factorisation/Factorisation.ts"

const kernels = Kernels.strict()

const seed = Seed.root(3)

/** tr H for two layers, `(2/n) sum_i |A_i W_1'|^2 + |W_2' A_i|^2`, one measurement after the other. */
const traceOf = (matrices: Float64Array, d: number, w1: Float64Array, w2: Float64Array): number => {
  const count = matrices.length / (d * d)
  let sum = 0
  for (let i = 0; i < count; i++) {
    const a = matrices.subarray(i * d * d, (i + 1) * d * d)
    const right = Matrix.multiply(a, Matrix.transpose(w1, d, d), d, d, d, kernels)
    const left = Matrix.multiply(Matrix.transpose(w2, d, d), a, d, d, d, kernels)
    for (let k = 0; k < d * d; k++) sum += right[k]! ** 2 + left[k]! ** 2
  }
  return (2 * sum) / count
}

describe("dense designs of medium size", () => {
  it.each([
    [30, 60],
    [32, 64],
    [32, 200],
    [40, 80],
    [40, 400],
    [45, 100],
  ])("of %i x %i... have a trace of the Hessian and a trace norm", (d, count) => {
    const matrices = normals(seed.child("A").child(count), count * d * d)
    const measurements = dense({ rows: d, columns: d, matrices })
    const shape = Factorisation.shape([d, d, d])
    const x = normals(seed.child("W"), shape.dimension)
    const [w1, w2] = Factorisation.layers(shape, x)
    const expected = traceOf(matrices, d, w1!, w2!)
    assert.closeTo(traceOfHessian(measurements, shape, x), expected, 1e-11 * expected)
    assert.isAtLeast(
      expected,
      2 * traceNorm(measurements).value(Factorisation.endToEnd(shape, x)) * (1 - 1e-9),
    )
  })

  it("work where a moment is larger than all measurements", () => {
    const [rows, columns] = [4, 1500]
    const matrices = normals(seed, 3 * rows * columns)
    const moment = new Float64Array(columns * columns)
    dense({ rows, columns, matrices }).rightMoment(Matrix.identity(rows), moment)
    let sum = 0
    for (let i = 0; i < 12; i++) sum += matrices[i * columns]! ** 2 / 3
    assert.closeTo(moment[0]!, sum, 1e-13 * sum)
  })

  it("are fitted by layers that are wider than all measurements", () => {
    const { measurements, targets } = sensing(32, 1, 32, 5)
    const objective = deepFactorisation({ measurements, targets, widths: [32, 10_000, 32] })
    const x = normals(seed, objective.dimension).map((w) => w / 100)
    const gradient = new Float64Array(x.length)
    const value = objective.valueAndGradient(x, gradient)
    const product = Factorisation.endToEnd(objective.shape, x)
    const expected = Vector.distance(measure(measurements, product), targets) ** 2 / 32
    assert.closeTo(value, expected, 1e-11 * expected)
  })

  it("leave room for their work however many arrays lie beside them", () => {
    const [d, count] = [200, 1]
    const measurements = dense({ rows: d, columns: d, matrices: normals(seed, count * d * d) })
    for (let k = 0; k < 20_000; k++) measurements.allocate(100)
    const moment = new Float64Array(d * d)
    measurements.leftMoment(Matrix.identity(d), moment)
    assert.isAbove(moment[0]!, 0)
  })
})
