/** Convolutions, channels and maximum pools of the module against their definitions, in float64. */
import fc from "fast-check"
import { Effect, Exit } from "effect"
import { assert, describe, it } from "vitest"
import { Kernels } from "@nonconvex/numerics"
import * as Addon from "../src/internal/Addon.ts"
import { CompiledKernels } from "../src/index.ts"
import { doubles, magnitudes, within } from "./support/Drawn.ts"

const found = await Effect.runPromiseExit(Addon.load())

/** Runs a test where the module was built. */
const compiled = (run: (module: Addon.Addon) => void): void => {
  if (Exit.isSuccess(found)) run(found.value)
  else console.info("skipped: the module is not built")
}

/** Rows or columns: a window starts in the image at `i * stride - before`. */
interface Axis {
  readonly image: number
  readonly filter: number
  readonly out: number
  readonly stride: number
  readonly before: number
}

/** All windows overlap the image; up to two possible windows are left out. */
const axis: fc.Arbitrary<Axis> = fc
  .record({
    image: fc.integer({ min: 1, max: 21 }),
    filter: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    zeros: fc.nat(4),
    spare: fc.nat(2),
  })
  .map(({ image, filter, spare, stride, zeros }) => {
    const before = Math.min(zeros, filter - 1)
    const most = Math.floor((image + before - 1) / stride) + 1
    return { image, filter, stride, before, out: Math.max(1, most - spare) }
  })

interface Shape {
  readonly seed: number
  readonly batch: number
  readonly rows: Axis
  readonly columns: Axis
  readonly channels: number
  readonly outputs: number
}

const shape: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(1000),
  batch: fc.integer({ min: 1, max: 3 }),
  rows: axis,
  columns: axis,
  channels: fc.constantFrom(1, 2, 3, 5, 8, 16, 17, 33),
  outputs: fc.constantFrom(1, 2, 7, 8, 9, 16, 19, 40),
})

const numbersOf = ({ batch, channels, columns, outputs, rows }: Shape): Uint32Array =>
  Uint32Array.of(
    batch,
    rows.image,
    columns.image,
    channels,
    rows.filter,
    columns.filter,
    outputs,
    rows.out,
    columns.out,
    rows.stride,
    columns.stride,
    rows.before,
    columns.before,
  )

const sizes = ({ batch, channels, columns, outputs, rows }: Shape) => ({
  image: batch * rows.image * columns.image * channels,
  filter: rows.filter * columns.filter * channels * outputs,
  out: batch * rows.out * columns.out * outputs,
})

/** Calls `visit` with the offsets of a pixel and of an output, for each weight in each window. */
const forPairs = (
  { batch, channels, columns, outputs, rows }: Shape,
  visit: (pixel: number, output: number, tap: number) => void,
): void => {
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < rows.out; i++)
      for (let j = 0; j < columns.out; j++)
        for (let r = 0; r < rows.filter; r++)
          for (let s = 0; s < columns.filter; s++) {
            const [y, x] = [
              i * rows.stride + r - rows.before,
              j * columns.stride + s - columns.before,
            ]
            if (y < 0 || y >= rows.image || x < 0 || x >= columns.image) continue
            visit(
              ((b * rows.image + y) * columns.image + x) * channels,
              ((b * rows.out + i) * columns.out + j) * outputs,
              r * columns.filter + s,
            )
          }
}

/** Adds products of two of the three arrays to the third, over all windows, channels and outputs. */
const products = (
  which: "out" | "filter" | "image",
  drawn: Shape,
  image: Float64Array,
  filter: Float64Array,
  out: Float64Array,
): Float64Array => {
  const { channels, outputs } = drawn
  const result = new Float64Array({ image, filter, out }[which].length)
  forPairs(drawn, (pixel, output, tap) => {
    for (let c = 0; c < channels; c++)
      for (let o = 0; o < outputs; o++) {
        const [at, weight, to] = [pixel + c, (tap * channels + c) * outputs + o, output + o]
        if (which === "out") result[to]! += image[at]! * filter[weight]!
        else if (which === "filter") result[weight]! += image[at]! * out[to]!
        else result[at]! += out[to]! * filter[weight]!
      }
  })
  return result
}

/** Float32 numbers, as doubles. */
const singles = (seed: number, name: string, count: number): Float64Array =>
  doubles({ seed, decades: 0 }, name, count).map(Math.fround)

