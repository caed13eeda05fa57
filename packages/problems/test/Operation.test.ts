import { Kernels } from "@nonconvex/numerics"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import { Float64s } from "../src/Fields.ts"
import { type OperationDefinition, operation, provide } from "../src/Operation.ts"

const norm = operation({
  id: "example/norm",
  input: Schema.Struct({ values: Float64s, power: Schema.Literals([1, 2]) }),
  output: Schema.Finite,
  failure: Schema.Never,
  progress: Schema.Struct({ entries: Schema.Int }),
  run: ({ values }, { kernels, report }) => {
    report({ entries: values.length })
    return kernels.norm(values)
  },
})

describe("an operation that is called", () => {
  it("computes on the strict kernels of this thread where none are given", () => {
    assert.strictEqual(norm({ values: Float64Array.of(3, 4), power: 2 }), 5)
  })

  it("computes on the kernels that are given alone, and reports", () => {
    const seen: Array<number> = []
    const found = Kernels.onlyGiven(() =>
      norm(
        { values: Float64Array.of(3, 4), power: 2 },
        { kernels: Kernels.reference(), report: ({ entries }) => seen.push(entries) },
      ),
    )
    assert.deepStrictEqual([found, ...seen], [5, 2])
  })

  it.each([
    [{ values: [3, 4], power: 2 }, /^example\/norm: .*Float64Array.*values/],
    [{ values: Float64Array.of(3, 4), power: 3 }, /^example\/norm: .*power/],
    [{ power: 2 }, /^example\/norm: .*values/],
  ])("refuses %j in one line", (input, told) => {
    let thrown: unknown
    try {
      norm(input as never)
    } catch (error) {
      thrown = error
    }
    assert.instanceOf(thrown, InvalidInput)
    assert.match(thrown.message, told)
    assert.notInclude(thrown.message, "\n")
  })

  it("is one of a list, where its types are hidden", () => {
    const ids = [norm].map(({ open }) =>
      open(({ id, input }) => [id, Object.is(input, norm.input)]),
    )
    assert.deepStrictEqual(ids, [["example/norm", true]])
  })
})

describe("an operation that needs more than kernels", () => {
  const draw: OperationDefinition<
    number,
    number,
    never,
    never,
    { readonly entropy: () => number }
  > = {
    id: "example/draw",
    input: Schema.Int,
    output: Schema.Finite,
    failure: Schema.Never,
    progress: Schema.Never,
    run: (times, { entropy }) =>
      Array.from({ length: times }, () => entropy()).reduce((a, b) => a + b, 0),
  }

  it("has it from whoever provides it", () => {
    assert.strictEqual(provide(draw, { entropy: () => 7 })(3), 21)
  })

  it("is no operation without it", () => {
    // @ts-expect-error the entropy is missing
    const without = operation(draw)
    assert.throws(() => without(3), TypeError)
  })
})
