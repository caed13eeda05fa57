/** What a large eigenproblem takes. */
import { Kernels } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Operator from "@nonconvex/numerics/Operator"
import { assert, describe, it } from "vitest"
import { worst } from "./support/Matrices.ts"

describe("a 2000 x 2000 eigenproblem", () => {
  it("takes less than 4 matrices' worth: 2.7 of the arena, and the result", () => {
    const n = 2000
    // Diagonal plus a matrix of rank one: dense, with known traces.
    const a = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) a[i * n + j] = (i === j ? i / n : 0) + 1 / n
    }
    const kernels = Kernels.makeStrict({ capacity: 8 * 2.7 * n * n })
    const bounded = { ...kernels, withCapacity: () => assert.fail("asked for more memory") }
    const { values, vectors } = SymmetricEigen.eigen(a, n, bounded)
    const result = values.byteLength + vectors.byteLength
    assert.isBelow(kernels.arena.capacity + result, 4 * a.byteLength)
    assert.strictEqual(kernels.arena.used, 0)
    // Interlacing: each eigenvalue lies between two neighbours of the diagonal, and they sum to the trace.
    const sum = values.reduce((total, value) => total + value, 0)
    assert.isAtMost(Math.abs(sum - ((n - 1) / 2 + 1)), 1e-9)
    for (let i = 0; i < n - 1; i++) {
      assert.isTrue(values[i]! >= i / n - 1e-12 && values[i]! <= (i + 1) / n + 1e-12)
    }
    const product = new Float64Array(n)
    const last = vectors.subarray((n - 1) * n)
    Operator.fromMatrix(a, n, n)(last, product)
    assert.isAtMost(
      worst(
        product,
        last.map((x) => values[n - 1]! * x),
      ),
      1e-12,
    )
  })
})
