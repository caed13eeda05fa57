/** The language of methods with fixed steps: plain data, from JSON or written as TypeScript. */
import * as Schema from "effect/Schema"

/** A JSON number (0.1 is a tenth), or a fraction as text: "1/3". Inside `repeat` also a list, with one number for each round. */
export const Number = Schema.Union([Schema.Finite, Schema.String]).annotate({
  expected: 'a number, or a fraction as text such as "1/3"',
  description: 'A number (0.1 is a tenth), or a fraction as text: "1/3".',
})
const Coefficient = Schema.Union([Number, Schema.Array(Number)]).annotate({
  expected: 'a number, a fraction as text such as "1/3", or inside repeat a list of them',
  description: "A number or fraction; inside repeat also a list, with one for each round.",
})
export type Coefficient = typeof Coefficient.Type

/** Error bound of a gradient: relative to its own norm, or absolute. */
export const errorKinds = {
  relative: Schema.Struct({ relative: Number }),
  absolute: Schema.Struct({ absolute: Number }),
}
const ErrorBound = Schema.Union(Object.values(errorKinds))

/** A single line of text, because it is printed and written into comments of proofs. */
export const Name = Schema.String.check(
  Schema.isPattern(/^[^\p{C}]{1,80}$/u, { expected: "a name of one line, 1 to 80 characters" }),
)

/** Block of coordinates, from 1. */
const BlockNumber = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 64 }))

const Step = Schema.Struct({
  step: Name,
  from: Schema.optionalKey(Name),
  at: Schema.optionalKey(Name),
  of: Name,
  rate: Coefficient,
  error: Schema.optionalKey(ErrorBound),
  block: Schema.optionalKey(BlockNumber),
}).annotate({
  description:
    "step = from - rate (gradient of `of` at `at`), or with one block of the gradient; from and at default to step.",
})

const Prox = Schema.Struct({
  prox: Name,
  from: Schema.optionalKey(Name),
  of: Name,
  rate: Coefficient,
  criterion: Schema.optionalKey(Schema.Literals(["I", "II", "III"])),
  error: Schema.optionalKey(ErrorBound),
  dual: Schema.optionalKey(Name),
}).annotate({
  description:
    "prox = the minimiser z of rate of(z) + |z - from|^2 / 2; the resolvent of an operator. from defaults to prox. With a criterion or an error (criterion II by default) it is inexact, with a dual point v that dual names: I, v is a subgradient at any point; II, at prox; III, v = (from - prox) / rate. Its primal-dual gap is at most (relative |prox - from|)^2 / 2 or absolute^2 / 2; without an error, `given` bounds it as inexactness.",
})

const Project = Schema.Struct({
  project: Name,
  from: Schema.optionalKey(Name),
  onto: Name,
}).annotate({
  description: "project = the point of the set nearest to from, which defaults to project.",
})

const Extrapolate = Schema.Struct({
  extrapolate: Name,
  from: Name,
  beyond: Name,
  by: Coefficient,
}).annotate({ description: "extrapolate = from + by (from - beyond)." })

const Combine = Schema.Struct({
  combine: Name,
  terms: Schema.Record(Name, Coefficient),
  error: Schema.optionalKey(Schema.Struct({ absolute: Number })),
}).annotate({
  description:
    "combine = sum of multiples of points and gradients; multiples of points sum to 1, or to 0 for a difference. With an error it differs by any vector of at most that length.",
})

const Gradient = Schema.Struct({
  gradient: Name,
  of: Name,
  at: Name,
  error: Schema.optionalKey(ErrorBound),
  epsilon: Schema.optionalKey(Number),
  block: Schema.optionalKey(BlockNumber),
}).annotate({
  description:
    "gradient = the gradient, subgradient or operator value of `of` at `at`; with epsilon, an epsilon-subgradient of a convex function.",
})

const Mirror = Schema.Struct({ mirror: Name, of: Name, gradient: Name }).annotate({
  description:
    "mirror = a point at which a difference is the gradient, subgradient or normal of `of`; for a set, the point farthest along it.",
})

const Search = Schema.Struct({
  search: Name,
  from: Schema.optionalKey(Name),
  of: Name,
  along: Schema.Array(Name),
}).annotate({
  description:
    "search = the minimiser of `of` over from + multiples of differences. Only that its gradient is orthogonal to the differences and to the displacement is used, so the worst case is an upper bound.",
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

export const Repeat = Schema.Struct({
  repeat: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
  steps: Schema.Array(Simple),
}).annotate({ description: "Repeats steps." })
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
  | { readonly inexactness: string }
  | { readonly sum: ReadonlyArray<{ readonly weight: number | string; readonly of: Measure }> }

/** Kinds of measures by their distinguishing key, except sums. */
export const measures = {
  squaredDistance: Schema.Struct({ squaredDistance: Schema.Tuple([Name, Name]) }).annotate({
    description: "Squared distance of two points.",
  }),
  squaredNorm: Schema.Struct({ squaredNorm: Name }).annotate({
    description: "Squared norm of a difference or gradient.",
  }),
  squaredGradient: Schema.Struct({
    squaredGradient: Name,
    of: Schema.optionalKey(Name),
  }).annotate({ description: "Squared norm of the gradient at a point." }),
  gap: Schema.Struct({
    gap: Name,
    to: Schema.optionalKey(Name),
    of: Schema.optionalKey(Name),
  }).annotate({
    description:
      "Value at a point minus the value at `to`, which defaults to x*; of all functions by default.",
  }),
  inner: Schema.Struct({ inner: Schema.Tuple([Name, Name, Name]) }).annotate({
    description: "Inner product of a gradient, and the second point minus the third.",
  }),
  deviation: Schema.Struct({ deviation: Name }).annotate({
    description: "Squared distance of a point of the two runs.",
  }),
  inexactness: Schema.Struct({ inexactness: Name }).annotate({
    description:
      "Primal-dual gap of the inexact proximal step, or epsilon of the epsilon-subgradient, that gave a name.",
  }),
}

const Measure: Schema.Codec<Measure> = Schema.Union([
  ...Object.values(measures),
  Schema.Struct({
    sum: Schema.Array(
      Schema.Struct({ weight: Number, of: Schema.suspend((): Schema.Codec<Measure> => Measure) }),
    ),
  }),
])

/** A class with its constants: `{ "class": "smooth-convex", "L": 1 }`. `MethodFile` has the constants of each class. */
const FunctionClass = Schema.Struct({
  class: Schema.String,
  L: Schema.optionalKey(Number),
  mu: Schema.optionalKey(Number),
  M: Schema.optionalKey(Number),
  beta: Schema.optionalKey(Number),
  D: Schema.optionalKey(Number),
  R: Schema.optionalKey(Number),
  rho: Schema.optionalKey(Number),
  alpha: Schema.optionalKey(Number),
  blocks: Schema.optionalKey(Schema.Array(Number)),
})
export type FunctionClass = typeof FunctionClass.Type

/** A quantity that is at most a number. */
export const Bound = Schema.Struct({ bound: Measure, atMost: Number })

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
  given: Schema.Array(Bound),
  measure: Schema.Union([Measure, Schema.Struct({ least: Schema.Array(Measure) })]),
})
export type Method = typeof Method.Type
