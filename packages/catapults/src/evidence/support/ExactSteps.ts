/** Steps of quadratic models in exact values, from their definition, and the formulas that are printed for them. */
import { Exact } from "@nonconvex/evidence"

type Vector = ReadonlyArray<Exact.Value>
type Matrix = ReadonlyArray<Vector>

const dot = (a: Vector, b: Vector): Exact.Value =>
  Exact.sum(...a.map((x, i) => Exact.multiply(x, b[i]!)))

const times = (matrix: Matrix, v: Vector): Vector => matrix.map((row) => dot(row, v))

const plus = (a: Vector, factor: Exact.Value, b: Vector): Vector =>
  a.map((x, i) => Exact.add(x, Exact.multiply(factor, b[i]!)))

const half = Exact.of("1/2")

/** f_i(w) = f_i + J_i w + w' H_i w / 2, at w = 0. */
interface Model {
  readonly predictions: Vector
  readonly jacobian: Matrix
  readonly hessians: ReadonlyArray<Matrix>
  readonly targets: Vector
  readonly step: Exact.Value
}

const gram = (a: Matrix): Matrix => a.map((x) => a.map((y) => dot(x, y)))

/**
 * Exact step of gradient descent on half the sum of squares: outputs, tangent kernel, and the quantities that the
 * formulas use.
 */
export const modelStep = ({ hessians, jacobian, predictions, step, targets }: Model) => {
  const residual = predictions.map((value, i) => Exact.subtract(value, targets[i]!))
  const gradient = jacobian[0]!.map((_, a) =>
    dot(
      residual,
      jacobian.map((row) => row[a]!),
    ),
  )
  const w = gradient.map((x) => Exact.multiply(Exact.negate(step), x))
  const moved = jacobian.map((row, i) => plus(row, Exact.one, times(hessians[i]!, w)))
  return {
    residual,
    /** G_i = H_i J' r. */
    bends: hessians.map((hessian) => times(hessian, gradient)),
    gradient,
    w,
    jacobian: moved,
    kernel: gram(jacobian),
    nextKernel: gram(moved),
    nextPredictions: predictions.map((value, i) =>
      Exact.sum(value, dot(jacobian[i]!, w), Exact.multiply(half, dot(w, times(hessians[i]!, w)))),
    ),
  }
}

/** The change of an entry of the kernel, from products of rows: J_i G_j, G_i J_j and G_i G_j. */
const kernelForms = {
  printed: (e: Exact.Value, _: Exact.Value, gj: Exact.Value, gg: Exact.Value) =>
    Exact.product(
      Exact.of("-1/4"),
      e,
      Exact.subtract(Exact.multiply(Exact.of(4), gj), Exact.multiply(e, gg)),
    ),
  corrected: (e: Exact.Value, jg: Exact.Value, gj: Exact.Value, gg: Exact.Value) =>
    Exact.subtract(Exact.product(e, e, gg), Exact.multiply(e, Exact.add(jg, gj))),
}
export type KernelForm = keyof typeof kernelForms

/**
 * Comparison of outputs and kernel after a step with their formulas; returns the worst. `second` is the factor of the
 * second-order term of the outputs.
 */
export const modelCompared = (model: Model, form: KernelForm, second = half): Exact.Compared => {
  const { bends, gradient, kernel, nextKernel, nextPredictions, residual } = modelStep(model)
  const { jacobian, predictions, step } = model
  const outputs = predictions.map((value, i) => {
    const first = Exact.multiply(Exact.negate(step), dot(kernel[i]!, residual))
    const bend = Exact.product(second, step, step, dot(bends[i]!, gradient))
    return Exact.equal(nextPredictions[i]!, Exact.sum(value, first, bend))
  })
  const entries = kernel.flatMap((row, i) =>
    row.map((value, j) => {
      const change = kernelForms[form](
        step,
        dot(jacobian[i]!, bends[j]!),
        dot(bends[i]!, jacobian[j]!),
        dot(bends[i]!, bends[j]!),
      )
      return Exact.equal(nextKernel[i]![j]!, Exact.add(value, change))
    }),
  )
  return Exact.worst(...outputs, ...entries)
}

/**
 * Model g = gamma w' diag(s, -s) w / 2 with w = (a, b), stored as the squares of a and b, which determine output and
 * kernel.
 */
interface PureModel {
  readonly gamma: Exact.Value
  readonly s: Exact.Value
  readonly step: Exact.Value
  readonly a2: Exact.Value
  readonly b2: Exact.Value
}

interface PureState {
  readonly output: Exact.Value
  readonly kernel: Exact.Value
}

const stateOf = ({ a2, b2, gamma, s }: PureModel): PureState => ({
  output: Exact.product(half, gamma, s, Exact.subtract(a2, b2)),
  kernel: Exact.product(gamma, gamma, s, s, Exact.add(a2, b2)),
})

/** States before and after the step w' = w - e g gamma Sigma w on g^2 / 2. */
export const pureStep = (model: PureModel) => {
  const { a2, b2, gamma, s, step } = model
  const before = stateOf(model)
  const move = Exact.product(step, before.output, gamma, s)
  const moved = {
    ...model,
    a2: Exact.multiply(a2, Exact.square(Exact.subtract(Exact.one, move))),
    b2: Exact.multiply(b2, Exact.square(Exact.add(Exact.one, move))),
  }
  return { before, after: stateOf(moved) }
}

/** Formula for the state after a step, given the state before it. */
export type PureForm = (state: PureState, model: PureModel) => PureState

/**
 * Printed form of the step: `bend` stands for gamma |x|^2 g^2 or a variant, `rate` for the factor of the kernel's
 * decrease, and 4 may vary.
 */
const pureForm =
  (
    gammaOf: (gamma: Exact.Value) => Exact.Value,
    rateOf: (step: Exact.Value) => Exact.Value,
    four: number,
  ): PureForm =>
  ({ kernel, output }, { gamma, s, step }) => {
    const bend = Exact.product(gammaOf(gamma), s, s, output, output)
    const product = Exact.multiply(step, kernel)
    const fall = Exact.product(rateOf(step), bend, Exact.subtract(Exact.of(four), product))
    return {
      output: Exact.multiply(
        Exact.sum(Exact.one, Exact.negate(product), Exact.product(bend, step, step)),
        output,
      ),
      kernel: Exact.subtract(kernel, fall),
    }
  }

export const pureForms = {
  printed: pureForm(
    (gamma) => gamma,
    () => Exact.one,
    4,
  ),
  corrected: pureForm(Exact.square, (step) => step, 4),
  two: pureForm(Exact.square, (step) => step, 2),
}

/** The comparison that fails most: output and kernel after a step with their formulas. */
export const pureCompared = (model: PureModel, form: PureForm): Exact.Compared => {
  const { after, before } = pureStep(model)
  const said = form(before, model)
  return Exact.worst(Exact.equal(after.output, said.output), Exact.equal(after.kernel, said.kernel))
}
