/** Common methods: each starts at x, within distance 1 of an optimum, and takes the given number of steps. */
import type { Coefficient, FunctionClass, Instruction, Method } from "./Method.ts"

/** Common options of all methods. */
interface Request {
  /** Number of steps. */
  readonly steps: number
  readonly rate: number | string
  /** Class of the function or operator f. */
  readonly class: FunctionClass
  /** Measure; default the gap at the last x. */
  readonly measure?: Method["measure"]
}

/** The start is within distance 1 of the optimum. */
const unitDistance: Method["given"] = [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }]

const method = (
  name: string,
  { class: of, measure = { gap: "x" } }: Request,
  steps: ReadonlyArray<Instruction>,
): Method => ({ name, functions: { f: of }, start: ["x"], steps, given: unitDistance, measure })

const repeat = (count: number, ...steps: ReadonlyArray<Exclude<Instruction, { repeat: number }>>) =>
  count === 0 ? [] : [{ repeat: count, steps }]

/**
 * x - rate gradient: descent, or simultaneous descent and ascent if f is an operator.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Methods, worstCase } from "@nonconvex/worst-case"
 *
 * const method = Methods.gradientDescent({
 *   steps: 2,
 *   rate: 1,
 *   class: { class: "smooth-convex", L: 1 },
 * })
 * worstCase(method).bound // ≈ 0.1000
 * ```
 */
export const gradientDescent = (request: Request): Method =>
  method(
    "gradient descent",
    request,
    repeat(request.steps, { step: "x", of: "f", rate: request.rate }),
  )

/** x = argmin rate f(z) + |z - x|^2 / 2. */
export const proximalPoint = (request: Request): Method =>
  method(
    "proximal point",
    request,
    repeat(request.steps, { prox: "x", of: "f", rate: request.rate }),
  )

/** x - rate gradient + momentum (x - previous x); the first step has no momentum. */
export const heavyBall = (request: Request & { readonly momentum: number | string }): Method =>
  method("heavy ball", request, [
    ...(request.steps === 0 ? [] : [{ step: "x", of: "f", rate: request.rate }]),
    ...repeat(
      request.steps - 1,
      { extrapolate: "ahead", from: "x", beyond: "x@-1", by: request.momentum },
      { step: "x", from: "ahead", at: "x", of: "f", rate: request.rate },
    ),
  ])

/** Nesterov's method: x is a step from y, then y = x + momentum (x - previous x), with a momentum for each step. */
export const nesterov = (request: Request & { readonly momentum: Coefficient }): Method =>
  method("Nesterov's accelerated gradient", request, [
    { combine: "y", terms: { x: 1 } },
    ...repeat(
      request.steps,
      { step: "x", from: "y", at: "y", of: "f", rate: request.rate },
      { extrapolate: "y", from: "x", beyond: "x@-1", by: request.momentum },
    ),
  ])

/**
 * A step to y = x - rate F(x), then x - rate F(y).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Methods, worstCase } from "@nonconvex/worst-case"
 *
 * const f = { class: "convex-concave", L: 1 }
 * const measure = { squaredGradient: "x" }
 * // that of x y: (1 - rate^2)^2 + rate^2
 * worstCase(Methods.extragradient({ steps: 1, rate: "1/2", class: f, measure })).bound // ≈ 0.8125
 * ```
 */
export const extragradient = (request: Request): Method =>
  method(
    "extragradient",
    request,
    repeat(
      request.steps,
      { step: "y", from: "x", at: "x", of: "f", rate: request.rate },
      { step: "x", at: "y", of: "f", rate: request.rate },
    ),
  )

/** x - 2 rate F(x) + rate F(previous x); the first step is one of gradient descent. */
export const optimisticGradient = (request: Request): Method => {
  const { rate, steps } = request
  return method("optimistic gradient", request, [
    ...(steps === 0
      ? []
      : ([
          { gradient: "g", of: "f", at: "x" },
          { step: "x", of: "f", rate },
        ] as const)),
    ...repeat(
      steps - 1,
      { gradient: "g", of: "f", at: "x" },
      { combine: "turn", terms: { "g@-1": 1, g: -1 } },
      { combine: "turned", terms: { x: 1, turn: rate } },
      { step: "x", from: "turned", at: "x", of: "f", rate },
    ),
  ])
}

/** Unnormalised sharpness-aware minimisation: x - rate gradient(x + radius gradient(x)). */
export const usam = (request: Request & { readonly radius: number | string }): Method =>
  method(
    "USAM",
    request,
    repeat(
      request.steps,
      { step: "raised", from: "x", at: "x", of: "f", rate: opposite(request.radius) },
      { step: "x", at: "raised", of: "f", rate: request.rate },
    ),
  )

const opposite = (value: number | string): number | string =>
  typeof value === "number" ? -value : value.startsWith("-") ? value.slice(1) : `-${value}`