/** Asserts that the module's result agrees with the sums in float64. */
const assertSums = (which: "out" | "filter" | "image") => (module: Addon.Addon) => {
  fc.assert(
    fc.property(shape, (drawn) => {
      const size = sizes(drawn)
      const [image, filter, out] = (["image", "filter", "out"] as const).map((name) =>
        singles(drawn.seed, name, size[name]),
      ) as [Float64Array, Float64Array, Float64Array]
      const [x, w, dy] = [image, filter, out].map((values) => Float32Array.from(values)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ]
      // what was there is not read
      const actual = new Float32Array(size[which]).fill(Number.NaN)
      const numbers = numbersOf(drawn)
      const done = {
        out: () => module.convolve(numbers, x, w, actual, 1),
        filter: () => module.filterGradient(numbers, x, dy, actual, 1),
        image: () => module.imageGradient(numbers, dy, w, actual, 1),
      }[which]()
      assert.isUndefined(done)
      const { batch, channels, columns, outputs, rows } = drawn
      const terms = {
        out: rows.filter * columns.filter * channels,
        filter: batch * rows.out * columns.out,
        image: rows.filter * columns.filter * outputs,
      }[which]
      const expected = products(which, drawn, image, filter, out)
      const bound = products(which, drawn, magnitudes(image), magnitudes(filter), magnitudes(out))
      within(which, actual, expected, terms, bound, 2 ** -24)
    }),
    { numRuns: 150 },
  )
}

describe("convolutions of the module", () => {
  it("have the outputs of every window, whatever strides, zeros and channels", () => {
    compiled(assertSums("out"))
  })

  it("have the gradient with respect to the filter", () => {
    compiled(assertSums("filter"))
  })

  it("have the gradient with respect to the image", () => {
    compiled(assertSums("image"))
  })

  it("have NaN where a window has one, and nowhere else", () => {
    compiled(({ convolve }) => {
      const image = new Float32Array(6 * 6).fill(1)
      image[2 * 6 + 3] = Number.NaN
      const out = new Float32Array(4 * 4)
      const numbers = Uint32Array.of(1, 6, 6, 1, 3, 3, 1, 4, 4, 1, 1, 0, 0)
      convolve(numbers, image, new Float32Array(9), out, 1)
      const expected = Array.from({ length: 16 }, (_, k) => (k % 4 > 0 && k < 12 ? Number.NaN : 0))
      assert.deepStrictEqual(Array.from(out), expected)
    })
  })
})

describe("convolutions and channels on several threads", () => {
  const kernelsOn = (threads: number) => Effect.runSync(CompiledKernels.make(threads))

  it("have the bits of one thread", () => {
    compiled(() => {
      const image = { image: 28, filter: 3, out: 14, stride: 2, before: 1 }
      for (const [channels, outputs] of [
        [1, 4],
        [8, 16],
        [5, 9],
      ] as const) {
        const drawn = { seed: 1, batch: 19, rows: image, columns: image, channels, outputs }
        const [size, numbers] = [sizes(drawn), numbersOf(drawn)]
        const [x, w, dy] = (["image", "filter", "out"] as const).map((name) =>
          Float32Array.from(singles(1, name, size[name])),
        ) as [Float32Array, Float32Array, Float32Array]
        const of = (threads: number) => {
          const kernels = kernelsOn(threads)
          const [out, filter, images] = [dy.slice(), w.slice(), x.slice()]
          const sums = new Float64Array(2 * outputs)
          const combined = dy.slice()
          kernels.convolve(numbers, x, w, out)
          kernels.filterGradient(numbers, x, dy, filter)
          kernels.imageGradient(numbers, dy, w, images)
          kernels.channelSums(dy, out, out, sums)
          const coefficients = Float32Array.from(singles(1, "coefficients", 3 * outputs))
          kernels.combineChannels(coefficients, dy, out, out, true, combined)
          return [out, filter, images, sums, combined]
        }
        const one = of(1)
        for (const threads of [2, 3, 8]) assert.deepStrictEqual(of(threads), one)
      }
    })
  })

  it("have the sums and combinations of the embedded kernels, but for rounding", () => {
    compiled(() => {
      const options = fc.record({
        seed: fc.nat(1000),
        rows: fc.constantFrom(0, 1, 3, 65, 700),
        channels: fc.constantFrom(1, 3, 4, 8, 16, 17, 48),
        hasGate: fc.boolean(),
        hasOther: fc.boolean(),
        isPositive: fc.boolean(),
      })
      fc.assert(
        fc.property(options, ({ channels, hasGate, hasOther, isPositive, rows, seed }) => {
          const count = rows * channels
          const draw = (name: string, n: number) => Float32Array.from(singles(seed, name, n))
          const [x, y] = [draw("x", count), hasOther ? draw("y", count) : undefined]
          const gate = hasGate ? draw("gate", count) : undefined
          const coefficients = draw("coefficients", 3 * channels)
          const [ours, embedded] = [kernelsOn(2), Kernels.strict()]
          const [actual, expected] = [
            new Float64Array(2 * channels).fill(Number.NaN),
            new Float64Array(2 * channels),
          ]
          ours.channelSums(x, y ?? x, gate, actual)
          embedded.channelSums(x, y ?? x, gate, expected)
          for (let c = 0; c < 2 * channels; c++)
            assert.closeTo(actual[c]!, expected[c]!, 1e-11 * (1 + rows))
          const [out, same] = [new Float32Array(count), new Float32Array(count)]
          ours.combineChannels(coefficients, x, y, gate, isPositive, out)
          embedded.combineChannels(coefficients, x, y, gate, isPositive, same)
          for (let k = 0; k < count; k++) assert.closeTo(out[k]!, same[k]!, 1e-4)
          const over = y ?? x
          ours.combineChannels(coefficients, x, y, gate, isPositive, over)
          assert.deepStrictEqual(over, out)
        }),
        { numRuns: 100 },
      )
    })
  })
})

