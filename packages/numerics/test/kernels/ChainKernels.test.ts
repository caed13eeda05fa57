import { InvalidInput, Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"

const every = [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]
const zeros = (length: number) => new Float64Array(length)

describe("chain kernels", () => {
  it("multiply a known chain, and push a gradient through it", () => {
    for (const { chain, chainGradient } of every) {
      // (1 x 2) (2 x 1): 3 * 5 + 4 * 6
      const widths = Int32Array.of(1, 2, 1)
      const x = Float64Array.of(5, 6, 3, 4)
      const [products, gradient] = [zeros(1), zeros(4)]
      chain(widths, x, products)
      assert.deepStrictEqual([...products], [39])
      chainGradient(widths, x, products, Float64Array.of(2), gradient)
      assert.deepStrictEqual([...gradient], [6, 8, 10, 12])
    }
  })

  it("leave the gradient of a single matrix as it is", () => {
    for (const { chain, chainGradient } of every) {
      const widths = Int32Array.of(2, 1)
      const gradient = Float64Array.of(3, 4)
      chain(widths, zeros(2), zeros(0))
      chainGradient(widths, zeros(2), zeros(0), zeros(0), gradient)
      assert.deepStrictEqual([...gradient], [3, 4])
    }
  })

  it("have residuals of the rows that are asked for, in their order", () => {
    for (const { arena, residualGradient } of every) {
      const a = arena.f64(6)
      a.set([1, 2, 3, 4, 5, 6])
      const [residual, out] = [zeros(2), zeros(2)]
      const x = Float64Array.of(1, 10)
      const targets = Float64Array.of(60, 20)
      residualGradient(2, a, Uint32Array.of(2, 0), x, targets, 2, residual, out)
      assert.deepStrictEqual([...residual], [5, 1])
      assert.deepStrictEqual([...out], [2 * (5 * 5 + 1), 2 * (5 * 6 + 2)])
      arena.release(a)
    }
  })

  it("refuse wrong widths and lengths, rows that are not there, and outputs that overlap", () => {
    for (const k of every) {
      const widths = Int32Array.of(1, 2, 1)
      const shared = k.arena.f64(20)
      const part = (from: number, length: number) => shared.subarray(from, from + length)
      const rows = Uint32Array.of(1)
      const residual = (which: Uint32Array | undefined, targets: number, r: Float64Array) =>
        k.residualGradient(2, part(0, 4), which, part(4, 2), zeros(targets), 1, r, part(8, 2))
      for (const run of [
        () => k.chain(Int32Array.of(1), zeros(0), zeros(0)),
        () => k.chain(Int32Array.of(1, 0, 1), zeros(0), zeros(1)),
        () => k.chain(widths, zeros(5), zeros(1)),
        () => k.chain(widths, zeros(4), zeros(2)),
        () => k.chain(widths, part(0, 4), part(3, 1)),
        () => k.chainGradient(widths, zeros(4), zeros(1), zeros(2), zeros(4)),
        () => k.chainGradient(widths, zeros(4), zeros(1), zeros(1), zeros(3)),
        () => k.chainGradient(widths, part(0, 4), part(4, 1), part(5, 1), part(1, 4)),
        () => k.chainGradient(widths, part(0, 4), part(4, 1), part(4, 1), part(6, 4)),
        () => residual(undefined, 1, zeros(1)),
        () => residual(rows, 2, zeros(1)),
        () => residual(rows, 1, part(3, 1)),
        () => residual(rows, 1, part(5, 1)),
        () => residual(rows, 1, part(9, 1)),
      ]) {
        assert.throws(run, InvalidInput)
      }
      assert.doesNotThrow(() => residual(rows, 1, part(12, 1)))
      const untouched = Float64Array.of(7)
      assert.throws(
        () => residual(Uint32Array.of(2), 1, untouched),
        InvalidInput,
        "index must be a row",
      )
      assert.deepStrictEqual([...untouched], [7])
      k.arena.release(shared)
    }
  })
})
