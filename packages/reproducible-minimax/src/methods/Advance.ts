import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { descend } from "../internal/Descent.ts"
import { type KnownOracle, oracles, schemes } from "../internal/Known.ts"
import type { Scheme, SchemeState } from "./Scheme.ts"

/** Plain steps after a burst that ended early, before the next one is tried; twice as many after each that took none. */
const firstPause = 64

/** Numbers of noise that are drawn for one call. */
const mostDrawn = 2 ** 22

/** Payoffs up to which runs in lanes were seen to take less time than products, also than those of a matrix that these use in place. */
const most = 64 * 64

/** Numbers that steps of one run in a game take at most in the memory of the kernels: its matrix by rows and by columns, and points with both players side by side. */
export const room = (rows: number, columns: number): number =>
  rows * columns > most ? 0 : 2 * rows * columns + 40 * (Math.max(rows, columns) + 1)

/** What a kernel must know of runs; undefined where it does not, or where they are not alike. */
const shared = <State extends SchemeState>(
  scheme: Scheme<State>,
  states: ReadonlyArray<State>,
): ReadonlyArray<KnownOracle> | undefined => {
  // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
  if (schemes.of(scheme.step) === undefined) return undefined
  const found = states.flatMap(({ problem }) => {
    // oxlint-disable-next-line typescript/unbound-method -- functions as keys, that are never called
    const oracle = oracles.of(problem.operator)
    return oracle !== undefined && oracle.form.project === problem.feasible.project ? [oracle] : []
  })
  const [first] = found
  if (first === undefined || found.length < states.length) return undefined
  const { columns, kernels, matrix, sets } = first.form
  const isAlike = ({ errors, form, pull }: KnownOracle): boolean =>
    form.columns === columns &&
    form.matrix.length === matrix.length &&
    form.kernels === kernels &&
    form.sets.every(
      (set, k) => set.kind === sets[k as 0 | 1].kind && set.extent === sets[k as 0 | 1].extent,
    ) &&
    pull?.strength === first.pull?.strength &&
    (errors?.kind === "normal") === (first.errors?.kind === "normal")
  return matrix.length <= most && found.every(isAlike) ? found : undefined
}

/** Steps that `skip` takes at once, at most. */
const mostSkipped = 2 ** 16

/** Where steps of extragradient end. */
export type Limits = Pick<
  Kernels.MonotoneSteps,
  "until" | "modulus" | "doubt" | "goal" | "slack" | "accuracy"
>

const unlimited: Limits = {
  until: -1,
  modulus: 0,
  doubt: Number.NaN,
  goal: -1,
  slack: 0,
  accuracy: -1,
}

/** Up to `count` steps by a kernel: how many, and whether the next one brings every residual to `until`. */
const burst = <State extends SchemeState>(
  scheme: Scheme<State>,
  states: ReadonlyArray<State>,
  known: ReadonlyArray<KnownOracle>,
  count: number,
  limits: Limits,
  drawn?: ReadonlyArray<Float64Array>,
  best?: Kernels.MonotoneRun["best"],
) => {
  // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
  const { isExtra, step } = schemes.of(scheme.step)!
  const [{ form, pull }] = known as readonly [KnownOracle]
  const { columns, kernels, matrix, sets } = form
  const rows = matrix.length / columns
  // what is added to answers where nothing errs: a zero that keeps the sign of one
  const nothing = new Float64Array(rows + columns).fill(-0)
  const steps: Kernels.MonotoneSteps = {
    isExtra,
    step,
    rows,
    columns,
    sets,
    strength: pull?.strength ?? 0,
    ...limits,
  }
  const runs = states.map(({ average, point }, r) => {
    const { errors, form: own, pull: ownPull } = known[r]!
    const constant = errors?.kind === "constant" ? errors.error : nothing
    return {
      matrix: own.matrix,
      saddle: own.saddle,
      center: ownPull?.center,
      errors: drawn?.[r] ?? constant,
      point,
      mean: average,
      ...(best !== undefined && { best }),
    }
  })
  const kept = { residual: best?.residual, point: best?.point.slice() }
  const begun = runs.map(({ mean, point }) =>
    [point, mean.sum, mean.compensation].map((array) => array.slice()),
  )
  const restore = () => {
    for (const [r, { mean, point }] of runs.entries())
      for (const [k, array] of [point, mean.sum, mean.compensation].entries())
        array.set(begun[r]![k]!)
    if (best === undefined) return
    best.residual = kept.residual!
    best.point.set(kept.point!)
  }
  let taken = kernels.descendMonotone(steps, count, runs)
  if (!taken.isSettled && taken.steps < count && (taken.steps > 0 || drawn !== undefined)) {
    // back by one: what the last ordinary step leaves beside the point, the next one may not overwrite
    restore()
    taken =
      drawn === undefined
        ? kernels.descendMonotone(steps, taken.steps - 1, runs)
        : { steps: 0, isSettled: false }
  }
  for (const state of states) {
    state.steps += taken.steps
    state.evaluations += taken.steps * (isExtra ? 2 : 1)
    state.average.count += taken.steps
  }
  return taken
}

