/** Networks in float32 against PyTorch, against the same network in float64, and in the hands of methods. */
import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import {
  batchNormalised,
  convolutionalNetwork,
  followStatistics,
  gradientMethod,
  meanStatistics,
  type Method,
  type MethodState,
  network,
  resNet8,
  sam,
  sgd,
  singlePrecision,
  usam,
} from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { assert, describe, it } from "vitest"
import { readFileSync } from "node:fs"

/** The numbers of `tools/peers/python/peers.py`. */
const numbers = (count: number, salt: number): Float64Array => {
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let h = Math.imul(i + 1 + salt * 7919, 2654435761)
    h ^= h >>> 15
    h = Math.imul(h, 2246822519)
    h ^= h >>> 13
    out[i] = (h >>> 0) / 4294967296 - 0.5
  }
  return out
}

interface Golden {
  readonly kind: "resNet8" | "convolutionalNetwork"
  readonly batchNormalisation: boolean
  readonly channels: number
  readonly batch: number
  readonly loss: number
  readonly gradient: string
  readonly outputs: string
}

/** Written by `tools/peers/python/networks.py`, in float64 from parameters and images of float32. */
const golden = JSON.parse(
  readFileSync(new URL("../golden/torch-images.json", import.meta.url), "utf8"),
) as { readonly cases: ReadonlyArray<Golden> }

const decoded = (text: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer)

const input = { height: 28, width: 28, channels: 1 }
const makers = { resNet8, convolutionalNetwork }

/** The tensors of a network in the order of the parameters: how many numbers, and of what. */
const tensorsOf = (architecture: Architecture.Architecture) => {
  const weights = architecture.layers.flatMap(({ bias, inputs, outputs, weights: at }) => [
    { at, count: inputs * outputs, inputs },
    ...(bias === undefined ? [] : [{ at: bias, count: outputs, start: 0 }]),
  ])
  const scales = architecture.normalisations.flatMap(({ channels, scales: at }) => [
    { at, count: channels, start: 1 },
    { at: at + channels, count: channels, start: 0 },
  ])
  return [...weights, ...scales].toSorted((a, b) => a.at - b.at)
}

/** The parameters that the script gives to PyTorch. */
const parametersOf = (architecture: Architecture.Architecture): Float64Array => {
  const x = new Float64Array(architecture.dimension)
  for (const [salt, tensor] of tensorsOf(architecture).entries()) {
    const part = x.subarray(tensor.at, tensor.at + tensor.count)
    if ("inputs" in tensor) {
      const scale = Math.sqrt(24 / tensor.inputs)
      for (const [k, value] of numbers(tensor.count, salt).entries()) part[k] = value * scale
    } else part.fill(tensor.start)
  }
  for (const [k, value] of numbers(x.length, 77).entries()) x[k]! += 0.1 * value
  return x
}

/** The largest difference over the largest magnitude. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const difference = Array.from(a, (value, i) => value - b[i]!)
  return Vector.maxAbs(Float64Array.from(difference)) / Vector.maxAbs(Float64Array.from(b))
}

const kinds: ReadonlyArray<readonly [string, () => Kernels.Kernels]> = [
  ["strict", Kernels.strict],
  ["relaxed", RelaxedKernels.relaxed],
]

describe.each(golden.cases)(
  "$kind, batch normalisation $batchNormalisation, beside PyTorch",
  ({ batch, batchNormalisation, channels, gradient, kind, loss, outputs }) => {
    const architecture = makers[kind]({
      input,
      classes: 10,
      channels,
      batchNormalisation,
    })
    const x = parametersOf(architecture)
    const features = Float32Array.from(numbers(batch * 784, 99))
    const labels = Array.from({ length: batch }, (_, i) => i % 10)

    it.each(kinds)("has its loss, gradient and predictions to 1e-5, %s", (_name, kernels) => {
      const ours = singlePrecision({
        features,
        dimension: 784,
        architecture,
        loss: Loss.crossEntropy(labels),
        kernels: kernels(),
      })
      const found = new Float64Array(x.length)
      const value = ours.valueAndGradient(x, found)
      assert.isAtMost(Math.abs(value - loss) / loss, 1e-5)
      const expected = decoded(gradient)
      assert.strictEqual(expected.length, x.length)
      // each tensor by itself: a small one is not hidden by a large one
      for (const { at, count } of tensorsOf(architecture)) {
        const part = expected.subarray(at, at + count)
        assert.isAtMost(distance(found.subarray(at, at + count), part), 1e-5, `from ${at}`)
      }
      const statistics = new Float64Array(Architecture.statisticsLength(architecture))
      const running = statistics.slice()
      for (const { channels: count, means } of architecture.normalisations)
        running.fill(1, means + count, means + 2 * count)
      ours.statistics(Uint32Array.from(labels), x, statistics)
      followStatistics(running, statistics, 0.1)
      const predicted = new Float64Array(batch * 10)
      ours.predict(x, running, features, predicted)
      assert.isAtMost(distance(predicted, decoded(outputs)), 1e-5)
    })
  },
)

/** A few images with structure that a network can learn: the place of a bright square. */
const squares = (count: number, seed: number) => {
  const stream = RandomStream.make(Seed.root(seed))
  const features = new Float32Array(count * 64)
  const labels = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const label = (labels[i] = stream.integer(3))
    for (let k = 0; k < 64; k++) features[i * 64 + k] = 0.5 * stream.normal()
    for (let k = 0; k < 4; k++) features[i * 64 + 8 * (2 * label + (k >> 1)) + (k & 1) + 3]! += 2
  }
  return { features, labels }
}

