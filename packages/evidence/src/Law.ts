import type fc from "fast-check"
import { claim, type Claim, type Described, type Drawn, type Trial } from "./Claim.ts"
import type { Given } from "./Given.ts"

/** A control of a law: another subject, other instances, or another margin; what it does not name stays as in the law. */
export interface LawControl<Subject, Instance extends object> {
  readonly name: string
  readonly subject?: (subject: Subject) => Subject
  readonly instances?: fc.Arbitrary<Instance>
  readonly margin?: (subject: Subject, instance: Instance, given: Given) => number
  readonly exactly?: Trial<Instance>["exactly"]
}

export interface LawDefinition<Subject, Instance extends object> extends Described, Drawn {
  readonly instances: fc.Arbitrary<Instance>
  readonly margin: (subject: Subject, instance: Instance, given: Given) => number
  /** As of a claim, where no subject has a say in it. */
  readonly exactly?: Trial<Instance>["exactly"]
  readonly controls: readonly [LawControl<Subject, Instance>, ...LawControl<Subject, Instance>[]]
}

/** A claim about whatever implementation it is given: run it against your own. */
export interface Law<Subject> extends Described {
  readonly against: (subject: Subject) => Claim
}

/** A law from its definition; `law.against(subject)` is the claim that `subject` obeys it. */
export const law = <Subject, Instance extends object>({
  controls: [first, ...rest],
  exactly,
  instances,
  margin,
  ...described
}: LawDefinition<Subject, Instance>): Law<Subject> => ({
  ...described,
  against: (subject) => {
    const control = (changed: LawControl<Subject, Instance>) => {
      const other = changed.subject?.(subject) ?? subject
      return {
        name: changed.name,
        instances: changed.instances ?? instances,
        margin: (instance: Instance, given: Given) =>
          (changed.margin ?? margin)(other, instance, given),
        ...(changed.exactly === undefined ? {} : { exactly: changed.exactly }),
      }
    }
    return claim<Instance>({
      ...described,
      instances,
      margin: (instance, given) => margin(subject, instance, given),
      ...(exactly === undefined ? {} : { exactly }),
      controls: [control(first), ...rest.map(control)],
    })
  },
})
