import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
import { assert, describe, it } from "vitest"

/** By hand: a module that imports the memory and exports `double`, which doubles the number of float64 at an address. */
const bytes = [
  [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // the type (i32) -> ()
  [1, 5, 1, 0x60, 1, 0x7f, 0],
  // env.memory
  [2, 15, 1, 3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 1],
  [3, 2, 1, 0],
  [7, 10, 1, 6, 0x64, 0x6f, 0x75, 0x62, 0x6c, 0x65, 0, 0],
  // store(at, load(at) + load(at))
  [10, 20, 1, 18, 0, 0x20, 0, 0x20, 0, 0x2b, 3, 0, 0x20, 0, 0x2b, 3, 0, 0xa0, 0x39, 3, 0, 0x0b],
]
const loop: Kernels.CompiledLoop<{ readonly double: (at: number) => void }> = {
  base64: Buffer.from(bytes.flat()).toString("base64"),
}

describe("load", () => {
  it.each([Kernels.strict(), RelaxedKernels.relaxed()])(
    "runs a loop over arrays of the arena, instantiated once ($name)",
    ({ arena, load }) => {
      const array = arena.f64(1)
      array[0] = 1.5
      load!(loop).double(array.byteOffset)
      assert.strictEqual(array[0], 3)
      assert.strictEqual(load!(loop), load!({ ...loop }))
      arena.release(array)
    },
  )

  it("gives each memory an instance of its own", () => {
    const one = Kernels.makeStrict({ capacity: 2 ** 16 })
    const other = Kernels.makeStrict({ capacity: 2 ** 16 })
    assert.notStrictEqual(one.load!(loop), other.load!(loop))
  })

  it("is absent where nothing is compiled, and where threads share the memory", () => {
    assert.isUndefined(Kernels.reference().load)
    assert.isUndefined(SharedKernels.make(2, { capacity: 2 ** 20 }).load)
  })
})