const small = { input: { height: 8, width: 8, channels: 1 }, classes: 3, channels: 3 }

const single = (
  architecture: Architecture.Architecture,
  { features, labels }: ReturnType<typeof squares>,
) => singlePrecision({ features, dimension: 64, architecture, loss: Loss.crossEntropy(labels) })

describe("a network in float32", () => {
  const { averagePool, batchNormalisation, convolution, dense, flatten, maxPool, residual } = Block
  const relu = Block.activation("relu")
  const same = convolution({ channels: 3, size: 3, padding: "same" })
  const bare = convolution({ channels: 3, size: 3, padding: "same", bias: false })
  const chains: ReadonlyArray<readonly [string, ReadonlyArray<Block.Block>]> = [
    ["maximum pool", [same, relu, maxPool({ size: 2 }), flatten, dense(3)]],
    ["relu first", [relu, same, relu, flatten, dense(3)]],
    ["bare layers", [bare, bare, flatten, dense(4, { bias: false }), relu, dense(3)]],
    [
      "block before a pool",
      [same, residual([relu, bare]), averagePool({ size: 3, padding: "same" }), flatten, dense(3)],
    ],
    [
      "shortcut that ends with relu",
      [same, residual([same], [bare, relu]), relu, flatten, dense(3)],
    ],
    ["shortcut that is a bare layer", [same, residual([same, relu], [bare]), flatten, dense(3)]],
    [
      "shortcut that is a pool",
      [
        same,
        residual([bare], [averagePool({ size: 3, stride: 1, padding: "same" })]),
        relu,
        flatten,
        dense(3),
      ],
    ],
    [
      "block in a block",
      [same, relu, residual([bare, residual([relu, bare]), relu]), flatten, dense(3)],
    ],
    [
      "block at the data",
      [residual([convolution({ channels: 1, size: 3, padding: "same" })]), relu, flatten, dense(3)],
    ],
    ["normalisation of the data", [batchNormalisation(), same, relu, flatten, dense(3)]],
    [
      "normalisation before activation",
      [
        same,
        residual([batchNormalisation(), relu, bare]),
        batchNormalisation(),
        flatten,
        dense(3),
        batchNormalisation(),
      ],
    ],
    [
      "frozen normalisation",
      [
        bare,
        Block.frozenNormalisation({
          mean: Float64Array.of(1, -1, 0),
          variance: Float64Array.of(4, 1, 0.25),
        }),
        relu,
        flatten,
        dense(3),
      ],
    ],
    [
      "single pixels",
      [
        same,
        relu,
        convolution({ channels: 2, size: 1 }),
        relu,
        convolution({ channels: 2, size: 1, stride: 2 }),
        flatten,
        dense(3),
      ],
    ],
  ]

  it.each(chains)("is the network in float64, but for rounding: %s", (_name, blocks) => {
    const data = squares(7, 2)
    const architecture = Architecture.layered({ input: small.input, blocks })
    const loss = Loss.crossEntropy(data.labels)
    const features = Float64Array.from(data.features)
    const other =
      architecture.normalisations.length > 0
        ? batchNormalised({ features, dimension: 64, architecture, loss })
        : network({ features, dimension: 64, architecture, loss })
    const x = Initialisation.scattered(architecture, Seed.root(5)).map(
      (value, i) => value + 0.1 * Math.sin(i),
    )
    const [found, expected] = [new Float64Array(x.length), new Float64Array(x.length)]
    const ours = single(architecture, data)
    const indices = Uint32Array.of(6, 2, 2, 0, 5)
    for (let time = 0; time < 2; time++) {
      const value = ours.batchValueAndGradient(indices, x, found)
      assert.closeTo(value, other.batchValueAndGradient(indices, x, expected), 1e-5)
      assert.isAtMost(distance(found, expected), 1e-5)
    }
  })

  it("has the bits of the plain loops on strict kernels", () => {
    const data = squares(9, 3)
    for (const isNormalised of [true, false]) {
      const architecture = resNet8({ ...small, batchNormalisation: isNormalised })
      const x = Initialisation.he(architecture, Seed.root(1))
      const [strict, plain] = [Kernels.strict(), Kernels.reference()].map((kernels) => {
        const gradient = new Float64Array(x.length)
        const loss = Loss.crossEntropy(data.labels)
        const ours = singlePrecision({ ...data, dimension: 64, architecture, loss, kernels })
        return [ours.valueAndGradient(x, gradient), gradient]
      })
      assert.deepStrictEqual(strict, plain)
    }
  })

  it("is a mean over its samples without normalisation, whatever parts they pass in", () => {
    const data = squares(230, 4)
    const architecture = convolutionalNetwork({ ...small, batchNormalisation: false })
    const ours = single(architecture, data)
    const x = Initialisation.he(architecture, Seed.root(1))
    const [mean, gradient, part] = [x.map(() => 0), x.map(() => 0), x.map(() => 0)]
    let sum = 0
    for (let i = 0; i < 230; i++) {
      sum += ours.batchValueAndGradient(Uint32Array.of(i), x, part) / 230
      for (let k = 0; k < x.length; k++) mean[k]! += part[k]! / 230
    }
    assert.closeTo(ours.valueAndGradient(x, gradient), sum, 1e-5)
    assert.isAtMost(distance(gradient, mean), 1e-5)
  })

  it("refuses other activations, features that are not finite, batches of one sample that are normalised, and indices outside", () => {
    const data = squares(5, 1)
    const bent = Architecture.layered({
      input: 64,
      blocks: [dense(3), Block.activation("tanh"), dense(3)],
    })
    const x = new Float64Array(bent.dimension)
    assert.throws(() => single(bent, data).valueAndGradient(x, x.slice()), /not tanh/)
    const normal = resNet8(small)
    const start = Initialisation.he(normal, Seed.root(1))
    const ours = single(normal, data)
    const gradient = start.slice()
    assert.throws(() => ours.batchValueAndGradient(Uint32Array.of(0), start, gradient))
    assert.throws(() => ours.batchValueAndGradient(Uint32Array.of(0, 5), start, gradient))
    data.features[100] = Number.NaN
    assert.throws(() => single(normal, data), /features\[100\]/)
  })
})

