/** Values from an independent implementation, some of them exact rationals, to 1e-10. */
import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { deepFactorisation, dense, flattestIsotropic, sharpness } from "../src/index.ts"
import * as Theory from "../src/theory/Theory.ts"
import * as Matrix from "../src/internal/Matrix.ts"
import { moments, traceNorm } from "../src/flatness/TraceNorm.ts"
import golden from "./support/golden.json" with { type: "json" }
import { assertClose } from "./support/Numbers.ts"
import { traceOfHessian } from "../src/flatness/Sharpness.ts"
import { flattestSingle, flattestTwoLayers } from "../src/flatness/Flattest.ts"
import { isotropic } from "../src/measurements/SparseMeasurements.ts"
import * as Factorisation from "../src/factorisation/Factorisation.ts"

const kernels = Kernels.strict()

const flat = (nested: ReadonlyArray<unknown>): Float64Array =>
  Float64Array.from(nested.flat(3) as ReadonlyArray<number>)

const { MF1, MF2, MF3 } = golden
const widths = [2, 3, 2, 2]
const shape = Factorisation.shape(widths)
const x = Factorisation.join(shape, [flat(MF1.W1), flat(MF1.W2), flat(MF1.W3)])
const measurements = dense({ rows: 2, columns: 2, matrices: flat(MF1.A) })
const m = flat(MF1.M)
const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

describe("MF1: three layers, three measurements", () => {
  it("has the product, the loss and the gradients", () => {
    const objective = deepFactorisation({ measurements, targets: flat(MF1.b), widths })
    const gradient = new Float64Array(objective.dimension)
    assert.closeTo(objective.valueAndGradient(x, gradient), MF1.loss, 1e-10 * MF1.loss)
    assertClose(gradient, flat(MF1.grads), 1e-13)
    assertClose(Factorisation.endToEnd(shape, x), m, 1e-15)
  })

  it("has the trace of the Hessian, 2764/3, and the isotropic sharpness, 178", () => {
    assert.closeTo(traceOfHessian(measurements, shape, x), 2764 / 3, 1e-10)
    assert.closeTo(total(sharpness(isotropic(2, 2), shape).layers(x)), 178, 1e-11)
  })

  it("has the nuclear norm and the least sharpness in two and three layers", () => {
    const nuclear = Matrix.nuclearNorm(m, 2, 2, kernels)
    assert.closeTo(nuclear, MF1.nuc_M, 1e-12)
    assert.closeTo(Theory.inducedIsotropic(3, 2, 2, nuclear), MF1.F_iso_half_L3, 1e-10)
    assert.closeTo(Theory.inducedIsotropic(2, 2, 2, nuclear), MF1.F_iso_half_L2, 1e-10)
    const flattest = flattestIsotropic(shape, m)
    assert.closeTo(
      total(sharpness(isotropic(2, 2), shape).layers(flattest)),
      MF1.F_iso_half_L3,
      1e-10,
    )
    assertClose(Factorisation.endToEnd(shape, flattest), m, 1e-13)
  })
})

describe("MF2: two layers", () => {
  it("has the moments and the weighted trace norm", () => {
    const { left, right } = moments(measurements)
    assertClose(left, flat(MF2.B1), 1e-13)
    assertClose(right, flat(MF2.B2), 1e-13)
    assert.closeTo(traceNorm(measurements).value(m), MF2.F_L2_general_half, 1e-10)
    const two = Factorisation.shape([2, 2, 2])
    const flattest = flattestTwoLayers(measurements, two, m)
    assert.closeTo(
      total(sharpness(measurements, two).layers(flattest)),
      MF2.F_L2_general_half,
      1e-10,
    )
  })
})

describe("MF3: one measurement, three layers", () => {
  it("has the least sharpness, and layers that attain it", () => {
    assert.closeTo(Theory.schattenPenalty(3, Float64Array.from(MF3.sigma)), MF3.value, 1e-11)
    const one = dense({ rows: 2, columns: 2, matrices: flat(MF1.A[0]!) })
    const three = Factorisation.shape([2, 2, 2, 2])
    const flattest = flattestSingle(one, three, m)
    assert.closeTo(total(sharpness(one, three).layers(flattest)), MF3.value, 1e-10)
    assertClose(Factorisation.endToEnd(three, flattest), m, 1e-12)
  })
})
