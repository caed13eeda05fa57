/** The table of problems that the tests run through. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import {
  cosine,
  leastSquares,
  logCosh,
  logistic,
  network,
  linearNeuron,
  type Described,
  polyakLojasiewicz,
  quadratic,
  quadraticFromMatrix,
  scalarFactorisation,
  valley,
} from "../../src/index.ts"
import * as Activation from "../../src/network/Activation.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Link from "../../src/Link.ts"
import { logCosh as logCoshLink } from "../../src/internal/LogCoshLink.ts"
import { softmaxRegression } from "../../src/Softmax.ts"

export const seed = Seed.root("problems")

/** Points with normal coordinates, scaled. */
export const points = (
  dimension: number,
  count: number,
  scale: number,
  label: string | number = "points",
): ReadonlyArray<Float64Array> => {
  const stream = RandomStream.make(seed.child(label))
  return Array.from({ length: count }, () => {
    const x = new Float64Array(dimension)
    stream.fillNormal(x)
    return x.map((value) => value * scale)
  })
}

const haar = (dimension: number): Float64Array =>
  Orthogonal.haar(dimension, RandomStream.make(seed.child("basis").child(dimension)))

export interface Problem {
  readonly title: string
  readonly objective: Described
  readonly convex: boolean
  /** A point where the minimum is attained; absent where there is none. */
  readonly minimiser?: Float64Array
}

const problem = (
  title: string,
  objective: Described,
  more: { readonly convex?: boolean; readonly minimiser?: Float64Array } = {},
): Problem => ({ title, objective, convex: false, ...more })

const spectrumOf = (dimension: number): Float64Array =>
  Float64Array.from({ length: dimension }, (_, i) => 0.05 * 2 ** i)

const quadratics = [1, 2, 3, 4, 5, 6].map((dimension) => {
  const minimiser = points(dimension, 1, 1, "minimiser")[0]!
  const objective = quadratic({
    spectrum: spectrumOf(dimension),
    basis: haar(dimension),
    minimiser,
  })
  return problem(`quadratic, ${dimension} dimensions`, objective, { convex: true, minimiser })
})

const symmetric = Float64Array.of(3, 1, 0, 1, 2, 0.5, 0, 0.5, 1)

export const toys: ReadonlyArray<Problem> = [
  ...quadratics,
  problem("diagonal quadratic", quadratic({ spectrum: [4, 0, 0.5] }), {
    convex: true,
    minimiser: Float64Array.of(0, 7, 0),
  }),
  problem("quadratic of a matrix", quadraticFromMatrix(symmetric), {
    convex: true,
    minimiser: new Float64Array(3),
  }),
  problem("saddle", quadratic({ spectrum: [1, -2, 3], basis: haar(3) })),
  problem("scalar factorisation of 0", scalarFactorisation(), {
    minimiser: Float64Array.of(0, 5),
  }),
  problem("scalar factorisation of 1", scalarFactorisation(1), {
    minimiser: Float64Array.of(4, 0.25),
  }),
  problem("valley", valley({ base: 2, amplitude: 1 }), { minimiser: Float64Array.of(3, 0) }),
  problem("neuron, sqrt", linearNeuron(Link.sqrt1p), { minimiser: Float64Array.of(0, 5) }),
  problem("neuron, log cosh", linearNeuron(logCoshLink), { minimiser: Float64Array.of(5, 0) }),
  problem("wave", polyakLojasiewicz({ dimension: 3 }), { minimiser: new Float64Array(3) }),
  problem(
    "wave, 2 rows in 5 dimensions",
    polyakLojasiewicz({ dimension: 5, rows: haar(5).subarray(0, 10) }),
    { minimiser: new Float64Array(5) },
  ),
  problem("cosine", cosine(3), { minimiser: Float64Array.of(0, 2 * Math.PI, 0) }),
]

const features = (size: number, dimension: number): Float64Array =>
  points(size * dimension, 1, 1, `features ${size} x ${dimension}`)[0]!

const signs = (size: number): Float64Array =>
  points(size, 1, 1, "signs")[0]!.map((value) => (value < 0 ? -1 : 1))

const squares = (size: number, dimension: number) => {
  const objective = leastSquares({
    features: features(size, dimension),
    dimension,
    targets: points(size, 1, 1, "targets")[0]!,
  })
  return problem(`least squares, ${size} x ${dimension}`, objective, {
    convex: true,
    minimiser: objective.minimiser,
  })
}

export const models: ReadonlyArray<Problem> = [
  squares(12, 4),
  squares(3, 5),
  squares(1, 1),
  problem(
    "logistic regression",
    logistic({ features: features(20, 3), dimension: 3, labels: signs(20) }),
    { convex: true },
  ),
  problem(
    "logistic regression with a ridge",
    logistic({ features: features(6, 9), dimension: 9, labels: signs(6), ridge: 0.1 }),
    { convex: true },
  ),
  problem("log cosh", logCosh({ features: features(7, 4), dimension: 4 }), {
    convex: true,
    minimiser: new Float64Array(4),
  }),
  problem(
    "log cosh of affine forms",
    logCosh({ features: features(7, 4), dimension: 4, offsets: points(7, 1, 1, "offsets")[0]! }),
    { convex: true },
  ),
]

const labels = (size: number, classes: number): Int32Array => {
  const stream = RandomStream.make(seed.child("labels"))
  return Int32Array.from({ length: size }, () => stream.integer(classes))
}

const activations: ReadonlyArray<Activation.Activation> = [
  "relu",
  "tanh",
  "identity",
  "sigmoid",
  "softplus",
]

export const networks: ReadonlyArray<Problem> = [
  problem(
    "softmax regression",
    softmaxRegression({ features: features(9, 4), dimension: 4, labels: labels(9, 3), classes: 3 }),
    { convex: true },
  ),
  problem(
    "softmax regression of two classes with a ridge",
    softmaxRegression({
      features: features(9, 2),
      dimension: 2,
      labels: labels(9, 2),
      classes: 2,
      ridge: 0.2,
    }),
    { convex: true },
  ),
  ...activations.flatMap((activation) =>
    [
      { widths: [3, 5, 2], bias: true, size: 7 },
      { widths: [2, 4, 3, 2], bias: false, size: 6 },
      { widths: [2, 3, 3, 3, 1], bias: true, size: 30 },
      { widths: [3, 2], bias: true, size: 1 },
    ].flatMap(({ bias, size, widths }) => {
      const architecture = Architecture.make({ widths, activation, bias })
      const [inputs] = widths
      const outputs = widths.at(-1)!
      const samples = { features: features(size, inputs!), dimension: inputs! }
      const losses = [
        Loss.squared(points(size * outputs, 1, 1, "targets")[0]!),
        ...(outputs > 1 ? [Loss.crossEntropy(labels(size, outputs))] : []),
      ]
      return losses.map((loss) => {
        const objective = network({ ...samples, architecture, loss })
        const convex = widths.length === 2
        return problem(`${objective.name}${bias ? "" : ", no biases"}`, objective, { convex })
      })
    }),
  ),
]

export const problems: ReadonlyArray<Problem> = [...toys, ...models, ...networks]