const base = sgd({ learningRate: 0.1 })

/** Takes steps, each on the next batch. */
const walk = <State extends MethodState>(method: Method<State>) => {
  const training = squares(200, 10)
  const architecture = resNet8(small)
  const loss = single(architecture, training)
  const batches = Minibatch.shuffled(loss, { batchSize: 20, seed: Seed.root(1) })
  const state = method.init(batches, Initialisation.he(architecture, Seed.root(2)))
  const advance = (steps: number): void => {
    for (let k = 0; k < steps; k++) {
      method.step(state)
      batches.advance()
    }
  }
  return { loss, state, advance }
}

describe.each([
  ["sgd", () => walk(gradientMethod(base))],
  ["sam", () => walk(sam({ radius: 0.05, base }))],
  ["usam", () => walk(usam({ radius: 0.05, base }))],
] as const)("%s", (_name, begin) => {
  it("learns, and goes on from a snapshot with the same bits", () => {
    const whole = begin()
    whole.advance(60)
    const { loss, state } = whole
    const statistics = meanStatistics(loss, state.point, 20)
    const { features, labels } = squares(200, 11)
    assert.isAbove(loss.accuracy(state.point, statistics, features, labels), 0.9)

    const first = begin()
    first.advance(25)
    const later = begin()
    Snapshot.read(Snapshot.write(first.state), later.state)
    later.advance(35)
    assert.deepStrictEqual(later.state.point, state.point)
  })
})
