/**
 * Logistic regression on machines that compute gradients in float32: a real inexact oracle, in minimisation and in a game
 * over groups.
 */
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { advance } from "@nonconvex/problems/Advance"
import { AtLeastTwo, Positive } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { accelerated } from "../../methods/AcceleratedGradient.ts"
import * as Average from "../../methods/Average.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { gradientDescent, projectedGradient } from "../../methods/GradientDescentAscent.ts"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"
import { measureError } from "../../oracle/ErrorMeter.ts"
import { answerAt, type Problem, sizeOf } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/Theory.ts"
import { machinesOf, type Table, tableOf } from "../support/GroupLogistic.ts"
import { derived } from "../support/Paper.ts"

const Setting = Schema.Literals(["minimisation", "minimax"])

const Method = Schema.Literals([
  "GD",
  "AGD",
  "Algorithm 1",
  "GDA",
  "EG",
  "Algorithm 2",
  "Algorithm 3",
])

const Config = Schema.Struct({
  rows: AtLeastTwo,
  columns: AtLeastTwo,
  /** Radius of the ball in minimisation, and of the balls of both players. */
  radii: Schema.Tuple([Positive, Positive]),
  /** `l D^2 / eps` of minimisation and of minimax. */
  minimisation: Schema.Array(Positive),
  minimax: Schema.Array(Positive),
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  setting: Setting,
  ratio: Schema.Finite,
  method: Method,
  /** Number of gradients that one run uses. */
  calls: Schema.Finite,
  /** Measured error of a gradient in float32, and that of float64. */
  delta: Schema.Finite,
  unit: Schema.Finite,
  /**
   * Squared distance of the answers of two machines over `delta^2`, and the bound of the method's theorem. The bound is NaN
   * for AGD and EG, for which it is exponential.
   */
  deviation: Schema.Finite,
  bound: Schema.Number,
  /** Bound on the larger gap of both runs over eps, from exact gradients, and the same for the start. */
  gap: Schema.Finite,
  gapAtStart: Schema.Finite,
})

type Row = typeof Row.Type

interface Case {
  readonly setting: typeof Setting.Type
  readonly ratio: number
  readonly method: typeof Method.Type
}

interface Ended {
  readonly point: Float64Array
  readonly evaluations: number
}

const steps = <State extends SchemeState>(
  scheme: Scheme<State>,
  problem: Problem,
  count: number,
): State => {
  const state = scheme.init(problem, new Float64Array(sizeOf(problem)))
  advance(scheme, [state], Math.ceil(count))
  return state
}

/** Requested gap, distance in the theorems, and error of a gradient. */
interface Asked {
  readonly gap: number
  readonly distance: number
  readonly delta: number
}

/** Answer of each method, after the number of steps of its theorem. */
const solve = ({ method, ratio }: Case, asked: Asked, problem: Problem): Ended => {
  const start = new Float64Array(sizeOf(problem))
  const request = { ...asked, inexact: "gradient" } as const
  const l = problem.smoothness
  switch (method) {
    case "GD":
      return steps(gradientDescent({ step: 1 / l }), problem, Math.ceil(ratio / 4))
    case "AGD":
      return steps(accelerated({ smoothness: l }), problem, Math.ceil(Math.sqrt(2 * ratio)))
    case "Algorithm 1":
      return regularisedMinimisation(problem, start, request)
    case "GDA": {
      const count = 4 * ratio * ratio
      const state = steps(
        projectedGradient({ step: Theory.descentAscentStep(l, count) }),
        problem,
        count,
      )
      return { point: Average.mean(state.average), evaluations: state.evaluations }
    }
    case "EG": {
      const state = steps(extragradient({ step: 1 / l }), problem, Math.ceil(ratio))
      return { point: Average.mean(state.average), evaluations: state.evaluations }
    }
    case "Algorithm 2":
      return regularisedMinimax(problem, start, { ...request, gap: asked.gap / 2 })
    case "Algorithm 3":
      return inexactProximalPoint(problem, start, request)
  }
}

/** Bounds the squared deviation over `delta^2` by the method's theorem; NaN if it is exponential. */
const boundOf = ({ method, ratio }: Case, { delta, distance, gap }: Asked, l: number): number => {
  const over = (squared: number) => squared / (delta * delta)
  switch (method) {
    case "GD":
      // steps that do not expand, and two errors in each
      return Elementary.square((2 * Math.ceil(ratio / 4)) / l)
    case "Algorithm 1":
      return over(
        Theory.minimisationDeviationOfGradient(delta, l, Theory.regularisation(gap, distance)),
      )
    case "GDA":
      return over(Theory.descentAscentDeviationOfGradient(l, delta, 4 * ratio * ratio))
    case "Algorithm 2":
      return over(Theory.minimaxDeviationOfGradient(distance, gap / 2, delta))
    case "Algorithm 3":
      return over(
        Theory.proximalDeviationOfGradient(
          l,
          delta,
          Theory.proximalStepsOfGradient(l, distance, gap),
        ),
      )
    default:
      return Number.NaN
  }
}

