import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  adamW,
  bilinearGame,
  cosine,
  trajectory,
  gradientMethod,
  leastSquares,
  logCosh,
  logistic,
  momentum,
  nesterov,
  network,
  polyakLojasiewicz,
  quadratic,
  quadraticGame,
  quadraticFromMatrix,
  scalarFactorisation,
  sgd,
  valley,
  withClipping,
  withWeightDecay,
} from "../src/index.ts"
import * as Architecture from "../src/network/Architecture.ts"
import * as Loss from "../src/network/Loss.ts"
import * as FeasibleSet from "../src/FeasibleSet.ts"
import * as Minibatch from "../src/Minibatch.ts"
import * as Schedule from "../src/Schedule.ts"
import * as Initialisation from "../src/network/Initialisation.ts"
import { softmaxRegression } from "../src/Softmax.ts"

const of = (...values: ReadonlyArray<number>): Float64Array => Float64Array.from(values)
const two = { features: of(1, 2, 3, 4), dimension: 2 }
const architecture = Architecture.make({ widths: [2, 2], activation: "relu" })
const squares = leastSquares({ ...two, targets: of(1, 2) })
const seed = Seed.root(1)
const bowl = quadratic({ spectrum: [1, 2] })
const plain = gradientMethod(sgd({ learningRate: 0.1 }))
const feasible = FeasibleSet.ball(1)
const net = network({ ...two, architecture, loss: Loss.crossEntropy([0, 1]) })