/** Steps of runs that draw: each takes all of its own, and all of its numbers, before the next. */
const advanceDrawing = <State extends SchemeState>(
  scheme: Scheme<State>,
  states: ReadonlyArray<State>,
  steps: number,
): void => {
  const known = steps > 1 ? shared(scheme, states) : undefined
  // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
  const queries = schemes.of(scheme.step)?.isExtra === true ? 2 : 1
  const inAll = (known?.length ?? 0) * queries * steps * (states[0]?.point.length ?? 0)
  const isDrawn = known?.[0]?.errors?.kind === "normal" && inAll <= mostDrawn
  if (known !== undefined && isDrawn && states.every(({ status }) => status === "running")) {
    const streams = known.map(
      ({ errors }) => (errors?.kind === "normal" ? errors.stream : undefined)!,
    )
    const before = streams.map(({ state }) => state.slice())
    const lasts: Array<Int32Array> = []
    const drawn = known.map(({ errors, form }, r) => {
      const { deviation, stream } = errors as Extract<typeof errors, { kind: "normal" }>
      const ofStep = queries * states[r]!.point.length
      const numbers = new Float64Array(ofStep * (steps - 1))
      form.kernels.fillNormal(stream, numbers)
      for (let i = 0; i < numbers.length; i++) numbers[i]! *= deviation
      lasts.push(stream.state.slice())
      // those of the last step, a plain one, which leaves in a state all that a step leaves
      for (let i = 0; i < ofStep; i++) stream.normal()
      return numbers
    })
    if (burst(scheme, states, known, steps - 1, unlimited, drawn).steps === steps - 1) {
      for (const [r, state] of states.entries()) {
        streams[r]!.state.set(lasts[r]!)
        scheme.step(state)
      }
      return
    }
    for (const [r, { state }] of streams.entries()) state.set(before[r]!)
  }
  for (const state of states)
    for (let t = 0; t < steps && state.status === "running"; t++) scheme.step(state)
}

/** Whether a kernel knows steps of extragradient from these states, and their limits. */
const isKnown = <State extends SchemeState>(
  scheme: Scheme<State>,
  states: ReadonlyArray<State>,
  { accuracy }: Partial<Limits>,
): boolean => {
  // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
  if (schemes.of(scheme.step)?.isExtra !== true) return false
  const isReady = states.every(
    ({ status, streams }) => status === "running" && streams.length === 0,
  )
  const known = isReady ? shared(scheme, states) : undefined
  const isMeasured = (k: number): boolean =>
    known![k]!.form.support === states[k]!.problem.feasible.support
  return known !== undefined && (accuracy === undefined || states.every((_, k) => isMeasured(k)))
}

