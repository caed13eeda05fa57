/** Bad input: the module refuses it and changes nothing, and the embedded kernels throw the error. */
import { InvalidInput } from "@nonconvex/numerics"
import { Effect, Exit } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Addon from "../src/internal/Addon.ts"
import { compiled } from "./support/Found.ts"

const numbers = (n: number) => new Float64Array(n).fill(1)

/** A view of detached memory. */
const detached = (n: number): Float64Array => {
  const view = numbers(n)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

/** Any value that JavaScript can pass. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, "", "7", Symbol.iterator, 7n),
  fc.constantFrom<unknown>(Number.NaN, Infinity, -1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, -0),
  fc.nat(40),
  fc.constantFrom(0, 1, 5, 25, 32, 1024).map(numbers),
  fc.constantFrom(0, 1, 5, 25, 32, 1024).map((n) => new Float32Array(n)),
  fc.constantFrom<unknown>({}, [], new Int32Array(4), new DataView(new ArrayBuffer(8)), () => 0),
  fc.constantFrom(0, 25).map(detached),
  fc.constantFrom(0, 1, 4, 10).map((n) => new Uint32Array(n)),
)

type Call = (...given: ReadonlyArray<unknown>) => unknown

/** Copy of an array unless its memory is detached; other values are returned as they are. */
const copyOf = (value: unknown): unknown =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) && value.byteLength > 0
    ? Array.from(value as Float64Array)
    : value

const n = 5
const square = () => numbers(n * n)
const vector = () => numbers(n)

/** Two images of 5 x 4 with 3 channels, a 3 x 2 filter for 2 outputs with a row of zero padding, and a pool to match. */
const shape = (outputs: number) => Uint32Array.of(2, 5, 4, 3, 3, 2, outputs, 2, 3, 2, 1, 1, 0)
const singles = (count: number) => new Float32Array(count).fill(1)

/** Valid calls. */
const fitting: ReadonlyArray<
  readonly [Exclude<keyof Addon.Addon, "vectors" | "version">, () => ReadonlyArray<unknown>]
> = [
  ["dot", () => [vector(), vector()]],
  ["axpy", () => [2, vector(), vector()]],
  ["gemv", () => [true, n, n, 1, square(), vector(), 0, vector(), 2]],
  ["gemvBoth", () => [n, n, square(), vector(), vector(), vector(), vector(), 2]],
  ["residualGradient", () => [n, square(), vector(), vector(), 2, vector(), vector(), 2]],
  ["gemm", () => [true, false, n, n, n, 1, square(), square(), 2, square(), 2]],
  [
    "product",
    () => [false, true, n, n, n, 1, square(), 0, n, square(), 0, n, 1, square(), 0, n, 2],
  ],
  ["syrk", () => [false, n, n, 1, square(), 0, square(), 2]],
  ["ger", () => [n, n, 1, vector(), vector(), square()]],
  ["cholesky", () => [n, square(), 2]],
  ["solveTriangular", () => [true, false, n, n, square(), square(), 2]],
  ["areFinite", () => [vector()]],
  ["quantise", () => [1, 1024, 2 ** 20, square(), vector(), square()]],
  ["symmetricProduct", () => [n, square(), vector(), vector(), vector(), 2]],
  ["symmetricEigen", () => [n, 1, 3, square(), numbers(2), numbers(2 * n), 2]],
  ["symmetricStep", () => [n, n, square(), numbers(4 * n), 0, n, 2 * n, 3 * n]],
  ["convolve", () => [shape(2), singles(120), singles(36), singles(24), 2]],
  ["filterGradient", () => [shape(2), singles(120), singles(24), singles(36), 2]],
  ["imageGradient", () => [shape(2), singles(24), singles(36), singles(120), 2]],
  ["channelSums", () => [singles(120), singles(120), singles(120), numbers(16), 2]],
  [
    "combineChannels",
    () => [singles(24), singles(120), singles(120), singles(120), true, singles(120), 2],
  ],
  ["maxPool", () => [shape(3), singles(120), singles(36)]],
  ["reluGradient", () => [singles(50), singles(50), singles(50)]],
  ["maxPoolGradient", () => [shape(3), singles(36), singles(120), singles(36), singles(120)]],
  ["hermitianStep", () => [n, n, square(), square(), numbers(8 * n), 0, 2 * n, 4 * n, 6 * n]],
]