/** Small integers, so that windows have several maxima, with some NaN and -Infinity. */
const pooled = fc.tuple(shape, fc.constantFrom(1, 2, 3, 8, 16, 21)).map(([drawn, channels]) => {
  const one = { ...drawn, channels, outputs: channels }
  const size = sizes(one)
  const image = Float32Array.from(doubles({ ...one, decades: 0 }, "image", size.image), (x, i) => {
    if (i % 23 === 7) return Number.NaN
    return i % 19 === 5 ? -Infinity : Math.round(x)
  })
  const dy = Float32Array.from(singles(one.seed, "dy", size.out))
  return { shape: one, size, image, dy, numbers: numbersOf(one) }
})

describe("maximum pools of the module", () => {
  it("have the largest numbers of the windows, of which NaN is none, bit for bit", () => {
    compiled(({ maxPool }) => {
      fc.assert(
        fc.property(pooled, ({ image, numbers, shape: { channels, ...rest }, size }) => {
          const actual = new Float32Array(size.out).fill(Number.NaN)
          assert.isUndefined(maxPool(numbers, image, actual))
          const expected = new Float32Array(size.out).fill(-Infinity)
          forPairs({ ...rest, channels }, (pixel, output) => {
            for (let c = 0; c < channels; c++)
              if (image[pixel + c]! > expected[output + c]!)
                expected[output + c] = image[pixel + c]!
          })
          assert.deepStrictEqual(actual, expected)
        }),
        { numRuns: 150 },
      )
    })
  })

  it("give the gradient to the first of the largest, and none of it where that is NaN", () => {
    compiled(({ maxPoolGradient }) => {
      fc.assert(
        fc.property(pooled, ({ dy, image, numbers, shape: { channels, ...rest }, size }) => {
          const largest = new Float32Array(size.out).fill(-Infinity)
          forPairs({ ...rest, channels }, (pixel, output) => {
            for (let c = 0; c < channels; c++)
              largest[output + c] = Math.max(largest[output + c]!, image[pixel + c]!)
          })
          const actual = new Float32Array(size.image).fill(Number.NaN)
          assert.isUndefined(maxPoolGradient(numbers, dy, image, largest, actual))
          const [expected, bound] = [new Float64Array(size.image), new Float64Array(size.image)]
          const isGiven = new Uint8Array(size.out)
          forPairs({ ...rest, channels }, (pixel, output) => {
            for (let c = 0; c < channels; c++) {
              const [at, to] = [pixel + c, output + c]
              if (isGiven[to] === 1 || image[at] !== largest[to]) continue
              isGiven[to] = 1
              expected[at]! += dy[to]!
              bound[at]! += Math.abs(dy[to]!)
            }
          })
          within("gradient", actual, expected, 25, bound, 2 ** -24)
        }),
        { numRuns: 150 },
      )
    })
  })
})

/** Numbers including both zeros, infinities and NaN. */
const special = [0, -0, Infinity, -Infinity, Number.NaN]

describe("the gradient of the positive part", () => {
  it("is that of the output times 1, 0 or NaN, bit for bit, whatever the length", () => {
    compiled(({ reluGradient }) => {
      fc.assert(
        fc.property(fc.nat(1000), fc.nat(70), (seed, count) => {
          const drawn = (name: string, every: number) =>
            Float32Array.from(singles(seed, name, count), (value, i) =>
              i % every === 3 ? special[(i + seed) % special.length]! : value,
            )
          const [numbers, dy] = [drawn("numbers", 5), drawn("dy", 7)]
          const actual = new Float32Array(count + 1).fill(42)
          assert.isUndefined(reluGradient(numbers, dy, actual.subarray(0, count)))
          const expected = Array.from(numbers, (x, i) => {
            const factor = Number.isNaN(x) ? x : Number(x > 0)
            return dy[i]! * factor
          })
          // nothing is written past the end
          assert.deepStrictEqual(actual, Float32Array.from([...expected, 42]))
        }),
        { numRuns: 150 },
      )
    })
  })
})
