import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"
import type { SparseRows } from "../../src/kernels/reference/Sparse.ts"

const builds = [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]

/** Two rows: one entry in column 2, and one each in columns 0 and 1. */
const table: SparseRows = {
  starts: Uint32Array.of(0, 1, 3),
  others: Uint32Array.of(2, 0, 1),
  values: Float64Array.of(5, 1, 3),
  confidence: undefined,
}

describe("sparseLeastSquares", () => {
  it.each(builds)("of effects alone is a mean with a ridge ($name)", (kernels) => {
    const own = new Float64Array(2)
    const penalties = new Float64Array(2)
    kernels.sparseLeastSquares(0, table, Float64Array.of(0, 1, 2), penalties, 1, own)
    // (5 - 2) / (1 + 1) and (1 - 0 + 3 - 1) / (2 + 1)
    assert.closeTo(own[0]!, 1.5, 1e-15)
    assert.closeTo(own[1]!, 1, 1e-15)
  })

  it.each(builds)("counts an entry as often as its confidence says ($name)", (kernels) => {
    const solved = (given: SparseRows) => {
      const own = new Float64Array(3 * (given.starts.length - 1))
      const other = Float64Array.of(1, 2, 0.5, -1, 0.3, 0, 2, 1, 1)
      const penalties = new Float64Array(given.starts.length - 1).fill(0.1)
      kernels.sparseLeastSquares(2, given, other, penalties, 0.2, own)
      return own
    }
    const weighed = solved({ ...table, confidence: Float64Array.of(2, 3, 1) })
    const repeated = solved({
      starts: Uint32Array.of(0, 2, 6),
      others: Uint32Array.of(2, 2, 0, 0, 0, 1),
      values: Float64Array.of(5, 5, 1, 1, 1, 3),
      confidence: undefined,
    })
    for (const [at, value] of weighed.entries()) assert.closeTo(value, repeated[at]!, 1e-13)
  })

  it.each(builds)("leaves at 0 what nothing determines ($name)", (kernels) => {
    const own = new Float64Array(4).fill(NaN)
    const other = Float64Array.of(0, 0, 0, 0, 0, 0)
    kernels.sparseLeastSquares(1, table, other, new Float64Array(2), 0, own)
    assert.deepStrictEqual(own, Float64Array.of(0, 5, 0, 2))
  })
})

const vectors = () => [new Float64Array(3), new Float64Array(2)] as const

describe("tables of few entries", () => {
  it.each([
    ["a column that there is not", { ...table, others: Uint32Array.of(2, 0, 3) }],
    ["starts that descend", { ...table, starts: Uint32Array.of(0, 4, 3) }],
    ["starts that end early", { ...table, starts: Uint32Array.of(0, 1, 2) }],
    ["no starts", { ...table, starts: new Uint32Array(0) }],
    ["fewer columns than values", { ...table, others: Uint32Array.of(2, 0) }],
    ["another number of confidences", { ...table, confidence: Float64Array.of(1) }],
  ])("of %s are refused", (_, wrong) => {
    for (const kernels of builds) {
      const [other, own] = vectors()
      const penalties = new Float64Array(Math.max(0, wrong.starts.length - 1))
      const refusal = /Kernels\.sparse/
      assert.throws(() => kernels.sparseLeastSquares(0, wrong, other, penalties, 1, own), refusal)
      assert.throws(() => kernels.sparseResiduals(0, wrong, own, other), refusal)
      // a product does not read how much entries count
      if (wrong.confidence === undefined) {
        assert.throws(() => kernels.sparseProduct(false, 1, wrong, other, own), refusal)
      }
    }
  })

  it("are refused where an output would overwrite what is read", () => {
    for (const kernels of builds) {
      const other = new Float64Array(5)
      const penalties = new Float64Array(2)
      assert.throws(() =>
        kernels.sparseLeastSquares(
          0,
          table,
          other.subarray(0, 3),
          penalties,
          1,
          other.subarray(2, 4),
        ),
      )
      assert.throws(() =>
        kernels.sparseProduct(false, 1, table, other.subarray(0, 3), other.subarray(2, 4)),
      )
    }
  })
})
