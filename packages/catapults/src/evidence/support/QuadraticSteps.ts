/**
 * Steps of random quadratic models, compared with a map of outputs and kernel; shared by the law and the erratum about
 * each map.
 */
import { Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { descentOf } from "../../descent/Descent.ts"
import { sumSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { type KernelForm, modelCompared, pureCompared, type PureForm } from "./ExactSteps.ts"
import { normals } from "./Expand.ts"
import { near, nearVector } from "./Near.ts"

/** A random quadratic model with a residual. */
type General = Readonly<Record<"samples" | "parameters" | "step" | "seed", number>>

const expand = ({ parameters: p, samples: n, seed }: General) => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * p)
  const hessians = normals(root.child("hessians"), n * p * p)
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < a; b++) hessians[(i * p + a) * p + b] = hessians[(i * p + b) * p + a]!
    }
  }
  const predictions = normals(root.child("predictions"), n)
  const targets = normals(root.child("targets"), n)
  return { predictions, jacobian, hessians, targets }
}

const changes = {
  printed: QuadraticDynamics.kernelChangeAsPrinted,
  corrected: QuadraticDynamics.kernelChange,
} as const satisfies Record<KernelForm, typeof QuadraticDynamics.kernelChange>

export const generalMargin =
  (form: KernelForm, half = 0.5) =>
  (instance: General): Margin.Comparison => {
    const { parameters: p, samples: n, step } = instance
    const { hessians, jacobian, predictions, targets } = expand(instance)
    const model = taylorModel({ predictions, jacobian, hessians })
    const descent = descentOf(model, sumSquared(targets), new Float64Array(p))
    descent.evaluate()
    const before = descent.predictions.slice()
    const kernel = new Float64Array(n * n)
    descent.tangentKernel(kernel)
    const residual = before.map((value, i) => value - targets[i]!)
    const pulled = new Float64Array(p)
    for (let i = 0; i < n; i++)
      Vector.axpy(residual[i]!, jacobian.subarray(i * p, (i + 1) * p), pulled)
    const bends = Float64Array.from({ length: n * p }, (_, at) =>
      Vector.dot(hessians.subarray(at * p, (at + 1) * p), pulled),
    )
    const state = { residual, kernel, jacobian, bends, step }
    const outputs = QuadraticDynamics.outputChange(state)
    const first = QuadraticDynamics.outputChange({ ...state, bends: new Float64Array(n * p) })
    const moved = changes[form](state)
    descent.move(step)
    descent.evaluate()
    const after = new Float64Array(n * n)
    descent.tangentKernel(after)
    return Margin.all(
      // the second order with its factor of one half, or the one of a control
      nearVector(
        descent.predictions,
        before.map((value, i) => value + first[i]! + 2 * half * (outputs[i]! - first[i]!)),
        1e-11,
      ),
      nearVector(
        after,
        kernel.map((value, at) => value + moved[at]!),
        1e-11,
      ),
    )
  }

/** Rows of a matrix of n rows. */
const rows = (matrix: Float64Array, n: number) =>
  Array.from({ length: n }, (_, i) =>
    Array.from(matrix.subarray((i * matrix.length) / n, ((i + 1) * matrix.length) / n), Exact.of),
  )

/** Comparison of `generalMargin` in fractions; drawn numbers are taken as they are. */
export const exactGeneral =
  (form: KernelForm, half = 0.5) =>
  (instance: General): Exact.Compared => {
    const { hessians, jacobian, predictions, targets } = expand(instance)
    const { parameters: p, samples: n, step } = instance
    const model = {
      predictions: Array.from(predictions, Exact.of),
      jacobian: rows(jacobian, n),
      hessians: Array.from({ length: n }, (_, i) =>
        rows(hessians.subarray(i * p * p, (i + 1) * p * p), p),
      ),
      targets: Array.from(targets, Exact.of),
      step: Exact.of(step),
    }
    return modelCompared(model, form, Exact.of(half))
  }

