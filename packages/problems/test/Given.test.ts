/** What is given reaches all that problems compute, with the bits of the strict kernels. */
import { Kernels, RandomStream } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import { assert, describe, it } from "vitest"
import {
  bilinearGame,
  exactTrace,
  type Game,
  gradientMethod,
  leastSquares,
  logCosh,
  logistic,
  matrixGame,
  momentum,
  network,
  type Objective,
  quadraticFromMatrix,
  quadraticGame,
  robustLeastSquares,
  sam,
  trajectory,
} from "../src/index.ts"
import * as Architecture from "../src/network/Architecture.ts"
import * as Loss from "../src/network/Loss.ts"
import * as Products from "../src/Products.ts"
import * as FeasibleSet from "../src/FeasibleSet.ts"
import * as Minibatch from "../src/Minibatch.ts"
import { softmaxRegression } from "../src/Softmax.ts"
import { points, seed } from "./support/Problems.ts"

/** Large enough for compiled code to be used. */
const [size, dimension] = [60, 40]
const features = points(size * dimension, 1, 1, "given features")[0]!
const targets = points(size, 1, 1, "given targets")[0]!
const signs = targets.map((target) => (target < 0 ? -1 : 1))
const classes = Int32Array.from(targets, (target) => (target < 0 ? 0 : target < 0.5 ? 1 : 2))
const samples = { features, dimension }
const square = points(dimension * dimension, 1, 1, "given square")[0]!
const symmetric = square.map((_, at) => {
  const [i, j] = [Math.floor(at / dimension), at % dimension]
  return square[i * dimension + j]! + square[j * dimension + i]!
})
const ball = FeasibleSet.ball(2)

const atPoint = (objective: Objective) => {
  const [x, v] = points(objective.dimension, 2, 1, "given points") as [Float64Array, Float64Array]
  const [gradient, product] = [x.slice(), x.slice()]
  const value = objective.valueAndGradient(x, gradient)
  objective.hessianVector?.(x, v, product)
  return [value, gradient, product, objective.constants]
}

const ofGame = (game: Game) => {
  const z = points(game.dimensions[0] + game.dimensions[1], 1, 1, "given strategies")[0]!
  const out = z.slice()
  game.operator(z, out)
  game.project(z)
  return [out, game.smoothness, game.roundoff, game.dualityGap?.(z)]
}

const architecture = Architecture.make({ widths: [dimension, 16, 3], activation: "relu" })
const definite = Orthogonal.haar(dimension, RandomStream.make(seed)).map((_, at) =>
  at % (dimension + 1) === 0 ? 1 + at / dimension ** 2 : 0,
)

const calls: Readonly<Record<string, (kernels: Kernels.Kernels) => unknown>> = {
  quadraticFromMatrix: (kernels) => atPoint(quadraticFromMatrix(symmetric, { kernels })),
  leastSquares: (kernels) => {
    const objective = leastSquares({ ...samples, targets, kernels })
    return [atPoint(objective), objective.minimiser]
  },
  logistic: (kernels) => atPoint(logistic({ ...samples, labels: signs, kernels })),
  logCosh: (kernels) => atPoint(logCosh({ ...samples, kernels })),
  softmaxRegression: (kernels) =>
    atPoint(softmaxRegression({ ...samples, labels: classes, classes: 3, kernels })),
  network: (kernels) =>
    atPoint(network({ ...samples, architecture, loss: Loss.crossEntropy(classes), kernels })),
  exactTrace: (kernels) => {
    const trace = exactTrace({
      ...samples,
      architecture,
      loss: "cross entropy",
      kernels,
    })
    return trace(points(architecture.dimension, 1, 1, "given weights")[0]!)
  },
  "a method over batches of a network": (kernels) => {
    const sum = network({ ...samples, architecture, loss: Loss.crossEntropy(classes), kernels })
    const batches = Minibatch.shuffled(sum, { batchSize: 16, seed })
    const start = points(architecture.dimension, 1, 1, "given weights")[0]!
    const method = sam({ base: momentum({ learningRate: 0.1 }) })
    return Array.from(trajectory(method, batches, start, { steps: 8 }), ({ loss }) => loss)
  },
  gradientMethod: (kernels) => {
    const objective = leastSquares({ ...samples, targets, kernels })
    const learningRate = 1 / objective.constants.smoothness!.value
    const method = gradientMethod(momentum({ learningRate }))
    const start = new Float64Array(dimension)
    return Array.from(trajectory(method, objective, start, { steps: 8 }), ({ loss }) => loss)
  },
  bilinearGame: (kernels) =>
    ofGame(bilinearGame({ matrix: features, columns: dimension, feasible: ball, kernels })),
  "bilinearGame in the memory of the kernels": (kernels) => {
    const matrix = kernels.arena.f64(features.length)
    matrix.set(features)
    const out = ofGame(bilinearGame({ matrix, columns: dimension, feasible: ball, kernels }))
    kernels.arena.release(matrix)
    return out
  },
  matrixGame: (kernels) => ofGame(matrixGame({ matrix: features, columns: dimension, kernels })),
  quadraticGame: (kernels) =>
    ofGame(
      quadraticGame({
        coupling: square,
        columns: dimension,
        min: { feasible: ball, quadratic: definite },
        max: { feasible: ball, quadratic: definite },
        kernels,
      }),
    ),
  robustLeastSquares: (kernels) =>
    ofGame(
      robustLeastSquares({ ...samples, targets, penalty: 2, feasible: [ball, ball], kernels }),
    ),
  "Products.float64": (kernels) => {
    const out = new Float64Array(size)
    const { prepareOne } = Products.float64
    prepareOne(features, size, dimension, kernels)(targets.slice(0, dimension), out)
    return out
  },
}

describe("kernels that are given", () => {
  it.each(Object.entries(calls))(
    "reach all that %s computes, with the bits of strict",
    (_, call) => {
      const given = Kernels.onlyGiven(() => call(Kernels.reference()))
      assert.deepStrictEqual(given, call(Kernels.strict()))
      assert.deepStrictEqual(
        Kernels.onlyGiven(() => call(Kernels.strict())),
        given,
      )
    },
  )
})
