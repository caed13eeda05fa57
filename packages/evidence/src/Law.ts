import type fc from "fast-check"
import { claim, type Claim, type Described, type Drawn } from "./Claim.ts"
import type { Compared } from "./exact/Confirmation.ts"
import type { Given } from "./Given.ts"

/** As of a claim; what a subject returned is taken as the float64 numbers that it is. */
type Exactly<Subject, Instance> = (instance: Instance, given: Given, subject: Subject) => Compared

/** A control of a law: another subject, other instances, or another margin; what it does not name stays as in the law. */
export interface LawControl<Subject, Instance extends object> {
  readonly name: string
  readonly subject?: (subject: Subject) => Subject
  readonly instances?: fc.Arbitrary<Instance>
  readonly margin?: (subject: Subject, instance: Instance, given: Given) => number
  readonly exactly?: Exactly<Subject, Instance>
}

export interface LawDefinition<Subject, Instance extends object> extends Described, Drawn {
  readonly instances: fc.Arbitrary<Instance>
  readonly margin: (subject: Subject, instance: Instance, given: Given) => number
  readonly exactly?: Exactly<Subject, Instance>
  readonly controls: readonly [LawControl<Subject, Instance>, ...LawControl<Subject, Instance>[]]
}

/** A claim about whatever implementation it is given: run it against your own. */
export interface Law<Subject> extends Described {
  readonly against: (subject: Subject) => Claim
}

/**
 * A law from its definition; `law.against(subject)` is the claim that `subject` obeys it.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw, law, Margin, Verify } from "@nonconvex/evidence"
 * import { Kernels } from "@nonconvex/numerics"
 *
 * const contraction = law<(x: number) => number, { readonly x: number }>({
 *   id: "example/contraction",
 *   statement: "A step on x^2 / 2 comes no further from 0.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ x: Draw.linear(1, 2) }),
 *   margin: (step, { x }) => Margin.atMost(Math.abs(step(x)), Math.abs(x)),
 *   controls: [{ name: "ascent", subject: (step) => (x) => 2 * x - step(x) }],
 * })
 * const descent = contraction.against((x) => x - 0.5 * x)
 * const search = { seed: 1, runs: 50 }
 * Verify.searchClaim(descent, undefined, search, { kernels: Kernels.strict() }).violation // => undefined
 * Verify.searchClaim(descent, "ascent", search, { kernels: Kernels.strict() }).violation?.instance // => { x: 1 }
 * ```
 */
export const law = <Subject, Instance extends object>({
  controls: [first, ...rest],
  exactly,
  instances,
  margin,
  ...described
}: LawDefinition<Subject, Instance>): Law<Subject> => ({
  ...described,
  against: (subject) => {
    const of = (by: LawDefinition<Subject, Instance>["exactly"], about: Subject) =>
      by === undefined
        ? {}
        : { exactly: (instance: Instance, given: Given) => by(instance, given, about) }
    const control = (changed: LawControl<Subject, Instance>) => {
      const other = changed.subject?.(subject) ?? subject
      return {
        name: changed.name,
        instances: changed.instances ?? instances,
        margin: (instance: Instance, given: Given) =>
          (changed.margin ?? margin)(other, instance, given),
        // exact values belong to the margin that they are of
        ...of(changed.margin === undefined ? (changed.exactly ?? exactly) : changed.exactly, other),
      }
    }
    return claim<Instance>({
      ...described,
      instances,
      margin: (instance, given) => margin(subject, instance, given),
      ...of(exactly, subject),
      controls: [control(first), ...rest.map(control)],
    })
  },
})