/** The printed change of the kernel: that of half the step, up to an antisymmetric part. */
export const printedMargin = ({
  parameters: p,
  samples: n,
  seed,
  step,
}: General): Margin.Comparison => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * p)
  const bends = normals(root.child("bends"), n * p)
  const state = { residual: new Float64Array(n), kernel: new Float64Array(n * n), jacobian, bends }
  const half = QuadraticDynamics.kernelChange({ ...state, step: step / 2 })
  const cross = QuadraticDynamics.gram(bends, jacobian, n, p)
  const expected = half.map((value, at) => {
    const across = cross[(at % n) * n + Math.floor(at / n)]!
    return value - (step / 2) * (cross[at]! - across)
  })
  return nearVector(QuadraticDynamics.kernelChangeAsPrinted({ ...state, step }), expected, 1e-12)
}

export const pure = Draw.record({
  gamma: Draw.linear(0.5, 2),
  step: Draw.linear(0.5, 2),
  // of the largest output that the kernel allows
  output: Draw.linear(0.5, -0.9),
  kernel: Draw.linear(1, 2),
  squaredInput: Draw.linear(1, 4),
})

/**
 * Some w attains these outputs and kernels in `g = gamma w' Sigma w / 2` with `Sigma = diag(s, -s)`, provided that
 * `|output| gamma |x| <= kernel / 2`.
 */
export const pureMargin =
  (map: typeof QuadraticDynamics.pureStep) =>
  ({ gamma, kernel, output, squaredInput, step }: Draw.Drawn<typeof pure>): Margin.Comparison => {
    const s = Math.sqrt(squaredInput)
    // g = gamma s (a^2 - b^2) / 2 and lambda = gamma^2 s^2 (a^2 + b^2)
    const sum = kernel / Elementary.square(gamma * s)
    const share = output * sum * gamma * s
    const difference = share / (gamma * s)
    const a = Math.sqrt((sum + difference) / 2)
    const b = Math.sqrt((sum - difference) / 2)
    const at = (x: number, y: number) => ({
      output: (gamma * s * (x * x - y * y)) / 2,
      kernel: Elementary.square(gamma * s) * (x * x + y * y),
    })
    const before = at(a, b)
    const move = step * before.output * gamma * s
    const after = at(a * (1 - move), b * (1 + move))
    const next = map(before, { gamma, squaredInput, step })
    return Margin.all(
      near(next.output, after.output, 1e-11),
      near(next.kernel, after.kernel, 1e-11),
    )
  }

/** Comparison of `pureMargin` in exact values. */
export const exactPure =
  (form: PureForm) =>
  ({ gamma, kernel, output, squaredInput, step }: Draw.Drawn<typeof pure>): Exact.Compared => {
    const [g, x2] = [Exact.of(gamma), Exact.of(squaredInput)]
    const sum = Exact.divide(Exact.of(kernel), Exact.product(g, g, x2))
    const share = (sign: number) =>
      Exact.product(Exact.of("1/2"), sum, Exact.add(Exact.one, Exact.of(sign * output)))
    return pureCompared(
      { gamma: g, s: Exact.sqrt(x2), step: Exact.of(step), a2: share(1), b2: share(-1) },
      form,
    )
  }

/** The printed step: that of the square root of gamma, with the decrease of the kernel divided by the step. */
export const printedPureMargin = ({
  gamma,
  kernel,
  output,
  squaredInput,
  step,
}: Draw.Drawn<typeof pure>): Margin.Comparison => {
  const state = { kernel, output }
  const printed = QuadraticDynamics.pureStepAsPrinted(state, { gamma, squaredInput, step })
  const root = { gamma: Math.sqrt(gamma), squaredInput, step }
  const next = QuadraticDynamics.pureStep(state, root)
  return Margin.all(
    near(printed.output, next.output, 1e-12),
    near(step * (kernel - printed.kernel), kernel - next.kernel, 1e-12),
  )
}
