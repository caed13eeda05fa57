/**
 * Traces of sharpness-aware methods with every vector of every step, for any implementation to be compared with: what each evaluation was asked and
 * answered is written down as it happens.
 */
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Npy from "@nonconvex/datasets/Npy"
import { grouped, Perturbation } from "@nonconvex/optim-sam"
import {
  adamW,
  type FiniteSum,
  logistic,
  momentum,
  network,
  quadraticFromMatrix,
  sgd,
  type Update,
  withWeightDecay,
} from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Minibatch from "@nonconvex/problems/Minibatch"

/** A perturbation by its name and its numbers. */
export type Method =
  | { readonly name: "sam" | "usam"; readonly radius: number }
  | { readonly name: "asam"; readonly radius: number; readonly offset: number }

/** The update that gets the perturbed gradient; the decay is decoupled from it. */
export interface Base {
  readonly name: "sgd" | "adamw"
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
}

/** What one group of samples asked for in a step. */
export interface Group {
  readonly samples: ReadonlyArray<number>
  readonly loss: number
  readonly gradient: ReadonlyArray<number>
  readonly norm: number
  /** The perturbed point minus the point, as floating point has it. */
  readonly perturbation: ReadonlyArray<number>
  readonly perturbedLoss: number
  readonly perturbedGradient: ReadonlyArray<number>
}

export interface Step {
  readonly point: ReadonlyArray<number>
  readonly groups: ReadonlyArray<Group>
  /** The next point minus this one. */
  readonly step: ReadonlyArray<number>
  readonly next: ReadonlyArray<number>
}

export interface Trace {
  readonly id: string
  readonly problem: string
  readonly method: Method
  readonly base: Base
  /** Samples that share a perturbation: all of them, or those of a group of m-SAM. */
  readonly groupSize: number
  readonly steps: ReadonlyArray<Step>
}

const stream = (label: string) => RandomStream.make(Seed.root(1).child("golden").child(label))

/** Normal numbers of three decimals, so that they are the same in float32 to seven digits, and can be read. */
const drawn = (label: string, count: number): ReadonlyArray<number> => {
  const numbers = new Float64Array(count)
  stream(label).fillNormal(numbers)
  return Array.from(numbers, (value) => Math.round(1000 * value) / 1000)
}

const rowsOf = (numbers: ReadonlyArray<number>, columns: number) =>
  Array.from({ length: numbers.length / columns }, (_, i) =>
    numbers.slice(i * columns, (i + 1) * columns),
  )

const features = { logistic: drawn("logistic", 20 * 3), mlp: drawn("mlp", 12 * 2) }
const labels = {
  logistic: Array.from({ length: 20 }, (_, i) =>
    features.logistic[3 * i]! + features.logistic[3 * i + 1]! > 0 === i % 5 > 0 ? 1 : -1,
  ),
  mlp: Array.from({ length: 12 }, (_, i) => i % 3),
}
const matrix = [4, 1, 0, 0, 1, 3, 0.5, 0, 0, 0.5, 1, 0.25, 0, 0, 0.25, 0.5]

/** The problems as data: all that another program needs to compute the same losses. */
export const problems = {
  quadratic: { loss: "x' A x / 2", A: rowsOf(matrix, 4), start: [1, -2, 0.5, 3], samples: 1 },
  minimum: { loss: "x' A x / 2", A: rowsOf(matrix, 4), start: [0, 0, 0, 0], samples: 1 },
  logistic: {
    loss: "mean over the samples of log(1 + exp(-y a' x)) + 0.01 |x|^2 / 2",
    features: rowsOf(features.logistic, 3),
    labels: labels.logistic,
    ridge: 0.01,
    start: drawn("start", 3),
    samples: 20,
  },
  mlp: {
    loss: "mean over the samples of the cross entropy of W2 tanh(W1 a + b1) + b2; x is W1 (5 x 2, row by row), b1, W2 (3 x 5), b2",
    features: rowsOf(features.mlp, 2),
    labels: labels.mlp,
    widths: [2, 5, 3],
    start: drawn("weights", 5 * 2 + 5 + 3 * 5 + 3),
    samples: 12,
  },
} as const
type Problem = keyof typeof problems