const methods: Readonly<Record<Case["setting"], ReadonlyArray<Case["method"]>>> = {
  minimisation: ["GD", "AGD", "Algorithm 1"],
  minimax: ["GDA", "EG", "Algorithm 2", "Algorithm 3"],
}

const reference: Config = {
  rows: 100,
  columns: 40,
  radii: [10, 1],
  minimisation: [1e3, 1e4],
  minimax: [10],
}

/** A run by both machines. */
const measured = (item: Case, table: Table, radius: number, seed: Seed.Seed, kernels: Kernels) => {
  const { ratio, setting } = item
  const isGame = setting === "minimax"
  const { exact, rounded } = machinesOf(table, { isGame, radius }, seed.child(setting), kernels)
  const start = new Float64Array(sizeOf(exact))
  const l = exact.smoothness
  const distance = isGame ? 2 * radius : radius
  const gap = (l * distance * distance) / ratio
  const meter = {
    center: start,
    spread: (2 * radius) / Math.sqrt(start.length),
    points: 20,
    seed: seed.child("meter"),
  }
  const delta = Math.max(...rounded.map((problem) => measureError(exact, problem, meter).largest))
  const asked = { gap, distance, delta: 2 * delta }
  const found = rounded.map((problem) => solve(item, asked, problem))
  const scratch = new Float64Array(start.length)
  const gapOf = (point: Float64Array) =>
    viResidual(exact, point, answerAt(exact, point), scratch) / gap
  return {
    calls: Math.max(...found.map(({ evaluations }) => evaluations)),
    delta,
    unit: 2 ** -53 * l * distance,
    deviation: Elementary.square(Vector.distance(found[0]!.point, found[1]!.point) / delta),
    bound: 4 * boundOf(item, asked, l),
    gap: Math.max(...found.map(({ point }) => gapOf(point))),
    gapAtStart: gapOf(start),
  }
}

export const logisticInFloat32 = Experiment.table({
  id: "reproducible-minimax/logistic-in-float32",
  title: "Logistic regression on machines with float32",
  source: derived("Theorems 3.5, 4.6 and 4.8, with float32 rounding as the gradient error"),
  question:
    "At a guaranteed gap, how many gradients does each method need, and how far apart are its answers on two machines that sum in a different order?",
  paperSeconds: 300,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game of 100 and 500 dimensions.",
  // each follows from a theorem
  share: 1,
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, minimisation: [1e3], minimax: [10] },
    fast: reference,
    paper: { ...reference, rows: 300, columns: 100, minimisation: [1e3, 1e4], minimax: [20] },
  },
  prepare: () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      return yield* datasets.load("fashion-mnist", { trainPerClass: 100, testPerClass: 1 })
    }),
  cases: (config) =>
    Setting.literals.flatMap((setting) =>
      config[setting].flatMap((ratio) =>
        methods[setting].map((method): Case => ({ setting, ratio, method })),
      ),
    ),
  row: (item, { config: { columns, radii, rows }, kernels, seed, shared }) => ({
    ...item,
    ...measured(
      item,
      tableOf(shared, { rows, columns, seed, kernels }),
      radii[item.setting === "minimax" ? 1 : 0],
      seed,
      kernels,
    ),
  }),
  figures: (rows) =>
    Setting.literals
      .filter((setting) => rows.some((row) => row.setting === setting))
      .map((setting) =>
        Figure.points<Row>({
          id: setting,
          title: `Calls and deviation: ${setting}`,
          caption:
            "Each point compares two machines that compute float32 gradients with a different order of summation.",
          rows,
          where: { setting },
          x: { field: "calls", title: "gradient calls", scale: "log" },
          y: { field: "deviation", title: "squared deviation / delta²", scale: "log", floor: 1e-6 },
          series: { field: "method", title: "method" },
        }),
      ),
  expectations: (rows) => {
    const bounded = rows.filter(({ bound }) => bound > 0)
    return [
      Expectation.atMost(
        "gap / eps of every method",
        rows.map(({ gap }) => gap),
        1.001,
        { control: "at the start", observed: rows.map(({ gapAtStart }) => gapAtStart) },
      ),
      Expectation.atMost(
        "squared deviation / bound of the method's theorem",
        bounded.map(({ bound, deviation }) => deviation / bound),
        1,
        {
          control: "the bound for float64 gradients",
          observed: bounded.map(
            ({ bound, delta, deviation, unit }) =>
              deviation / (bound * Elementary.square(unit / delta)),
          ),
        },
      ),
    ]
  },
})
