/** Steps of Figure 1 (gradient descent, accelerated or not, one product a step) and of Figure 2 (extragradient, four products a step), and whole runs in small games. */
import { Kernels } from "@nonconvex/numerics"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import { advance, bilinearGame, matrixGame } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import {
  accelerated,
  extragradient,
  gradientDescent,
  minimisation,
  projectedGradient,
  regularised,
  saddlePoint,
  type Scheme,
  type Problem,
} from "@nonconvex/reproducible-minimax"
import { numbers } from "../src/Numbers.ts"
import type { Implementation, Parameters, Work, Workload } from "../src/Workload.ts"
import { compiled } from "./numerics/Compiled.ts"

const held = (kernels: Kernels.Kernels, values: Float64Array): Float64Array => {
  const inside = kernels.arena.f64(values.length)
  inside.set(values)
  return inside
}

/** Steps from a problem that may take a workspace in the memory of the kernels for the time of a run. */
const steps = (
  kernels: Kernels.Kernels,
  scheme: Scheme,
  problemIn: (workspace: Workspace) => Problem,
  start: Float64Array,
  count: number,
): Work => {
  let point: ArrayLike<number> = start
  return {
    run: () => {
      point = kernels.arena.scoped((workspace) => {
        const state = scheme.init(problemIn(workspace), start)
        advance(scheme, [state], count)
        return state.point.slice()
      })
    },
    result: () => point,
  }
}

/** `H = B B^T / d` is formed once; a step is one product, which starts from `-b`, and accelerated where `ahead` is 1. */
const figure1 = (kernels: Kernels.Kernels, { ahead, count, d }: Parameters): Work => {
  const n = d!
  const b = numbers(n * n, 1)
  const h = held(kernels, new Float64Array(n * n))
  kernels.syrk(false, n, n, 1 / n, b, 0, h)
  const offset = held(
    kernels,
    numbers(n, 2).map((x) => -(x + 0.001)),
  )
  const objective = {
    name: "Figure 1",
    dimension: n,
    constants: {},
    valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
      kernels.symmetricProduct(n, h, x, gradient, offset)
      return Number.NaN
    },
  }
  const problemIn = (workspace: Workspace) => minimisation(objective, { smoothness: 1, workspace })
  const scheme: Scheme =
    ahead === 1 ? accelerated({ smoothness: 4 }) : gradientDescent({ step: 0.5 })
  return steps(kernels, scheme, problemIn, new Float64Array(n), count!)
}

const figure2 = (kernels: Kernels.Kernels, { count, d }: Parameters): Work => {
  const n = d!
  const matrix = held(
    kernels,
    numbers(n * n, 1).map((x) => x / Math.sqrt(n)),
  )
  const game = bilinearGame({ matrix, columns: n, feasible: FeasibleSet.ball(1), kernels })
  const problem = { ...saddlePoint(game, { error: 0 }), smoothness: 1 }
  return steps(kernels, extragradient({ step: 0.1 }), () => problem, numbers(2 * n, 3), count!)
}

/** Runs in regularised matrix games of d strategies for each player, one game a run. */
const smallGames = (kernels: Kernels.Kernels, { count, d, descent, runs }: Parameters): Work => {
  const n = d!
  const scheme: Scheme =
    descent === 1 ? projectedGradient({ step: 0.02 }) : extragradient({ step: 0.2 })
  const games = Array.from({ length: runs! }, (_, r) => {
    const matrix = numbers(n * n, 10 + r).map((x) => 2 * x)
    const start = new Float64Array(2 * n)
    start[0] = start[n] = 1
    const game = saddlePoint(matrixGame({ matrix, columns: n, kernels }), { error: 0 })
    return { problem: regularised(game, 0.1, start), start }
  })
  let points: ArrayLike<number> = []
  return {
    run: () => {
      const states = games.map(({ problem, start }) => scheme.init(problem, start))
      advance(scheme, states, count!)
      points = states.flatMap(({ point }) => [...point])
    },
    result: () => points,
  }
}

const smallCases = [
  { name: "extragradient, 10 x 10", d: 10, descent: 0 },
  { name: "extragradient, 3 x 3", d: 3, descent: 0 },
  { name: "descent-ascent, 3 x 3", d: 3, descent: 1 },
].map(({ name, ...sizes }) => ({
  name: `2000 steps of ${name}, one run`,
  parameters: { ...sizes, runs: 1, count: 2000 },
}))

const work =
  (kernels: Kernels.Kernels): Implementation["prepare"] =>
  (parameters) => {
    if ("runs" in parameters) return smallGames(kernels, parameters)
    return parameters["figure"] === 1 ? figure1(kernels, parameters) : figure2(kernels, parameters)
  }

/** Of the figures, whose products the kernels compute. */
const native = compiled(
  (kernels) => (parameters) => ("figure" in parameters ? work(kernels)(parameters) : undefined),
  ({ figure }) => figure === 2,
)

export const workload: Workload = {
  ...native,
  cases: [
    ...[50, 100, 200].map((d) => ({
      name: `2000 steps of Figure 1, d=${d}`,
      parameters: { figure: 1, d, count: 2000 },
      family: { work: "2000 steps of Figure 1", by: "d", size: d },
    })),
    ...[50, 100, 200].map((d) => ({
      name: `2000 steps of accelerated gradient, d=${d}`,
      parameters: { figure: 1, ahead: 1, d, count: 2000 },
      family: { work: "2000 steps of accelerated gradient", by: "d", size: d },
    })),
    ...[125, 250, 500].map((d) => ({
      name: `100 steps of Figure 2, d=${d}`,
      parameters: { figure: 2, d, count: 100 },
      family: { work: "100 steps of Figure 2", by: "d", size: d },
    })),
    ...smallCases,
  ].map((each) => ({ ...each, tolerance: 1e-9 })),
  implementations: [
    { name: "reproducible-minimax", own: true, prepare: work(Kernels.strict()) },
    ...native.implementations,
  ],
}