const quadratic = (): FiniteSum => {
  const objective = quadraticFromMatrix(Float64Array.from(matrix))
  return {
    ...objective,
    size: 1,
    batchValueAndGradient: (_indices, x, gradient) => objective.valueAndGradient(x, gradient),
  }
}

const objectives: Readonly<Record<Problem, () => FiniteSum>> = {
  quadratic,
  minimum: quadratic,
  logistic: () =>
    logistic({
      features: Float64Array.from(features.logistic),
      dimension: 3,
      labels: labels.logistic,
      ridge: 0.01,
    }),
  mlp: () =>
    network({
      features: Float64Array.from(features.mlp),
      dimension: 2,
      architecture: Architecture.make({ widths: [2, 5, 3], activation: "tanh" }),
      loss: Loss.crossEntropy(labels.mlp),
    }),
}

const perturbationOf = (method: Method): Perturbation.Perturbation => {
  if (method.name === "asam") return Perturbation.adaptive(method.radius, method.offset)
  return method.name === "sam"
    ? Perturbation.normalised(method.radius)
    : Perturbation.unnormalised(method.radius)
}

const baseOf = ({ learningRate, momentum: decay, name, weightDecay }: Base): Update => {
  if (name === "adamw") return adamW({ learningRate, weightDecay })
  const plain = decay === 0 ? sgd({ learningRate }) : momentum({ learningRate, momentum: decay })
  return weightDecay === 0 ? plain : withWeightDecay(plain, { rate: weightDecay })
}

interface Evaluation {
  readonly samples: ReadonlyArray<number>
  readonly at: ReadonlyArray<number>
  readonly loss: number
  readonly gradient: ReadonlyArray<number>
}

/** An objective that writes down what it is asked and answers. */
const recorded = (sum: FiniteSum, onEvaluation: (evaluation: Evaluation) => void): FiniteSum => ({
  ...sum,
  batchValueAndGradient: (indices, x, gradient) => {
    const loss = sum.batchValueAndGradient(indices, x, gradient)
    onEvaluation({ samples: [...indices], at: [...x], loss, gradient: [...gradient] })
    return loss
  },
})

const difference = (a: ReadonlyArray<number>, b: ReadonlyArray<number>) =>
  a.map((value, i) => value - b[i]!)

const groupOf = (at: Evaluation, perturbed: Evaluation): Group => ({
  samples: at.samples,
  loss: at.loss,
  gradient: at.gradient,
  norm: Vector.norm(Float64Array.from(at.gradient)),
  perturbation: difference(perturbed.at, at.at),
  perturbedLoss: perturbed.loss,
  perturbedGradient: perturbed.gradient,
})

const stepsEach = 3

const follow = (asked: Omit<Trace, "steps">): Trace => {
  const { base, groupSize, method, problem } = asked
  let evaluations: Array<Evaluation> = []
  const sum = recorded(objectives[problem as Problem](), (found) => evaluations.push(found))
  const stepper = grouped(perturbationOf(method), baseOf(base), { size: groupSize })
  const start = Float64Array.from(problems[problem as Problem].start)
  const state = stepper.init(Minibatch.fullBatch(sum), start)
  const steps = Array.from({ length: stepsEach }, (): Step => {
    evaluations = []
    const point = [...state.point]
    stepper.step(state)
    const groups = Array.from({ length: evaluations.length / 2 }, (_, g) =>
      groupOf(evaluations[2 * g]!, evaluations[2 * g + 1]!),
    )
    const next = [...state.point]
    return { point, groups, step: difference(next, point), next }
  })
  return { ...asked, steps }
}

