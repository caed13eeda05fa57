/** What must hold of the elementwise functions, the losses and the random fills. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { close, doubles, same, singles } from "./expand.ts"
import { type Law, law } from "./law.ts"

const activations: ReadonlyArray<Kernels.Activation> = [
  "identity",
  "relu",
  "tanh",
  "sigmoid",
  "softplus",
  "square",
  "cube",
]

const source = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 2, 100),
})
const activation = fc.constantFrom(...activations)
const special = [0, -0, Infinity, -Infinity, NaN, 1e-310, 710, -746, 0.625, -0.625, 2e-9, 800]

/** The functions by the engine's own Math, for values of moderate size. */
const known: Readonly<Record<Kernels.Activation, (x: number) => number>> = {
  identity: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  square: (x) => x * x,
  cube: (x) => x * x * x,
}

export const networkLaws: ReadonlyArray<Law> = [
  law(
    "activate: the strict build gives the bits of the plain loops, in float64 and float32",
    fc.property(activation, fc.nat(70), source, (name, n, from) => {
      const [strict, plain] = [Kernels.strict(), Kernels.reference()]
      const x = Float64Array.from([...doubles(from, "x", n), ...special])
      const [value, slope] = [x.slice(), x.slice()]
      const [expected, expectedSlope] = [x.slice(), x.slice()]
      strict.activate(name, x, value, slope)
      plain.activate(name, x, expected, expectedSlope)
      same("value", value, expected)
      same("slope", slope, expectedSlope)

      const single = Float32Array.from([...singles(from, "x", n), ...special])
      const [value32, slope32] = [single.slice(), single.slice()]
      const [expected32, expectedSlope32] = [single.slice(), single.slice()]
      strict.activate(name, single, value32, slope32)
      plain.activate(name, single, expected32, expectedSlope32)
      same("value", value32, expected32)
      same("slope", slope32, expectedSlope32)
    }),
  ),
  law(
    "activate: values agree with Math; slope and bend are derivatives",
    fc.property(activation, fc.nat(1000), (name, seed) => {
      const x = doubles({ seed, decades: 1 }, "x", 64).map((value) =>
        Math.max(-30, Math.min(30, value)),
      )
      const kernels = Kernels.strict()
      const [value, slope, bend] = [x.slice(), x.slice(), x.slice()]
      kernels.activate(name, x, value, slope)
      kernels.bend(name, x, value, slope, bend)
      close(name, value, x.map(known[name]), (i) => 4 * 2 ** -52 * Math.abs(value[i]!))
      const h = 1e-4
      const at = (shift: number) => {
        const [v, s] = [x.slice(), x.slice()]
        kernels.activate(
          name,
          x.map((point) => point + shift),
          v,
          s,
        )
        return { v, s }
      }
      const [right, left] = [at(h), at(-h)]
      const away = (i: number) => name !== "relu" || Math.abs(x[i]!) > 2 * h
      close(
        "slope",
        slope,
        x.map((_, i) => (away(i) ? (right.v[i]! - left.v[i]!) / (2 * h) : slope[i]!)),
        (i) => 1e-6 * (1 + Math.abs(value[i]!)),
      )
      close(
        "bend",
        bend,
        x.map((_, i) => (away(i) ? (right.s[i]! - left.s[i]!) / (2 * h) : bend[i]!)),
        (i) => 1e-6 * (1 + Math.abs(slope[i]!)),
      )
    }),
  ),
  law(
    "softmaxCrossEntropy: the bits of the plain loops; rows sum to 1; no overflow",
    fc.property(fc.nat(9), fc.integer({ min: 1, max: 12 }), source, (rows, classes, from) => {
      const logits = doubles(from, "logits", rows * classes)
      const labels = Int32Array.from({ length: rows }, (_, i) => (i * 7) % classes)
      const [p, expected] = [logits.slice(), logits.slice()]
      const loss = Kernels.strict().softmaxCrossEntropy(rows, classes, logits, labels, p)
      const plain = Kernels.reference().softmaxCrossEntropy(rows, classes, logits, labels, expected)
      same("loss", [loss], [plain])
      same("probabilities", p, expected)
      const sums = Float64Array.from({ length: rows }, (_, i) =>
        p.subarray(i * classes, (i + 1) * classes).reduce((sum, value) => sum + value, 0),
      )
      close("sums", sums, new Float64Array(rows).fill(1), () => 1e-14)

      const single = Float32Array.from(logits)
      const [p32, expected32] = [single.slice(), single.slice()]
      same(
        "loss",
        [Kernels.strict().softmaxCrossEntropy(rows, classes, single, labels, p32)],
        [Kernels.reference().softmaxCrossEntropy(rows, classes, single, labels, expected32)],
      )
      same("probabilities", p32, expected32)
    }),
  ),
  law(
    "random fills: the draws of RandomStream, whatever the pieces, in float64 and rounded to float32",
    fc.property(
      fc.constantFrom("fillNormal", "fillRademacher"),
      fc.array(fc.nat(3000), { maxLength: 4 }),
      fc.boolean(),
      fc.nat(1000),
      (fill, lengths, inside, seed) => {
        const one = RandomStream.make(Seed.root(seed))
        const other = RandomStream.make(Seed.root(seed))
        const kernels = Kernels.strict()
        for (const n of lengths) {
          const expected = new Float64Array(n)
          one[fill](expected)
          const out = inside ? kernels.arena.f64(n) : new Float64Array(n)
          kernels[fill](other, out)
          same(fill, out, expected)
          same("state", other.state, one.state)
          if (inside) kernels.arena.release(out)

          const single = inside ? kernels.arena.f32(n) : new Float32Array(n)
          const exact = new Float64Array(n)
          one[fill](exact)
          kernels[fill](other, single)
          same("in float32", single, Float32Array.from(exact))
          same("state", other.state, one.state)
          if (inside) kernels.arena.release(single)
        }
      },
    ),
  ),
]
