import { Kernels } from "@nonconvex/numerics"
import { afterEach, assert, describe, it, vi } from "vitest"
import { completeTable } from "../../src/index.ts"

/** Counts the number arrays of each length that are created, including those of `map` and `slice`. */
const counted = (): Map<number, number> => {
  const made = new Map<number, number>()
  const Plain = globalThis.Float64Array
  class Counted extends Plain {
    constructor(...given: ReadonlyArray<never>) {
      super(...(given as unknown as [number]))
      made.set(this.length, (made.get(this.length) ?? 0) + 1)
    }
  }
  vi.stubGlobal("Float64Array", Counted)
  return made
}

afterEach(() => vi.unstubAllGlobals())

describe("a cell of a table", () => {
  it("is copied to its scale and to either order, and for a fold straight to the orders", () => {
    const [rows, columns, folds, length] = [50, 47, 5, 1000]
    const kernels = Kernels.strict()
    const made = counted()
    const places = Array.from({ length }, (_, k) => 2 * k + (k % 3 === 0 ? 1 : 0))
    const table = {
      rows,
      columns,
      rowOf: Uint32Array.from(places, (place) => Math.floor(place / columns)),
      columnOf: Uint32Array.from(places, (place) => place % columns),
      values: Float64Array.from(places, (place) => (place * 31) % 101),
    }
    made.clear()
    completeTable(table, { folds, rank: 0, kernels })
    // the last are residuals, of which the duality gap is computed
    assert.strictEqual(made.get(length), 3 + 1)
    // of each fold two orders of what is fitted, and what is held out
    const held = length / folds
    assert.strictEqual(made.get(length - held), 2 * folds)
    assert.strictEqual(made.get(held), folds)
  })
})
