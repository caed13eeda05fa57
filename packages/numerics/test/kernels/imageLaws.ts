/** What must hold of convolutions and of rows of channels. */
import { InvalidInput, Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { close, same, singles } from "./expand.ts"
import { type Law, law } from "./law.ts"

interface Axis {
  readonly image: number
  readonly filter: number
  readonly out: number
  readonly stride: number
  readonly before: number
}

/** The last window has a part of the image, or is the one before that has. */
const axis: fc.Arbitrary<Axis> = fc
  .record({
    image: fc.integer({ min: 1, max: 11 }),
    filter: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    zeros: fc.nat(3),
    spare: fc.nat(1),
  })
  .map(({ image, filter, spare, stride, zeros }) => {
    const before = Math.min(zeros, filter - 1)
    const most = Math.floor((image + before - 1) / stride) + 1
    return { image, filter, stride, before, out: Math.max(1, most - spare) }
  })

const drawn = fc.record({
  seed: fc.nat(1000),
  batch: fc.integer({ min: 1, max: 3 }),
  rows: axis,
  columns: axis,
  channels: fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 12, 17),
  outputs: fc.constantFrom(1, 2, 4, 7, 8, 9, 12, 19),
})

interface Drawn {
  readonly seed: number
  readonly batch: number
  readonly rows: Axis
  readonly columns: Axis
  readonly channels: number
  readonly outputs: number
}

const shapeOf = ({ batch, channels, columns, outputs, rows }: Drawn): Uint32Array =>
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

const sizesOf = ({ batch, channels, columns, outputs, rows }: Drawn) => ({
  images: batch * rows.image * columns.image * channels,
  filter: rows.filter * columns.filter * channels * outputs,
  out: batch * rows.out * columns.out * outputs,
})

type Which = keyof ReturnType<typeof sizesOf>

/** One of the three from the other two, into `to`. */
const run = (
  kernels: Kernels.Kernels,
  which: Which,
  shape: Uint32Array,
  of: Readonly<Record<Which, Float32Array>>,
  to: Float32Array,
): void => {
  if (which === "out") kernels.convolve(shape, of.images, of.filter, to)
  else if (which === "filter") kernels.filterGradient(shape, of.images, of.out, to)
  else kernels.imageGradient(shape, of.out, of.filter, to)
}

const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

const gated = fc.record({
  seed: fc.nat(1000),
  rows: fc.constantFrom(0, 1, 3, 63, 64, 65, 130),
  channels: fc.constantFrom(1, 2, 3, 4, 5, 8, 12, 17),
  hasGate: fc.boolean(),
  hasOther: fc.boolean(),
  isPositive: fc.boolean(),
})

