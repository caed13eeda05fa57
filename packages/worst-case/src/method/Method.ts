/** The language of methods with fixed steps: plain data, from JSON or written as TypeScript. */
import * as Schema from "effect/Schema"

/** A JSON number (0.1 is a tenth), or a fraction as text: "1/3". Inside `repeat` also a list, with one number for each round. */
const Number = Schema.Union([Schema.Finite, Schema.String])
const Coefficient = Schema.Union([Number, Schema.Array(Number)])
export type Coefficient = typeof Coefficient.Type

/** Error bound of a gradient: relative to its own norm, or absolute. */
const ErrorBound = Schema.Union([
  Schema.Struct({ relative: Number }),
  Schema.Struct({ absolute: Number }),
])

/** A single line of text, because it is printed and written into comments of proofs. */
const Name = Schema.String.check(
  Schema.makeFilter((text) =>
    /^[^\p{C}]{1,80}$/u.test(text) ? undefined : "expected a name of one line, 1 to 80 characters",
  ),
)

/** `step` = `from` - rate (gradient of `of` at `at`); `from` and `at` default to `step`. */
const Step = Schema.Struct({
  step: Name,
  from: Schema.optionalKey(Name),
  at: Schema.optionalKey(Name),
  of: Name,
  rate: Coefficient,
  error: Schema.optionalKey(ErrorBound),
})

/** `prox` = argmin rate of(z) + |z - from|^2 / 2; the resolvent if `of` is an operator. */
const Prox = Schema.Struct({
  prox: Name,
  from: Schema.optionalKey(Name),
  of: Name,
  rate: Coefficient,
})

/** `project` = the point of the set nearest to `from`. */
const Project = Schema.Struct({ project: Name, from: Schema.optionalKey(Name), onto: Name })

/** `extrapolate` = from + by (from - beyond). */
const Extrapolate = Schema.Struct({
  extrapolate: Name,
  from: Name,
  beyond: Name,
  by: Coefficient,
})

/**
 * `combine` = sum of multiples of points and gradients; multiples of points sum to 1, or to 0 for a difference. With an error,
 * it differs by any vector of at most that length.
 */
const Combine = Schema.Struct({
  combine: Name,
  terms: Schema.Record(Name, Coefficient),
  error: Schema.optionalKey(Schema.Struct({ absolute: Number })),
})

/** `gradient` = the gradient, subgradient or value of the operator `of` at `at`. */
const Gradient = Schema.Struct({
  gradient: Name,
  of: Name,
  at: Name,
  error: Schema.optionalKey(ErrorBound),
})

/**
 * `mirror` = a point at which a difference is the gradient, subgradient or normal of `of`; for a set, the point farthest along
 * it.
 */
const Mirror = Schema.Struct({ mirror: Name, of: Name, gradient: Name })

/**
 * `search` = the minimiser of `of` over `from` + multiples of differences. Only the orthogonality of its gradient to the
 * differences and to the displacement is used, not that the displacement is in their span. So the worst case is an upper bound.
 */
const Search = Schema.Struct({
  search: Name,
  from: Schema.optionalKey(Name),
  of: Name,
  along: Schema.Array(Name),
})

const Simple = Schema.Union([Step, Prox, Project, Extrapolate, Combine, Gradient, Mirror, Search])
export type Simple = typeof Simple.Type

/** Kinds of steps by their distinguishing key. */
export const stepKinds = {
  step: Step,
  prox: Prox,
  project: Project,
  extrapolate: Extrapolate,
  combine: Combine,
  // before "gradient", which it has as well
  mirror: Mirror,
  search: Search,
  gradient: Gradient,
}

const Repeat = Schema.Struct({
  repeat: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
  steps: Schema.Array(Simple),
})
export type Instruction = Simple | typeof Repeat.Type

/**
 * Quantity that is measured or bounded. A name denotes a point, "x@3" its value after three assignments, "x@-1" the value before
 * the last, "x*" the optimum.
 */
export type Measure =
  | { readonly squaredDistance: readonly [string, string] }
  | { readonly squaredNorm: string }
  | { readonly squaredGradient: string; readonly of?: string }
  | { readonly gap: string; readonly to?: string; readonly of?: string }
  | { readonly inner: readonly [gradient: string, from: string, to: string] }
  | { readonly deviation: string }
  | { readonly sum: ReadonlyArray<{ readonly weight: number | string; readonly of: Measure }> }

/** Kinds of measures by their distinguishing key, except sums. */
export const measures = {
  squaredDistance: Schema.Struct({ squaredDistance: Schema.Tuple([Name, Name]) }),
  squaredNorm: Schema.Struct({ squaredNorm: Name }),
  squaredGradient: Schema.Struct({ squaredGradient: Name, of: Schema.optionalKey(Name) }),
  gap: Schema.Struct({
    gap: Name,
    to: Schema.optionalKey(Name),
    of: Schema.optionalKey(Name),
  }),
  inner: Schema.Struct({ inner: Schema.Tuple([Name, Name, Name]) }),
  deviation: Schema.Struct({ deviation: Name }),
}

const Measure: Schema.Codec<Measure> = Schema.Union([
  ...Object.values(measures),
  Schema.Struct({
    sum: Schema.Array(
      Schema.Struct({ weight: Number, of: Schema.suspend((): Schema.Codec<Measure> => Measure) }),
    ),
  }),
])

/** A class with its constants: `{ "class": "smooth-convex", "L": 1 }`. */
const FunctionClass = Schema.Struct({
  class: Schema.String,
  L: Schema.optionalKey(Number),
  mu: Schema.optionalKey(Number),
  M: Schema.optionalKey(Number),
  beta: Schema.optionalKey(Number),
  D: Schema.optionalKey(Number),
})
export type FunctionClass = typeof FunctionClass.Type

/**
 * A method over classes of functions, with conditions on its start and a measure of its end.
 *
 * `optimum` "zero" (the default) assumes a point x* at which the gradients of all functions sum to 0 (a fixed point for a
 * nonexpansive operator). With "none" there is no such point. `runs` 2 runs the method twice on the same functions with
 * independent errors, from one start unless `starts` is "own". A name with an apostrophe, "x'", belongs to the second run.
 * `measure` is maximised; for a list, its minimum.
 */
export const Method = Schema.Struct({
  name: Schema.optionalKey(Schema.String),
  functions: Schema.Record(Name, FunctionClass),
  start: Schema.Array(Name),
  optimum: Schema.optionalKey(Schema.Literals(["zero", "none"])),
  runs: Schema.optionalKey(Schema.Literals([1, 2])),
  starts: Schema.optionalKey(Schema.Literals(["shared", "own"])),
  steps: Schema.Array(Schema.Union([Repeat, Simple])),
  given: Schema.Array(Schema.Struct({ bound: Measure, atMost: Number })),
  measure: Schema.Union([Measure, Schema.Struct({ least: Schema.Array(Measure) })]),
})
export type Method = typeof Method.Type
