import { Expectation, Experiment } from "@nonconvex/evidence"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  accelerated,
  acceleratedStronglyConvex,
  inexactAccelerated,
} from "../../methods/AcceleratedGradient.ts"
import { gradientDescent } from "../../methods/GradientDescentAscent.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation } from "../../problem/Problem.ts"
import { printed } from "../support/Paper.ts"
import { assemble, type RandomMatrix, randomMatrix } from "../support/RandomMatrix.ts"
import * as SideBySide from "../support/SideBySide.ts"

/** The smoothness is at most 100; the step of the figure is its inverse. */
const smoothness = 100

const methodsOf = (strength: number): ReadonlyArray<SideBySide.Method> => {
  const constants = { smoothness: smoothness + strength, strongConvexity: strength }
  const descent = gradientDescent({ step: 1 / smoothness })
  return [
    { name: "GD", scheme: descent, strength: 0 },
    { name: "AGD", scheme: accelerated({ smoothness }), strength: 0 },
    { name: "Reg-GD", scheme: descent, strength },
    { name: "Reg-AGD", scheme: acceleratedStronglyConvex(constants), strength },
    { name: "Reg-Inexact-AGD", scheme: inexactAccelerated(constants), strength },
  ]
}

/** `|A x - b|^2 / 2` with a singular A: its Hessian is `A^2`, and `gap` is exact. */
const problemOf = (
  { basis, values }: RandomMatrix,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
  workspace: Workspace,
) => {
  const { gemv, symmetricProduct } = kernels
  const dimension = values.length
  const target = RandomStream.make(seed.child("targets")).normals(dimension)
  Vector.scale(10, target)
  const inverses = values.map((s) => (s === 0 ? 0 : 1 / s))
  const minimiser = new Float64Array(dimension)
  gemv(false, dimension, dimension, 1, assemble(basis, inverses), target, 0, minimiser)
  const hessian = workspace.f64(dimension * dimension)
  const squares = values.map((s) => s * s)
  hessian.set(assemble(basis, squares))
  const atOrigin = workspace.f64(dimension)
  symmetricProduct(dimension, hessian, minimiser, atOrigin)
  Vector.scale(-1, atOrigin)
  const product = new Float64Array(dimension)
  const objective = {
    name: "Figure 1",
    dimension,
    constants: {},
    valueAndGradient: (x: Float64Array, gradient: Float64Array) => {
      symmetricProduct(dimension, hessian, x, gradient, atOrigin)
      // methods ask for gradients alone
      return Number.NaN
    },
  }
  return {
    exact: minimisation(objective, { smoothness, workspace }),
    gap: (x: Float64Array) => {
      const offset = x.map((value, i) => value - minimiser[i]!)
      symmetricProduct(dimension, hessian, offset, product)
      return 0.5 * Vector.dot(offset, product)
    },
  }
}

export const figure1 = Experiment.table({
  id: "reproducible-minimax/figure-1",
  title: "Inexact gradients on a quadratic: acceleration amplifies, regularisation does not",
  source: printed("Figure 1; the start is 0, which the paper does not state"),
  question:
    "How far does each method deviate from its run with exact gradients, and how good is its solution?",
  paperSeconds: 5,
  paperScale: "The paper has 100 dimensions and 10,000 steps, as the paper preset has.",
  // each follows from a theorem or from the construction
  share: 1,
  config: Schema.Struct(SideBySide.settings),
  columns: Schema.Struct({
    ...SideBySide.columns,
    /** The component of the deviation along the direction that the matrix does not see. */
    alongNull: Schema.Number,
  }),
  presets: {
    smoke: { dimension: 10, steps: 400, delta: 0.1, strength: 0.05 },
    fast: { dimension: 40, steps: 3000, delta: 0.1, strength: 0.05 },
    paper: { dimension: 100, steps: 10_000, delta: 0.1, strength: 0.05 },
  },
  prepare: ({ config, seed }) => Effect.sync(() => randomMatrix(config.dimension, seed)),
  cases: ({ strength }) => methodsOf(strength),
  row: (method, { config, kernels, seed, shared }) => {
    const { delta, dimension, steps } = config
    // the Hessian and the vectors of two runs
    const roomy = Kernels.withRoom(kernels, 8 * dimension * (dimension + 32))
    return roomy.arena.scoped((workspace) => {
      const { exact, gap } = problemOf(shared, seed, roomy, workspace)
      const ones = ErrorStrategy.constant(new Float64Array(dimension).fill(1))
      return SideBySide.sideBySide(method, {
        exact,
        inexact: inexact(exact, ones, delta * Math.sqrt(dimension)),
        start: new Float64Array(dimension),
        steps,
        perDecade: 8,
        measure: (one, other) => {
          const apart = one.map((x, i) => x - other[i]!)
          return {
            gap: gap(other),
            deviation: Vector.norm(apart),
            alongNull: Math.abs(Vector.dot(apart, shared.nullDirection)),
          }
        },
      })
    })
  },
  figures: () =>
    SideBySide.figures({
      gap: [
        "Objective above its minimum",
        "AGD is fastest; the regularised methods end at the bias of the regularisation.",
      ],
      deviation: [
        "Deviation from the run with exact gradients",
        "The deviation of AGD grows like t² and that of GD like t; regularised methods settle.",
      ],
    }),
  expectations: (rows, { delta, dimension, steps, strength }) => {
    const last = SideBySide.after(rows, steps)
    const drift = (method: string) => last(method, "alongNull") / delta
    const share = drift("GD") / (steps / smoothness)
    const settled = 1 - Elementary.pow(1 - strength / smoothness, steps)
    const drifts = (
      method: string,
      how: string,
      expected: number,
      relative: number,
      control: string,
    ) =>
      Expectation.within(
        `drift of ${method} along the null direction, ${how}`,
        drift(method),
        expected,
        { relative },
        { control, observed: drift(control) },
      )
    const deviations = (step: number, ...methods: ReadonlyArray<string>) =>
      methods.map((method) => [method, SideBySide.after(rows, step)(method, "deviation")] as const)
    const mostRegularised = (delta * Math.sqrt(dimension)) / strength
    return [
      drifts("AGD", "by step t² / 8", (share * (steps * steps)) / (8 * smoothness), 0.02, "GD"),
      drifts("Reg-GD", "towards 1 / r", (share * settled) / strength, 1e-6, "GD"),
      drifts("Reg-AGD", "by 1 / r", share / strength, steps < 1000 ? 0.1 : 0.01, "AGD"),
      Expectation.increasing(
        "final deviation: regularised acceleration below AGD",
        deviations(steps, "Reg-AGD", "AGD"),
        // it has its whole momentum from the first step on, and AGD gathers it
        { control: "after ten steps", observed: deviations(10, "Reg-AGD", "AGD") },
      ),
      Expectation.increasing("final deviation: GD below AGD", deviations(steps, "GD", "AGD"), {
        control: "after one step, without momentum",
        observed: deviations(1, "GD", "AGD"),
      }),
      Expectation.atMost(
        "final deviation of regularised acceleration, at most delta sqrt(d) / r",
        last("Reg-AGD", "deviation") / mostRegularised,
        1,
        {
          // how much of this error is along it depends on the seed
          control: "AGD, with the whole error along the null direction",
          observed: (last("AGD", "alongNull") * Math.sqrt(dimension)) / share / mostRegularised,
        },
      ),
    ]
  },
})