describe("what does not fit", () => {
  it("throws what the embedded kernels throw", () => {
    compiled(({ axpy, dot, gemm, gemv, gemvBoth, syrk }) => {
      const size = 40
      const [a, x] = [numbers(size * size), numbers(size)]
      const wrong: ReadonlyArray<() => unknown> = [
        () => gemm(false, false, size, size, size, 1, a, a, 0, numbers(size * size - 1)),
        () => gemm(false, false, size, size, size + 1, 1, a, a, 0, numbers(size * size)),
        () => gemm(false, false, size, size, 0.5 + size, 1, a, a, 0, numbers(size * size)),
        () =>
          gemm(
            false,
            false,
            size,
            size,
            size,
            1,
            a,
            detached(size * size),
            0,
            numbers(size * size),
          ),
        () =>
          gemm<Float64Array | Float32Array>(
            false,
            false,
            size,
            size,
            size,
            1,
            a,
            a,
            0,
            new Float32Array(size * size),
          ),
        () => gemv(false, size, size, 1, a, x, 0, numbers(size + 1)),
        () => gemv(true, -size, -size, 1, a, x, 0, numbers(size)),
        () => gemv(false, size, size, 1, a, detached(size), 0, numbers(size)),
        () => gemvBoth(size, size, a, x, x, x, numbers(size)),
        () => syrk(false, size, size, 1, a, 0, a),
        () => dot(numbers(600), numbers(601)),
        () => axpy(1, numbers(600), detached(600)),
      ]
      for (const call of wrong) assert.throws(call, InvalidInput)
    })
  })

  it("is refused by the module itself, whatever it is, and leaves every array as it was", async () => {
    const found = await Effect.runPromiseExit(Addon.load())
    if (Exit.isFailure(found)) return console.info("skipped: the module is not built")
    const operations = Object.values(found.value).filter(
      (value) => typeof value === "function",
    ) as ReadonlyArray<Call>
    assert.strictEqual(operations.length, 25)
    const unchanged = (call: Call, given: ReadonlyArray<unknown>) => {
      const before = given.map(copyOf)
      if (call(...given) !== null) return
      given.forEach((value, i) => assert.deepStrictEqual(copyOf(value), before[i]))
    }
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 18 }),
        fc.nat(operations.length - 1),
        (given, which) => unchanged(operations[which]!, given),
      ),
      { numRuns: 1000 },
    )
    // one argument of a call that fits is another one
    fc.assert(
      fc.property(fc.constantFrom(...fitting), fc.nat(16), anything, ([name, make], at, value) => {
        const given = make()
        const call = found.value[name] as Call
        assert.notStrictEqual(call(...make()), null)
        unchanged(call, given.with(at % given.length, value))
      }),
      { numRuns: 3000 },
    )
  })

  it("sizes whose products overflow 64 bits, and parts that leave their arrays, are refused", async () => {
    const found = await Effect.runPromiseExit(Addon.load())
    if (Exit.isFailure(found)) return console.info("skipped: the module is not built")
    const { gemm, product, symmetricEigen, symmetricStep } = found.value
    const [most, a] = [2 ** 31 - 1, numbers(16)]
    assert.isNull(gemm(false, false, most, most, most, 1, a, a, 0, a, 2))
    assert.isNull(product(false, false, 4, 4, 4, 1, a, 1, 4, a, 0, 4, 0, numbers(16), 0, 4, 2))
    assert.isNull(product(false, false, 4, 4, 4, 1, a, 0, 4, a, 0, 4, 0, numbers(16), 0, 3, 2))
    assert.isNull(product(false, false, 4, 4, 4, 1, a, 0, most, a, 0, 4, 0, numbers(16), 0, 4, 2))
    assert.isNull(symmetricEigen(most, 0, most, a, a, numbers(16), 2))
    assert.isNull(symmetricEigen(4, 3, 2, a, numbers(1), numbers(4), 2))
    assert.isNull(symmetricEigen(4, 3, 5, a, numbers(2), numbers(8), 2))
    assert.isNull(symmetricEigen(4, 0, 4, a, numbers(4), a, 2))
    assert.isNull(symmetricStep(4, 4, a, numbers(16), 0, 4, 8, 13))
    assert.isNull(symmetricStep(4, 4, a, numbers(16), 0, 4, 8, 11))
    assert.isNull(symmetricStep(3, 4, a, numbers(16), 0, 4, 8, 12))
  })

  it("windows that leave their image, or whose sizes overflow, are refused", async () => {
    const found = await Effect.runPromiseExit(Addon.load())
    if (Exit.isFailure(found)) return console.info("skipped: the module is not built")
    const { convolve } = found.value
    const [image, filter, out] = [singles(120), singles(36), singles(24)]
    const wrong = (at: number, value: number) =>
      convolve(shape(2).with(at, value), image, filter, out, 1)
    assert.isUndefined(convolve(shape(2), image, filter, out, 1))
    // strides past the image, more zeros than the filter has rows, sizes of zero and of 32 bits
    for (const [at, value] of [
      [9, 6],
      [10, 2],
      [11, 3],
      [12, 2],
    ] as const)
      assert.isNull(wrong(at, value), `${at} is ${value}`)
    for (let at = 0; at < 13; at++) assert.isNull(wrong(at, 2 ** 32 - 1), `${at} is 2^32 - 1`)
    for (let at = 0; at < 11; at++) assert.isNull(wrong(at, 0), `${at} is 0`)
    assert.isNull(convolve(shape(2), image, filter, image.subarray(0, 24), 1))
  })
})
