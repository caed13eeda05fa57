/** What label-noise SGD commutes with, given the same data and the same noise. */
import {
  claim,
  type ClaimDefinition,
  type Law,
  Margin,
  type MarginInput,
} from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import * as Theory from "../../theory/Theory.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { noisyLoss } from "../support/NoisyLoss.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, type Problem, problems } from "../support/RandomNetwork.ts"
import { type Subject, ours } from "../support/Subject.ts"
import { rotated } from "../support/Transformations.ts"

/** A network, where it starts, its rate, and the sign of the noise on its labels. */
interface Setting {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly learningRate: number
  readonly convention: Theory.Convention
  readonly sign: 1 | -1
}

/** Another setting, and the map from where the first run ends to where this one must. */
interface Image extends Setting {
  readonly mapEnd: (theta: Float64Array) => Float64Array
}

type Transformation = (setting: Setting, expanded: Expanded) => Image

const steps = 40

const follow = ({ descent }: Subject, setting: Setting, { stream }: Expanded): Float64Array => {
  const { convention, learningRate, network, sign } = setting
  const [chosen, noise] = [stream("indices"), stream("noise")]
  const loss = noisyLoss(network, 1)
  const { init, step } = descent(Theory.gradientFactor(convention) * learningRate)
  const state = init(loss, setting.theta)
  for (let k = 0; k < steps; k++) {
    loss.indices[0] = chosen.integer(network.size)
    loss.epsilon[0] = 0.1 * sign * noise.normal()
    step(state)
  }
  return state.point
}

const commutes = ({
  instance: { problem },
  kernels,
  subject,
  value: transform,
}: MarginInput<Problem, Transformation, Subject>): Margin.Comparison => {
  const expanded = expand(problem, { kernels })
  const { network, theta } = expanded
  const limit = stabilityLimit(network, theta, { convention: "half", sampling: "replacement" })
  const kind = { convention: "half", sign: 1 } as const
  const setting = { network, theta, learningRate: 0.1 * limit, ...kind }
  const image = transform(setting, expanded)
  const expected = image.mapEnd(follow(subject, setting, expanded))
  const absolute = 1e-10 * (1 + Vector.norm(expected))
  return Margin.equal(Vector.distance(follow(subject, image, expanded), expected), 0, { absolute })
}

const permute = ({ dimension: d, neurons: m }: TwoLayer, theta: Float64Array): Float64Array =>
  theta.map((_, k) => theta[((Math.floor(k / d) + 1) % m) * d + (k % d)]!)

const permutation: Transformation = (setting) => ({
  ...setting,
  theta: permute(setting.network, setting.theta),
  mapEnd: (theta) => permute(setting.network, theta),
})

const rotation: Transformation = (setting, expanded) => {
  const { network, rotate } = rotated(expanded)
  return { ...setting, network, theta: rotate(setting.theta), mapEnd: rotate }
}

/** A random row for every neuron, orthogonal to the data where `isOrthogonal`. */
const addition =
  (isOrthogonal: boolean): Transformation =>
  (setting, { network, stream }) => {
    const { dimension: d, features, neurons: m, size: n } = network
    const rows = stream("rows").normals(m * d)
    const basis: Array<Float64Array> = []
    for (let i = 0; i < n; i++) {
      const vector = Float64Array.from(features.subarray(i * d, (i + 1) * d))
      for (const other of basis) Vector.axpy(-Vector.dot(other, vector), other, vector)
      Vector.normalise(vector)
      basis.push(vector)
    }
    const orthogonalise = (row: Float64Array) => {
      for (const vector of basis) Vector.axpy(-Vector.dot(vector, row), vector, row)
    }
    for (let j = 0; j < m; j++) {
      if (isOrthogonal) orthogonalise(rows.subarray(j * d, (j + 1) * d))
    }
    const add = (theta: Float64Array) => theta.map((value, k) => value + rows[k]!)
    return { ...setting, theta: add(setting.theta), mapEnd: add }
  }

const mean =
  (factor: number): Transformation =>
  (setting) => ({
    ...setting,
    convention: "mean",
    learningRate: factor * setting.learningRate,
    mapEnd: (theta) => theta,
  })

const negation =
  (sign: 1 | -1): Transformation =>
  (setting) => {
    const { labels } = setting.network
    return {
      ...setting,
      network: { ...setting.network, labels: labels.map((y) => -y) },
      theta: setting.theta.map((value) => -value),
      sign,
      mapEnd: (theta) => theta.map((value) => -value),
    }
  }

const wide = problems({ extra: 2 })

type Definition = ClaimDefinition<Problem, Transformation, Subject>

const symmetry = (
  definition: Omit<Definition, "source" | "instances" | "margin"> & Partial<Definition>,
): Law<Subject> =>
  claim<Problem, Transformation, Subject>({
    inFloatingPoint: "agreement",
    source: derived("symmetries of label-noise SGD"),
    subject: ours,
    instances: problems(),
    margin: commutes,
    ...definition,
  })

/** What a run of label-noise SGD commutes with. */
export const symmetryLaws: ReadonlyArray<Law<Subject>> = [
  symmetry({
    id: "label-noise/permuted-neurons",
    statement: "Label-noise SGD from permuted neurons is the permuted run.",
    value: permutation,
    controls: [
      {
        name: "the start permuted, the end not",
        value: (...given) => ({ ...permutation(...given), mapEnd: (theta) => theta }),
      },
    ],
  }),
  symmetry({
    id: "label-noise/rotated-data",
    statement: "Label-noise SGD on rotated data from rotated neurons is the rotated run.",
    value: rotation,
    controls: [
      {
        name: "neurons not rotated",
        value: (setting, expanded) => ({ ...rotation(setting, expanded), theta: setting.theta }),
        instances: wide,
      },
    ],
  }),
  symmetry({
    id: "label-noise/frozen-complement",
    statement: "What is orthogonal to the data in a neuron stays, and changes nothing in the run.",
    instances: wide,
    value: addition(true),
    controls: [{ name: "any rows added", value: addition(false) }],
  }),
  symmetry({
    id: "label-noise/conventions",
    statement: "The mean of squares at a learning rate is half of it at twice the rate.",
    value: mean(0.5),
    controls: [{ name: "the same rate", value: mean(1) }],
  }),
  symmetry({
    id: "label-noise/negated-network",
    statement:
      "With an odd activation, negated labels, noise and neurons give the negated run of label-noise SGD.",
    value: negation(-1),
    controls: [{ name: "noise not negated", value: negation(1) }],
  }),
]
