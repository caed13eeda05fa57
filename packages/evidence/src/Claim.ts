import { Schema } from "effect"
import type fc from "fast-check"
import type { Compared } from "./exact/Confirmation.ts"
import type { Reason } from "./exact/InFloatingPoint.ts"
import type { Extent } from "./Extent.ts"
import type { Given } from "./Given.ts"
import type { Comparison } from "./Margin.ts"
import * as Replay from "./Replay.ts"
import type { Source } from "./Source.ts"
import type { Asked, Trial } from "./Trial.ts"

/** Inputs of a margin. */
export interface MarginInput<
  Instance extends object,
  Value = undefined,
  Subject = undefined,
> extends Given {
  readonly instance: Instance
  /** The value of the claim, or of the control. */
  readonly value: Value
  /** The implementation that the claim is about. */
  readonly subject: Subject
}

/**
 * Parts of a claim that a control may change.
 *
 * Instances are plain data that survives JSON. A margin must not change them, because they are reported after it has run.
 * Draw only instances that meet the assumptions: `fc.pre` in a margin makes the claim broken, and a filter that rejects
 * nearly everything never ends.
 */
interface Changeable<Instance extends object, Value, Subject> {
  readonly instances: fc.Arbitrary<Instance>
  /** At least 0 where the statement holds; see `Margin`. A pure function of its arguments. */
  readonly margin: (input: MarginInput<Instance, Value, Subject>) => Comparison
  /**
   * Comparison of the margin in exact arithmetic (`Exact`), without a tolerance, for an algebraic function of the instance.
   * It uses the definitions in the statement and none of the margin's functions; results of a subject are taken as exact
   * float64 numbers. It confirms a violation.
   */
  readonly exactly?: (input: MarginInput<Instance, Value, Subject>) => Compared
}

/** Change to the algorithm or to an assumption that must make the claim fail; unchanged parts are as in the claim. */
interface Control<Instance extends object, Value = undefined, Subject = undefined> extends Partial<
  Changeable<Instance, Value, Subject>
> {
  readonly name: string
  /** Replaces the value of the claim. */
  readonly value?: Value
  /** Change to the subject of the claim. */
  readonly subject?: (subject: Subject) => Subject
}

/** Description of a claim, available without running it. */
export interface Described {
  /** `<system>/<kebab-case name>`. */
  readonly id: string
  /** One sentence that readers of the paper recognise, including the assumptions. */
  readonly statement: string
  readonly source: Source
  /** Reason why violations of a claim without `exactly` are confirmed by no exact values. */
  readonly inFloatingPoint?: Reason
  /** Sizes and horizons that are constant over instances and no field holds; `numbers` where the statement is about scalars. */
  readonly extent?: Extent | "numbers"
  /** Reason why instances cannot grow: the statement has a fixed range, or the cost would be too high. */
  readonly bounded?: string
  /**
   * Reason why the worst margin of a search over growing sizes tends to 0 without reaching it: large instances attain the
   * bound.
   */
  readonly tight?: string
}

/** Number of instances to draw. */
interface Drawn {
  /**
   * True if every draw of the claim and its controls gives the same instance, as for runs with fixed seeds. It runs once,
   * and the verdict reports one run.
   */
  readonly hasOneInstance?: true
}

export interface ClaimDefinition<Instance extends object, Value = undefined, Subject = undefined>
  extends Described, Drawn, Changeable<Instance, Value, Subject> {
  /** Constant, bound or map for which the statement is true; that of a control must make it false. */
  readonly value?: Value
  /** Implementation that the claim is about, if it can be replaced by another. */
  readonly subject?: Subject
  readonly controls: readonly [
    Control<Instance, Value, Subject>,
    ...Control<Instance, Value, Subject>[],
  ]
}

/** The trials of a claim: its own, and one for each control. */
interface Trials<Instance extends object> extends Trial<Instance> {
  readonly controls: readonly [
    Trial<Instance> & { readonly name: string },
    ...(Trial<Instance> & { readonly name: string })[],
  ]
}