const bases = {
  sgd: { name: "sgd", learningRate: 0.1, momentum: 0, weightDecay: 0 },
  momentum: { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0 },
  "sgd-decay": { name: "sgd", learningRate: 0.1, momentum: 0, weightDecay: 0.1 },
  adamw: { name: "adamw", learningRate: 0.05, momentum: 0, weightDecay: 0.1 },
} as const satisfies Readonly<Record<string, Base>>

const methods = {
  sam: { name: "sam", radius: 0.05 },
  usam: { name: "usam", radius: 0.05 },
  asam: { name: "asam", radius: 0.5, offset: 0.01 },
  "asam-without-offset": { name: "asam", radius: 0.5, offset: 0 },
} as const satisfies Readonly<Record<string, Method>>

const pairs: ReadonlyArray<readonly [keyof typeof methods, keyof typeof bases]> = [
  ["sam", "sgd"],
  ["sam", "momentum"],
  ["sam", "sgd-decay"],
  ["sam", "adamw"],
  ["usam", "sgd"],
  ["usam", "momentum"],
  ["asam", "sgd"],
  ["asam", "momentum"],
  ["asam-without-offset", "sgd"],
]

const inGroups: ReadonlyArray<readonly [Problem, number]> = [
  ["logistic", 5],
  ["logistic", 8],
  ["mlp", 4],
]

/** Every trace: each method over each base on each problem, m-SAM in groups, and a gradient of zero. */
export const traces = (): ReadonlyArray<Trace> => [
  ...(["quadratic", "logistic", "mlp"] as const).flatMap((problem) =>
    pairs.map(([method, base]) =>
      follow({
        id: `${problem}/${method}/${base}`,
        problem,
        method: methods[method],
        base: bases[base],
        groupSize: problems[problem].samples,
      }),
    ),
  ),
  ...inGroups.flatMap(([problem, groupSize]) =>
    (["sgd", "momentum"] as const).map((base) =>
      follow({
        id: `${problem}/m-sam-${groupSize}/${base}`,
        problem,
        method: methods.sam,
        base: bases[base],
        groupSize,
      }),
    ),
  ),
  ...(["sam", "usam", "asam"] as const).map((method) =>
    follow({
      id: `minimum/${method}/momentum`,
      problem: "minimum",
      method: methods[method],
      base: bases.momentum,
      groupSize: 1,
    }),
  ),
]

/** The file of the traces, in its format. */
export const documentOf = (all: ReadonlyArray<Trace>) => ({
  format: "nonconvex/sam-traces",
  version: 1,
  problems,
  traces: all,
})

/** The same numbers as arrays, by `<trace>/<what>`: those of groups are steps x groups x ..., the others steps x .... */
export const arraysOf = (all: ReadonlyArray<Trace>): ReadonlyMap<string, Npy.Npy> =>
  new Map(
    all.flatMap(({ id, steps }) => {
      const array = (name: string, shape: ReadonlyArray<number>, values: ReadonlyArray<number>) =>
        [
          `${id}/${name}`,
          { dtype: "<f8", shape, data: { _tag: "Numbers", values: Float64Array.from(values) } },
        ] as const
      const [{ groups, point }] = steps as readonly [Step, ...Array<Step>]
      const [count, n] = [steps.length, point.length]
      const each = steps.flatMap((step) => step.groups)
      const vectors = ["gradient", "perturbation", "perturbedGradient"] as const
      return [
        ...(["point", "step", "next"] as const).map((name) =>
          array(
            name,
            [count, n],
            steps.flatMap((step) => step[name]),
          ),
        ),
        ...(["loss", "norm", "perturbedLoss"] as const).map((name) =>
          array(
            name,
            [count, groups.length],
            each.map((group) => group[name]),
          ),
        ),
        ...vectors.map((name) =>
          array(
            name,
            [count, groups.length, n],
            each.flatMap((group) => group[name]),
          ),
        ),
      ]
    }),
  )