/** Whether `skip` may take any step of this state. */
export const skips = <State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
  limits: Partial<Limits>,
): boolean => isKnown(scheme, [state], limits)

/**
 * Up to `count` steps of extragradient that reach none of `limits`, by a kernel, and how many: none where it does not know the problems. With a goal the best candidate that
 * reaches it goes to `best`. The step after them is left to the method, for what a step leaves beside the point and the mean is that of an earlier one until then.
 */
export const skip = <State extends SchemeState>(
  scheme: Scheme<State>,
  states: ReadonlyArray<State>,
  count: number,
  limits: Partial<Limits>,
  best?: Kernels.MonotoneRun["best"],
): number => {
  if (!(count > 0) || !isKnown(scheme, states, limits)) return 0
  const known = shared(scheme, states)!
  const steps = Math.min(count, mostSkipped)
  return burst(scheme, states, known, steps, { ...unlimited, ...limits }, undefined, best).steps
}

/**
 * Takes `steps` steps of each of the states, runs of one method, as if by `step`: the same bits (with compiled kernels to rounding), and less time where a kernel knows method and oracle. With `until`
 * it ends after the first step after which no residual exceeds that. Many runs take less than one after the other: they share the vectors of the processor.
 *
 * Known are `projectedGradient` and `extragradient` in small bilinear games on balls and simplexes with strict or compiled kernels, regularised or not, with answers that
 * are exact, off by a constant or normal; and `gradientDescent` and accelerated descent without a set on a quadratic whose product is that of a kernel (`inQuadratic`), regularised or not, with answers that are exact or off by a constant. Runs whose oracles draw take their steps one after the other, and no `until`. A run whose status is not "running" stays
 * where it is. Throws InvalidInput where `steps` is no integer of at least 0.
 *
 * @example
 * ```ts import.meta.vitest
 * import { advance, extragradient, regularised, saddlePoint } from "@nonconvex/reproducible-minimax"
 * import { matrixGame } from "@nonconvex/problems"
 *
 * const pennies = saddlePoint(matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 }))
 * const problem = regularised(pennies, 0.1, new Float64Array(4).fill(0.5))
 * const method = extragradient({ step: 0.2 })
 * const runs = [0, 0.3, 1].map((p) => method.init(problem, Float64Array.of(p, 1 - p, 1, 0)))
 * advance(method, runs, 10_000, 1e-9)
 * runs.every((run) => method.residual(run) <= 1e-9) // => true
 * ```
 */
export const advance = <State extends SchemeState>(
  scheme: Scheme<State>,
  given: ReadonlyArray<State>,
  steps: number,
  until = -1,
): void => {
  Require.count("advance", "steps", steps, 0)
  if (given.some(({ streams }) => streams.length > 0)) return advanceDrawing(scheme, given, steps)
  const states: Array<State> = []
  for (const state of given) if (until >= 0 || !descend(scheme, state, steps)) states.push(state)
  const known = steps > 1 ? shared(scheme, states) : undefined
  // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
  const isBurst = known !== undefined && (until < 0 || schemes.of(scheme.step)?.isExtra === true)
  const goesOn = () =>
    states.some(
      (state) => state.status === "running" && (until < 0 || !(scheme.residual(state) <= until)),
    )
  let left = steps
  let pause = firstPause
  while (left > 0 && goesOn()) {
    const isRunning = states.every(({ status }) => status === "running")
    const ready = isBurst && isRunning && left > 1
    const { isSettled, steps: taken } = ready
      ? burst(scheme, states, known, left - 1, { ...unlimited, until })
      : { isSettled: false, steps: 0 }
    left -= taken
    pause = taken === 0 ? 2 * pause : firstPause
    const next = !ready || isSettled ? (ready ? 1 : left) : Math.min(left, pause)
    for (let k = 0; k < next && goesOn(); k++, left--)
      for (const state of states) if (state.status === "running") scheme.step(state)
  }
}