/** A theorem that a tester tries to break. The type of its instances is hidden, so that claims form lists. */
export interface Claim extends Described, Drawn {
  readonly controls: ReadonlyArray<string>
  readonly open: <Result>(
    use: <Instance extends object>(trials: Trials<Instance>) => Result,
  ) => Result
}

/** Claim about an implementation, which you can test on your own. */
export interface Law<Subject> extends Claim {
  /** The same claim about another implementation. */
  readonly against: (subject: Subject) => Law<Subject>
}

/** Two controls of a claim that replay tokens cannot distinguish, or a control whose name has no letter. */
class AmbiguousControl extends Schema.TaggedError<AmbiguousControl>()("AmbiguousControl", {
  claim: Schema.String,
  control: Schema.String,
}) {
  override get message(): string {
    return `${this.claim}: the control "${this.control}" needs a name that differs from the others in letters or digits`
  }
}

const requireDistinct = (claim: string, controls: ReadonlyArray<string>) => {
  const known = new Set([""])
  for (const control of controls) {
    const short = Replay.short(control)
    if (known.has(short)) throw new AmbiguousControl({ claim, control })
    known.add(short)
  }
}

/**
 * A claim from its definition; one with a subject is a law. Throws `AmbiguousControl`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { claim, Draw, Margin } from "@nonconvex/evidence"
 *
 * const contraction = claim({
 *   id: "example/contraction",
 *   statement: "Gradient descent on c x^2 / 2 shortens x where 0 < rate c < 2.",
 *   source: { paper: "textbook", statement: "contraction", basis: "derived here" },
 *   instances: Draw.record({ product: Draw.linear(0.1, 1.9) }),
 *   value: 1,
 *   margin: ({ instance: { product }, value: sign }) =>
 *     Margin.atMost(Math.abs(1 - sign * product), 1),
 *   controls: [
 *     { name: "rate above the limit", instances: Draw.record({ product: Draw.linear(2.1, 3) }) },
 *     { name: "ascent", value: -1 },
 *   ],
 * })
 * contraction.controls // => ["rate above the limit", "ascent"]
 * ```
 */
export const claim = <Instance extends object, const Value = undefined, Subject = undefined>(
  definition: ClaimDefinition<Instance, Value, Subject>,
): undefined extends Subject ? Claim : Law<Subject> => {
  const { controls, exactly, instances, margin, subject, value, ...described } = definition
  const names = controls.map((control) => control.name)
  requireDistinct(described.id, names)

  type Input = MarginInput<Instance, Value, Subject>

  /** `by` gets the subject and the value of the definition. */
  const asking =
    <Answer>(by: (input: Input) => Answer, about: Subject, at: Value) =>
    ({ instance, kernels, recorder }: Asked<Instance>): Answer =>
      by({ instance, kernels, value: at, subject: recorder?.subject(about) ?? about })

  const against = (of: Subject): Law<Subject> => {
    const trial = (change: Omit<Control<Instance, Value, Subject>, "name">): Trial<Instance> => {
      const about = change.subject === undefined ? of : change.subject(of)
      const at = "value" in change ? change.value : value!
      // exact values belong to the margin that they are of
      const exact = change.exactly ?? (change.margin === undefined ? exactly : undefined)
      return {
        instances: change.instances ?? instances,
        margin: asking(change.margin ?? margin, about, at),
        ...(exact === undefined ? {} : { exactly: asking(exact, about, at) }),
      }
    }
    const named = (control: Control<Instance, Value, Subject>) => ({
      name: control.name,
      ...trial(control),
    })
    const [first, ...rest] = controls
    const trials = { ...trial({}), controls: [named(first), ...rest.map(named)] as const }
    return { ...described, controls: names, open: (use) => use(trials), against }
  }
  const { against: other, ...itself } = against(subject!)
  const made = subject === undefined ? itself : { ...itself, against: other }
  return made as undefined extends Subject ? Claim : Law<Subject>
}
