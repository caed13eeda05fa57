/** Gradient calls and deviation of every method at one guaranteed gap, against adversaries, compared with the lower bounds of both. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { advance } from "@nonconvex/problems/Advance"
import { AtLeastTwo, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { accelerated } from "../../methods/AcceleratedGradient.ts"
import * as Average from "../../methods/Average.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { gradientDescent, projectedGradient } from "../../methods/GradientDescentAscent.ts"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"
import type { Problem } from "../../problem/Problem.ts"
import * as LowerBounds from "../../theory/LowerBounds.ts"
import { againstAcceleration, bilinear } from "../support/AdversarialPairs.ts"
import { derived } from "../support/Paper.ts"

const Setting = Schema.Literals(["minimisation", "minimax"])

const Inexact = Schema.Literals(["start", "gradient"])

const Method = Schema.Literals([
  "GD",
  "AGD",
  "Algorithm 1",
  "GDA",
  "EG",
  "Algorithm 2",
  "Algorithm 3",
  "lower bounds",
])

const Config = Schema.Struct({
  settings: Schema.Array(Setting),
  inexact: Schema.Array(Inexact),
  /** `l D^2 / eps` of minimisation and of minimax: how hard the gap is to reach. */
  minimisation: Schema.Array(Positive),
  minimax: Schema.Array(Positive),
  /** Distance of the starts, or error of the gradients, l being 1. */
  delta: Positive,
  /** Coordinates in addition to the adversary's, for each player. */
  dimension: AtLeastTwo,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  setting: Setting,
  inexact: Inexact,
  ratio: Schema.Finite,
  method: Method,
  /** Number of gradients that one run uses. */
  calls: Schema.Finite,
  /** Squared distance of two runs over `delta^2`: the largest over the adversaries. */
  deviation: Schema.Number,
  /** The larger gap of the two runs over eps, the maximum over the adversaries, and that of the start. NaN for lower bounds. */
  gap: Schema.Number,
  gapAtStart: Schema.Number,
})

type Row = typeof Row.Type

/** Result of one run. */
interface Ended {
  readonly point: Float64Array
  readonly evaluations: number
}

interface Case {
  readonly setting: typeof Setting.Type
  readonly inexact: typeof Inexact.Type
  readonly ratio: number
  readonly method: typeof Method.Type
}

const steps = <State extends SchemeState>(
  scheme: Scheme<State>,
  problem: Problem,
  start: Float64Array,
  count: number,
): State => {
  const state = scheme.init(problem, start)
  advance(scheme, [state], Math.ceil(count))
  return state
}

/** Number of steps that each method's theorem requires for a gap of at most eps, up to the effect of errors. l is 1. */
const solve = (
  { inexact: differ, method, ratio }: Case,
  { delta }: Config,
  problem: Problem,
  start: Float64Array,
  distance: number,
): Ended => {
  const gap = (distance * distance) / ratio
  const request = { gap, distance, inexact: differ, delta }
  switch (method) {
    case "GD": {
      // l D^2 / (4 n + 2) <= eps
      return steps(gradientDescent({ step: 1 }), problem, start, Math.ceil(ratio / 4))
    }
    case "AGD": {
      // 2 l D^2 / n^2 <= eps
      const count = Math.ceil(Math.sqrt(2 * ratio))
      return steps(accelerated({ smoothness: 1 }), problem, start, count)
    }
    case "Algorithm 1":
      return regularisedMinimisation(problem, start, request)
    case "GDA": {
      // (l D^2 + L^2 / (2 l)) / sqrt(T) <= eps, with L = sqrt(2) l D at the saddle point
      const count = 4 * (ratio * ratio)
      const scheme = projectedGradient({ step: 1 / Math.sqrt(count) })
      const state = steps(scheme, problem, start, count)
      return { point: Average.mean(state.average), evaluations: state.evaluations }
    }
    case "EG": {
      const state = steps(extragradient({ step: 1 }), problem, start, Math.ceil(ratio))
      return { point: Average.mean(state.average), evaluations: state.evaluations }
    }
    case "Algorithm 2":
      // its gap is at most 2 eps
      return regularisedMinimax(problem, start, { ...request, gap: gap / 2 })
    default:
      return inexactProximalPoint(problem, start, request)
  }
}

/** Lower bounds on the worst problem for any method; l is 1, and deviations are over `delta^2`. */
const lowerBounds = ({
  inexact: differ,
  ratio,
  setting,
}: Case): Pick<Row, "calls" | "deviation"> => ({
  calls:
    setting === "minimisation"
      ? LowerBounds.minimisationGradientsAtLeast(ratio)
      : LowerBounds.minimaxGradientsAtLeast(ratio),
  deviation:
    differ === "start"
      ? LowerBounds.deviationOfStartAtLeast(1)
      : LowerBounds.deviationOfGradientAtLeast(ratio, 1, 1),
})

