/** What must hold of runs in the samples: the strict kernels give the bits of the plain loops and of single steps, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { close, difference, doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const activations = ["identity", "relu", "tanh", "sigmoid", "softplus", "square", "cube"] as const

const drawn = fc.record({
  seed: fc.nat(1000),
  // past 1e100 losses overflow
  decades: fc.constantFrom<Array<number>>(0, 0, 0, 1, 100),
  n: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 23)),
  // within one block of columns, and in several
  m: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(33, 256, 257, 519)),
  steps: fc.nat(6),
  rate: fc.constantFrom<Array<number>>(0.01, 0.3, -0.1),
  factor: fc.constantFrom<Array<number>>(0.5, 0.1),
  activation: fc.option(fc.constantFrom(...activations), { nil: undefined }),
  isDouble: fc.boolean(),
  isInside: fc.boolean(),
  above: fc.constantFrom<Array<number>>(-Infinity, 0.5, 1e3),
  atMost: fc.constantFrom<Array<number>>(Number.MAX_VALUE, 10),
})

type Drawn = typeof drawn extends fc.Arbitrary<infer A> ? A : never
type Floats = Float64Array | Float32Array

const expand = ({ isDouble, m, n, ...given }: Drawn) => {
  const of = (label: string, count: number): Floats => {
    const numbers = doubles(given, label, count)
    return isDouble ? numbers : Float32Array.from(numbers)
  }
  const x = doubles(given, "x", n * 3)
  const gram = new Float64Array(n * n)
  Kernels.reference().syrk(false, n, 3, 1 / 3, x, 0, gram)
  return {
    targets: doubles(given, "targets", n),
    gram: isDouble ? gram : Float32Array.from(gram),
    z: of("z", n * m),
    moved: of("moved", n * m),
    value: of("value", n * m),
    slope: of("slope", n * m),
    change: of("change", n * m),
    weights: of("weights", m),
    seen: of("seen", m),
    predictions: of("predictions", n),
    adjoint: of("adjoint", n),
  }
}

/** All that a run leaves, which `descend` takes. */
const after = (
  given: Drawn,
  kernels: Kernels.Kernels,
  descend: (run: Kernels.SamplesRun<Floats>, losses: Float64Array) => number,
): Array<number> => {
  const { activation, factor, isDouble, isInside, m } = given
  const numbers = expand(given)
  return kernels.arena.scoped((space) => {
    const place = (array: Floats): Floats => {
      if (!isInside) return array
      const inside = isDouble ? space.f64(array.length) : space.f32(array.length)
      inside.set(array)
      return inside
    }
    const { change, gram, moved, predictions, seen, slope, targets, value, weights, z } = numbers
    const run = {
      activation,
      scale: 1 / Math.sqrt(m),
      targets,
      factor,
      gram: place(gram),
      z: place(z),
      moved: place(moved),
      value: place(value),
      slope: place(slope),
      change: place(change),
      weights: place(weights),
      seen: place(seen),
      predictions: place(predictions),
      adjoint: place(numbers.adjoint),
    }
    const losses = new Float64Array(given.steps)
    const taken = descend(run, losses)
    const states = [run.z, run.moved, run.value, run.slope, run.weights, run.seen]
    return [taken, ...losses, ...[...states, run.predictions, run.adjoint].flatMap((x) => [...x])]
  })
}

const inOne =
  (kernels: Kernels.Kernels, given: Drawn, times = 1) =>
  (run: Kernels.SamplesRun<Floats>, losses: Float64Array) =>
    kernels.descendInSamples(run, given.steps, times * given.rate, losses, given)!

/** The same by the kernels of single products. */
const inSteps =
  ({ above, atMost, n, m, rate, steps }: Drawn, { activate, gemm, gemv }: Kernels.Kernels) =>
  (run: Kernels.SamplesRun<Floats>, losses: Float64Array): number => {
    const { activation, adjoint, change, factor, gram, moved, predictions } = run
    const { scale, seen, slope, value, weights, z } = run
    for (let t = 0; t < steps; t++) {
      seen.set(weights)
      if (activation !== undefined) activate(activation, z, value, slope)
      else z.forEach((here, i) => (value[i] = slope[i]! * here))
      gemv(false, n, m, scale, value, weights, 0, predictions)
      const residuals = Array.from(predictions, (f, k) => f - run.targets[k]!)
      residuals.forEach((r, k) => (adjoint[k] = 2 * factor * r))
      losses[t] = factor * residuals.reduce((sum, r) => sum + r * r, 0)
      if (!(losses[t]! > above && losses[t]! <= atMost)) return t
      gemv(true, n, m, -rate * scale, value, adjoint, 1, weights)
      for (let i = 0; i < n * m; i++) {
        change[i] = adjoint[Math.floor(i / m)]! * scale * slope[i]! * seen[i % m]!
        moved[i]! -= rate * change[i]!
      }
      gemm(false, false, n, m, n, -rate, gram, change, 1, z)
    }
    return steps
  }

export const samplesLaws: ReadonlyArray<Law> = [
  law(
    "descendInSamples: the bits of the plain loops and of single steps, in float64 and float32",
    fc.property(drawn, (given) => {
      const [plain, strict] = [Kernels.reference(), Kernels.strict()]
      const expected = after(given, plain, inOne(plain, given))
      same("strict", after(given, strict, inOne(strict, given)), expected)
      same("steps", after(given, strict, inSteps(given, strict)), expected)
    }),
  ),
  law(
    "descendInSamples: another rate takes another way from the first step on",
    fc.property(drawn, (given) => {
      const strict = Kernels.strict()
      const expected = after(given, strict, inOne(strict, given))
      const actual = after(given, strict, inOne(strict, given, 1.001))
      // a single step moves z, unless there is none
      const isSame = difference(actual, expected) === undefined
      if (expected[0]! > 0 && given.decades === 0 && given.n * given.m > 20 && isSame)
        throw new Error("the rate is not seen")
    }),
  ),
  law(
    "descendInSamples: a step of the relaxed build is that of the plain loops to rounding",
    fc.property(drawn, (drawnOf) => {
      const given = { ...drawnOf, decades: 0, isDouble: true, steps: 1, above: -Infinity }
      const [plain, relaxed] = [Kernels.reference(), RelaxedKernels.relaxed()]
      const expected = after(given, plain, inOne(plain, given))
      const actual = after(given, relaxed, inOne(relaxed, given))
      // the largest number has met no more than n m roundings of numbers that are no larger than all together
      const size = expected.reduce((sum, x) => sum + Math.abs(x), 1)
      close("step", actual, expected, () => given.n * given.m * 2 ** -52 * size)
    }),
  ),
]