/** Each with the numbers that the error shows. */
const bad: ReadonlyArray<readonly [string, () => unknown, Readonly<Record<string, number>>]> = [
  ["no spectrum", () => quadratic({ spectrum: [] }), { "spectrum.length": 0 }],
  [
    "a spectrum with NaN",
    () => quadratic({ spectrum: [1, NaN] }),
    { index: 1, "spectrum[1]": NaN },
  ],
  [
    "a basis of the wrong size",
    () => quadratic({ spectrum: [1, 2], basis: of(1) }),
    { "basis.length": 1 },
  ],
  [
    "a basis that is not orthonormal",
    () => quadratic({ spectrum: [1, 2], basis: of(1, 0, 1, 1) }),
    { row: 1, other: 0, product: 1 },
  ],
  [
    "a minimiser of the wrong length",
    () => quadratic({ spectrum: [1, 2], minimiser: of(1) }),
    { "minimiser.length": 1 },
  ],
  ["an empty matrix", () => quadraticFromMatrix(of()), { dimension: 0 }],
  ["a matrix that is not square", () => quadraticFromMatrix(of(1, 2, 3)), { "h.length": 3 }],
  [
    "a matrix that is not symmetric",
    () => quadraticFromMatrix(of(1, 2, 3, 4)),
    { row: 1, column: 0, lower: 3, upper: 2 },
  ],
  ["an infinite target", () => scalarFactorisation(Infinity), { target: Infinity }],
  ["a valley without base", () => valley({ base: NaN, amplitude: 1 }), { base: NaN }],
  ["a cosine in dimension 0", () => cosine(0), { dimension: 0 }],
  ["a wave in dimension 1.5", () => polyakLojasiewicz({ dimension: 1.5 }), { dimension: 1.5 }],
  [
    "a wave with half a row",
    () => polyakLojasiewicz({ dimension: 2, rows: of(1, 0, 0) }),
    { "rows.length / dimension": 1.5 },
  ],
  [
    "a wave with rows that are too long",
    () => polyakLojasiewicz({ dimension: 2, rows: of(2, 0) }),
    { row: 0, other: 0, product: 4 },
  ],
  [
    "no samples",
    () => leastSquares({ features: of(), dimension: 2, targets: of() }),
    { "features.length / dimension": 0 },
  ],
  [
    "ragged samples",
    () => logistic({ features: of(1, 2, 3), dimension: 2, labels: [1] }),
    { "features.length / dimension": 1.5 },
  ],
  [
    "a feature that is NaN",
    () => logCosh({ features: of(1, NaN), dimension: 2 }),
    { index: 1, "features[1]": NaN },
  ],
  ["too few targets", () => leastSquares({ ...two, targets: of(1) }), { "targets.length": 1 }],
  [
    "a target that is infinite",
    () => leastSquares({ ...two, targets: of(1, -Infinity) }),
    { index: 1, "targets[1]": -Infinity },
  ],
  ["logistic labels 0 and 1", () => logistic({ ...two, labels: [1, 0] }), { index: 1, label: 0 }],
  ["a negative ridge", () => logistic({ ...two, labels: [1, -1], ridge: -1 }), { ridge: -1 }],
  [
    "a softmax label out of range",
    () => softmaxRegression({ ...two, labels: [0, 3], classes: 3 }),
    { index: 1, label: 3 },
  ],
  [
    "a softmax label between classes",
    () => softmaxRegression({ ...two, labels: [0.5, 1], classes: 2 }),
    { index: 0, label: 0.5 },
  ],
  [
    "softmax regression of one class",
    () => softmaxRegression({ ...two, labels: [0, 0], classes: 1 }),
    { outputs: 1 },
  ],
  [
    "a network of one width",
    () => Architecture.make({ widths: [2], activation: "relu" }),
    { "widths.length": 1 },
  ],
  [
    "a network with a layer of width 0",
    () => Architecture.make({ widths: [2, 0, 1], activation: "relu" }),
    { width: 0 },
  ],
  [
    "samples wider than the network",
    () =>
      network({ features: of(1, 2, 3), dimension: 3, architecture, loss: Loss.crossEntropy([0]) }),
    { dimension: 3, inputs: 2 },
  ],
  [
    "too few targets for the outputs",
    () => network({ ...two, architecture, loss: Loss.squared(of(1, 2)) }),
    { "targets.length": 2 },
  ],
  [
    "inputs that are no rows",
    () => net.predict(new Float64Array(6), of(1, 2, 3), of(0, 0, 0)),
    {
      "inputs.length / architecture.inputs": 1.5,
    },
  ],
  ["parameters of another network", () => net.accuracy(of(1), of(1, 2), [0]), { "x.length": 1 }],
  ["too few parameters", () => net.valueAndGradient(of(1), new Float64Array(6)), { "x.length": 1 }],
  [
    "a gradient that is too long",
    () => net.valueAndGradient(new Float64Array(6), new Float64Array(7)),
    { "gradient.length": 7 },
  ],
  [
    "a short direction",
    () => net.hessianVector(new Float64Array(6), of(1), new Float64Array(6)),
    { "v.length": 1 },
  ],
  [
    "a batch past the samples",
    () => net.batchValueAndGradient(Uint32Array.of(0, 2), new Float64Array(6), new Float64Array(6)),
    { "indices[1]": 2, samples: 2 },
  ],
  ["a trace at too few parameters", () => net.exactTrace!(of(1)), { "x.length": 1 }],
  [
    "a factor of the wrong size",
    () => net.gaussNewton.factor(new Float64Array(6), of(1)),
    { "factor.length": 1 },
  ],
  [
    "a deviation that is negative",
    () => Initialisation.normal(architecture, seed, -1),
    { deviation: -1 },
  ],
  ["a batch of 0", () => Minibatch.shuffled(squares, { batchSize: 0, seed }), { batchSize: 0 }],
  [
    "a batch of 1.5",
    () => Minibatch.independent(squares, { batchSize: 1.5, seed }),
    { batchSize: 1.5 },
  ],
  ["a learning rate that is NaN", () => sgd({ learningRate: NaN }), { learningRate: NaN }],
  [
    "a momentum that is infinite",
    () => momentum({ learningRate: 1, momentum: Infinity }),
    { momentum: Infinity },
  ],
  ["a momentum that is NaN", () => nesterov({ learningRate: 1, momentum: NaN }), { momentum: NaN }],
  ["a negative epsilon", () => adamW({ learningRate: 1, epsilon: -1 }), { epsilon: -1 }],
  ["a beta1 of 1", () => adamW({ learningRate: 1, beta1: 1 }), { beta1: 1 }],
  ["a beta2 above 1", () => adamW({ learningRate: 1, beta2: 1.5 }), { beta2: 1.5 }],
  [
    "a negative clipping norm",
    () => withClipping(sgd({ learningRate: 1 }), { maxNorm: -1 }),
    { maxNorm: -1 },
  ],
  [
    "a decay that is NaN",
    () => withWeightDecay(sgd({ learningRate: 1 }), { rate: NaN }),
    { rate: NaN },
  ],
  ["a cosine over no steps", () => Schedule.cosine(1, 0), { steps: 0 }],
  ["a start of the wrong length", () => plain.init(bowl, of(1)), { "start.length": 1 }],
  [
    "a descent from the wrong length",
    () => trajectory(plain, bowl, of(1), { steps: 1 }),
    { "start.length": 1 },
  ],
  [
    "a descent of half a step",
    () => trajectory(plain, bowl, of(1, 1), { steps: 0.5 }),
    { steps: 0.5 },
  ],
  [
    "a snapshot every 0 steps",
    () => trajectory(plain, bowl, of(1, 1), { steps: 1, every: 0 }),
    { every: 0 },
  ],
  [
    "a game without columns",
    () => bilinearGame({ matrix: of(1), columns: 0, feasible }),
    { columns: 0 },
  ],
  [
    "a game with a ragged matrix",
    () => bilinearGame({ matrix: of(1, 2, 3), columns: 2, feasible }),
    { "matrix.length / columns": 1.5 },
  ],
  [
    "a saddle of the wrong length",
    () => bilinearGame({ matrix: of(1), columns: 1, feasible, saddle: of(0) }),
    { "saddle.length": 1 },
  ],
  [
    "an empty box",
    () => FeasibleSet.boxBetween(of(0, 2), of(1, 1)),
    { index: 1, lower: 2, upper: 1 },
  ],
  ["a simplex of negative total", () => FeasibleSet.simplex(-1), { total: -1 }],
  [
    "a game with a quadratic of the wrong size",
    () =>
      quadraticGame({
        coupling: of(1),
        columns: 1,
        min: { feasible, quadratic: of(1, 2) },
        max: { feasible },
      }),
    { "quadratic.length": 2 },
  ],
  ["a ball of negative radius", () => FeasibleSet.ball(-1), { radius: -1 }],
  ["a box that is infinite", () => FeasibleSet.box(Infinity), { halfWidth: Infinity }],
]

describe("bad input is an InvalidInput with the numbers that show it", () => {
  it.each(bad)("%s", (_, run, numbers) => {
    let caught: unknown
    try {
      run()
    } catch (error) {
      caught = error
    }
    assert.instanceOf(caught, InvalidInput)
    const { message, numbers: shown } = caught
    assert.deepStrictEqual(shown, numbers)
    assert.notInclude(message, "\n")
  })
})