export const imageLaws: ReadonlyArray<Law> = [
  law(
    "convolve, filterGradient, imageGradient: the strict build gives the bits of the plain loops",
    fc.property(drawn, fc.constantFrom<Which>("out", "filter", "images"), (given, which) => {
      const [shape, size] = [shapeOf(given), sizesOf(given)]
      const from = { seed: given.seed, decades: 2 }
      const of = {
        images: singles(from, "images", size.images),
        filter: singles(from, "filter", size.filter),
        out: singles(from, "out", size.out),
      }
      // what was there is not read
      const [actual, expected] = [
        new Float32Array(size[which]).fill(NaN),
        new Float32Array(size[which]).fill(NaN),
      ]
      run(Kernels.strict(), which, shape, of, actual)
      run(Kernels.reference(), which, shape, of, expected)
      same(which, actual, expected)
    }),
  ),
  law(
    "convolve, filterGradient, imageGradient: the three are of one form, linear in each of images, filter and outputs",
    fc.property(drawn, (given) => {
      const [shape, size] = [shapeOf(given), sizesOf(given)]
      // small integers, so that all sums are exact
      const integers = (name: string, count: number) =>
        singles({ seed: given.seed, decades: 0 }, name, count).map((x) => Math.round(2 * x))
      const of = {
        images: integers("images", size.images),
        filter: integers("filter", size.filter),
        out: integers("out", size.out),
      }
      const kernels = Kernels.strict()
      const forms = (["out", "filter", "images"] as const).map((which) => {
        const to = new Float32Array(size[which])
        run(kernels, which, shape, of, to)
        return inner(to, of[which])
      })
      same("forms", forms, [forms[0]!, forms[0]!, forms[0]!])
    }),
  ),
  law(
    "convolve: the correlation of the definition",
    fc.property(fc.nat(1000), (seed) => {
      // one image of 3 x 4 and a filter of 2 x 2, two outputs, stride 2 across, one row of zeros before it
      const images = singles({ seed, decades: 0 }, "images", 12)
      const filter = singles({ seed, decades: 0 }, "filter", 8)
      const out = new Float32Array(3 * 2 * 2)
      const shape = Uint32Array.of(1, 3, 4, 1, 2, 2, 2, 3, 2, 1, 2, 1, 0)
      Kernels.strict().convolve(shape, images, filter, out)
      const expected = Array.from({ length: 12 }, (_, k) => {
        const [i, j, o] = [Math.floor(k / 4), Math.floor(k / 2) % 2, k % 2]
        let sum = 0
        for (const [r, s] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ] as const) {
          const y = i + r - 1
          if (y >= 0) sum += images[y * 4 + 2 * j + s]! * filter[(r * 2 + s) * 2 + o]!
        }
        return sum
      })
      close("out", out, expected, () => 1e-5)
    }),
  ),
  law(
    "channelSums, combineChannels: the bits of the plain loops, into an input too",
    fc.property(gated, ({ channels, hasGate, hasOther, isPositive, rows, seed }) => {
      const count = rows * channels
      const draw = (name: string, n: number) => singles({ seed, decades: 2 }, name, n)
      const [x, y] = [draw("x", count), hasOther ? draw("y", count) : undefined]
      const gate = hasGate ? draw("gate", count) : undefined
      const coefficients = draw("coefficients", 3 * channels)
      const [strict, plain] = [Kernels.strict(), Kernels.reference()]
      const [sums, expectedSums] = [
        new Float64Array(2 * channels).fill(NaN),
        new Float64Array(2 * channels).fill(NaN),
      ]
      strict.channelSums(x, y ?? x, gate, sums)
      plain.channelSums(x, y ?? x, gate, expectedSums)
      same("sums", sums, expectedSums)
      const [out, expected] = [new Float32Array(count), new Float32Array(count)]
      strict.combineChannels(coefficients, x, y, gate, isPositive, out)
      plain.combineChannels(coefficients, x, y, gate, isPositive, expected)
      same("out", out, expected)
      const over = y ?? x
      strict.combineChannels(coefficients, x, y, gate, isPositive, over)
      same("in place", over, expected)
    }),
  ),
  law(
    "channelSums, combineChannels: NaN stays, a gate that is NaN is closed",
    fc.property(fc.constantFrom(Kernels.strict, Kernels.reference), (of) => {
      const kernels = of()
      const x = Float32Array.of(1, NaN, -2, 3, 4)
      const out = new Float32Array(5)
      kernels.combineChannels(Float32Array.of(1, 0, 0), x, undefined, undefined, true, out)
      same("positive", out, [1, NaN, 0, 3, 4])
      kernels.combineChannels(Float32Array.of(1, 0, 5), x, undefined, x, false, out)
      same("gated", out, [6, 5, 5, 8, 9])
      const sums = new Float64Array(2)
      kernels.channelSums(x, Float32Array.of(1, 1, 1, 2, 2), x, sums)
      same("sums", sums, [8, 15])
    }),
  ),
  law(
    "convolutions: shapes that do not fit are refused",
    fc.property(fc.integer({ min: 0, max: 12 }), (at) => {
      const shape = Uint32Array.of(1, 4, 5, 2, 3, 2, 3, 3, 5, 1, 1, 1, 0)
      const of = [new Float32Array(40), new Float32Array(36)] as const
      const out = new Float32Array(45)
      Kernels.strict().convolve(shape, ...of, out)
      try {
        Kernels.strict().convolve(shape.with(at, 7), ...of, out)
      } catch (error) {
        if (error instanceof InvalidInput) return
        throw error
      }
      throw new Error(`shape[${at}] may be 7`)
    }),
  ),
]
