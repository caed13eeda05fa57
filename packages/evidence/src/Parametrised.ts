import type fc from "fast-check"
import type { Claim, ControlDefinition, Described, Drawn } from "./Claim.ts"
import type { Compared } from "./exact/Confirmation.ts"
import type { Given } from "./Given.ts"
import { law, type Law, type LawControl } from "./Law.ts"

/** A claim whose margin has a parameter: with one value of it the statement is true, and with others it must fail. */
export interface ParametrisedDefinition<
  Instance extends object,
  Value,
  Control = ControlDefinition<Instance>,
>
  extends Described, Drawn {
  readonly instances: fc.Arbitrary<Instance>
  readonly margin: (instance: Instance, given: Given, value: Value) => number
  /** What decides the margin in exact values; see `Trial`. */
  readonly exactly?: (instance: Instance, given: Given, value: Value) => Compared
  /** The value with which the statement is true. */
  readonly holds: Value
  /** The controls: a name, the value with which it must fail, and the instances that show it where those of the claim need not; or as `claim` has them. */
  readonly fails: readonly [
    ParametrisedControl<Instance, Value> | Control,
    ...(ParametrisedControl<Instance, Value> | Control)[],
  ]
}

export type ParametrisedControl<Instance extends object, Value> = readonly [
  name: string,
  value: Value,
  instances?: fc.Arbitrary<Instance>,
]

/**
 * The claim that the margin with `holds` is at least 0, and a control for each value of `fails`. Throws `AmbiguousControl`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw, Margin, parametrised } from "@nonconvex/evidence"
 *
 * const product = Draw.record({ product: Draw.linear(0.1, 1.9) })
 * const contraction = parametrised({
 *   id: "example/contraction",
 *   statement: "Gradient descent on c x^2 / 2 shortens x where 0 < rate c < 2.",
 *   source: { paper: "textbook", statement: "contraction", basis: "derived here" },
 *   instances: product,
 *   margin: ({ product }, _, sign) => Margin.atMost(Math.abs(1 - sign * product), 1),
 *   holds: 1,
 *   fails: [["ascent", -1]],
 * })
 * contraction.controls // => ["ascent"]
 * ```
 */
export const parametrised = <Instance extends object, const Value>({
  fails: [first, ...rest],
  margin,
  ...definition
}: ParametrisedDefinition<Instance, Value>): Claim => {
  const control = (each: typeof first) => {
    if (!("name" in each)) return each
    const { margin: own, ...changed } = each
    return own === undefined
      ? changed
      : { ...changed, margin: (_: void, ...of: Parameters<typeof own>) => own(...of) }
  }
  return parametrisedLaw<void, Instance, Value>({
    ...definition,
    margin: (_, ...of) => margin(...of),
    fails: [control(first), ...rest.map(control)],
  }).against()
}

/** A law whose margin has a parameter besides its subject; a control may also be another subject, or another margin. */
export interface ParametrisedLawDefinition<Subject, Instance extends object, Value> extends Omit<
  ParametrisedDefinition<Instance, Value, LawControl<Subject, Instance>>,
  "exactly" | "margin"
> {
  readonly exactly?: (instance: Instance, given: Given, value: Value, subject: Subject) => Compared
  readonly margin: (subject: Subject, instance: Instance, given: Given, value: Value) => number
}

/**
 * The law of which `parametrised` is the claim: its controls in the order of `fails`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw, Margin, parametrisedLaw, Verify } from "@nonconvex/evidence"
 * import { Kernels } from "@nonconvex/numerics"
 *
 * const fall = parametrisedLaw<(x: number) => number, { readonly x: number }, number>({
 *   id: "example/fall",
 *   statement: "A step of rate 1/2 on x^2 / 2 halves x.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ x: Draw.linear(1, 2) }),
 *   margin: (step, { x }, _, factor) => Margin.equal(step(x), factor * x, { relative: 1e-12 }),
 *   holds: 1 / 2,
 *   fails: [["the rate of x^2", 0]],
 * })
 * const descent = fall.against((x) => x - 0.5 * x)
 * const search = { seed: 1, runs: 50 }
 * Verify.searchClaim(descent, undefined, search, { kernels: Kernels.strict() }).violation // => undefined
 * Verify.searchClaim(descent, "the rate of x^2", search, { kernels: Kernels.strict() }).violation?.instance // => { x: 1 }
 * ```
 */
export const parametrisedLaw = <Subject, Instance extends object, const Value>({
  exactly,
  fails,
  holds,
  margin,
  ...described
}: ParametrisedLawDefinition<Subject, Instance, Value>): Law<Subject> => {
  const exactlyAt = (value: Value) =>
    exactly === undefined
      ? {}
      : {
          exactly: (instance: Instance, given: Given, subject: Subject) =>
            exactly(instance, given, value, subject),
        }
  const control = (each: (typeof fails)[number]): LawControl<Subject, Instance> => {
    if ("name" in each) return each
    const [name, value, instances = described.instances] = each
    return { name, instances, margin: (...of) => margin(...of, value), ...exactlyAt(value) }
  }
  const [first, ...rest] = fails
  return law<Subject, Instance>({
    ...described,
    margin: (...of) => margin(...of, holds),
    ...exactlyAt(holds),
    controls: [control(first), ...rest.map(control)],
  })
}