const methods: Readonly<Record<Case["setting"], ReadonlyArray<Case["method"]>>> = {
  minimisation: ["GD", "AGD", "Algorithm 1", "lower bounds"],
  minimax: ["GDA", "EG", "Algorithm 2", "Algorithm 3", "lower bounds"],
}

const reference: Config = {
  settings: ["minimisation", "minimax"],
  inexact: ["start", "gradient"],
  minimisation: [3e4, 3e5],
  minimax: [30, 100],
  delta: 1e-8,
  dimension: 4,
}

const plane = (setting: Case["setting"], differ: Case["inexact"]): Figure.Figure =>
  Figure.points<Row>({
    id: `${setting}-${differ}`,
    title: `Calls and deviation of ${setting}, inexact ${differ}`,
    caption:
      "Each point compares two runs with a guaranteed gap. The lower bounds hold for the worst problem, with constants derived here; this problem may be easier.",
    where: { setting, inexact: differ },
    x: { field: "calls", title: "gradient calls", scale: "log" },
    y: { field: "deviation", title: "squared deviation / delta²", scale: "log", floor: 1e-3 },
    series: { field: "method", title: "method" },
  })

export const whereItCostsNothing = Experiment.table({
  id: "reproducible-minimax/where-it-costs-nothing",
  title: "Gradient calls and deviation against adversaries, with lower bounds",
  source: derived("Tables 1 and 2; the adversaries and the constants of the lower bounds are ours"),
  question:
    "At a guaranteed gap, how many gradients does each method need, and how far apart can an adversary drive two of its runs?",
  paperSeconds: 7,
  paperScale:
    "The paper compares rates in its Tables 1 and 2 and has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  // each follows from a theorem or from the construction
  share: 1,
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, minimisation: [3e3], minimax: [10] },
    fast: reference,
    paper: { ...reference, minimisation: [3e4, 3e5, 3e6], minimax: [30, 100, 300] },
  },
  cases: (config) =>
    config.settings.flatMap((setting) =>
      config.inexact.flatMap((differ) =>
        config[setting].flatMap((ratio) =>
          methods[setting].map((method): Case => ({ setting, inexact: differ, ratio, method })),
        ),
      ),
    ),
  row: (item, { config, kernels, seed }) => {
    if (item.method === "lower bounds") {
      return { ...item, ...lowerBounds(item), gap: Number.NaN, gapAtStart: Number.NaN }
    }
    const { delta, dimension } = config
    const asked = { differ: item.inexact, delta, dimension, seed }
    const pairs =
      item.setting === "minimisation"
        ? againstAcceleration({ ...asked, ratio: item.ratio })
        : bilinear(asked, kernels)
    const found = pairs.map(({ distance, gap, problems, starts }) => {
      const [one, other] = problems.map((problem, k) =>
        solve(item, config, problem, starts[k]!, distance),
      )
      const eps = (distance * distance) / item.ratio
      return {
        calls: Math.max(one!.evaluations, other!.evaluations),
        deviation: Elementary.square(Vector.distance(one!.point, other!.point) / config.delta),
        gap: Math.max(gap(one!.point), gap(other!.point)) / eps,
        gapAtStart: Math.min(...starts.map(gap)) / eps,
      }
    })
    return {
      ...item,
      calls: Math.max(...found.map(({ calls }) => calls)),
      deviation: Math.max(...found.map(({ deviation }) => deviation)),
      gap: Math.max(...found.map(({ gap }) => gap)),
      gapAtStart: Math.min(...found.map(({ gapAtStart }) => gapAtStart)),
    }
  },
  figures: ({ length }, { inexact: differ, settings }) =>
    length === 0 ? [] : settings.flatMap((setting) => differ.map((each) => plane(setting, each))),
  expectations: (rows) => {
    const relative = (method: Row["method"]) =>
      rows
        .filter((row) => row.setting === "minimisation" && row.method === method)
        .map((row) => {
          const own = rows.find(
            (other) =>
              other.method === "Algorithm 1" &&
              other.ratio === row.ratio &&
              other.inexact === row.inexact &&
              other.setting === "minimisation",
          )
          return row.deviation / own!.deviation
        })
    const solved = rows.filter(({ method }) => method !== "lower bounds")
    return [
      Expectation.atMost(
        "gap / eps of every method",
        solved.map(({ gap }) => gap),
        1.001,
        { control: "at the start", observed: solved.map(({ gapAtStart }) => gapAtStart) },
      ),
      Expectation.atLeast("squared deviation, AGD / Algorithm 1", relative("AGD"), 1000, {
        control: "GD, without acceleration",
        observed: relative("GD"),
      }),
    ]
  },
})
