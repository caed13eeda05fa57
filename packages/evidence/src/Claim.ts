import { Schema } from "effect"
import type fc from "fast-check"
import type { Compared } from "./exact/Confirmation.ts"
import type { Given } from "./Given.ts"
import type { Reason } from "./exact/InFloatingPoint.ts"
import * as Replay from "./Replay.ts"
import type { Source } from "./Source.ts"

/**
 * How an instance is drawn, and how far it is from violating the statement.
 *
 * Instances are plain data that survives JSON; a margin must not write to them, for they are reported as they are after it.
 * Draw such as meet the assumptions: `fc.pre` in a margin makes the claim broken, and a filter that refuses nearly
 * everything never ends.
 */
export interface Trial<Instance extends object> {
  readonly instances: fc.Arbitrary<Instance>
  /** At least 0 where the statement holds; see `Margin`. A pure function of the instance and of what it computes with. */
  readonly margin: (instance: Instance, given: Given) => number
  /**
   * What decides the margin in exact values (`Exact`), without a tolerance, where it is an algebraic function of the instance. It goes back to
   * the definitions of the statement, not to the functions that the margin calls. A violation that is found is confirmed by it.
   */
  readonly exactly?: (instance: Instance, given: Given) => Compared
}

/** A change to the algorithm or to an assumption that must make the claim fail. */
export interface Control<Instance extends object> extends Trial<Instance> {
  readonly name: string
}

/** A control as it is written: what it does not name stays as in the claim; exact values belong to the margin that they are of. */
export interface ControlDefinition<Instance extends object> extends Partial<Trial<Instance>> {
  readonly name: string
}

/** What is known of a claim without running it. */
export interface Described {
  /** `<system>/<kebab-case name>`. */
  readonly id: string
  /** One sentence that a reader of the paper recognises, with its assumptions. */
  readonly statement: string
  readonly source: Source
  /** Of a claim without `exactly`: why its violations are confirmed by no exact values. */
  readonly inFloatingPoint?: Reason
}

/** How many instances there are to draw. */
export interface Drawn {
  /**
   * Every draw of the claim and of its controls gives the same instance, as of runs with fixed seeds: it is tried once, and a verdict says one
   * run, however many were asked for.
   */
  readonly hasOneInstance?: true
}

export interface ClaimDefinition<
  Instance extends object,
  Under extends ControlDefinition<Instance> = ControlDefinition<Instance>,
>
  extends Described, Drawn, Trial<Instance> {
  readonly controls: readonly [Under, ...Under[]]
}

/** A theorem that a tester tries to break. The type of its instances is hidden, so that claims form lists. */
export interface Claim extends Described, Drawn {
  readonly controls: ReadonlyArray<string>
  readonly open: <Result>(
    use: <Instance extends object>(
      definition: ClaimDefinition<Instance, Control<Instance>>,
    ) => Result,
  ) => Result
}

/** Two controls of a claim that replay tokens could not tell apart, or one whose name has no letter. */
export class AmbiguousControl extends Schema.TaggedError<AmbiguousControl>()("AmbiguousControl", {
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
 * A claim from its definition. Throws `AmbiguousControl`.
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
 *   margin: ({ product }) => Margin.atMost(Math.abs(1 - product), 1),
 *   controls: [
 *     { name: "rate past the limit", instances: Draw.record({ product: Draw.linear(2.1, 3) }) },
 *   ],
 * })
 * contraction.controls // => ["rate past the limit"]
 * ```
 */
export const claim = <Instance extends object>(definition: ClaimDefinition<Instance>): Claim => {
  const { controls: changes, exactly, instances, margin, ...described } = definition
  const names = changes.map((control) => control.name)
  requireDistinct(described.id, names)
  const complete = (control: ControlDefinition<Instance>) => ({
    instances,
    margin,
    ...(control.margin === undefined && exactly !== undefined ? { exactly } : {}),
    ...control,
  })
  const [first, ...rest] = changes
  const controls = [complete(first), ...rest.map(complete)] as const
  return { ...described, controls: names, open: (use) => use({ ...definition, controls }) }
}
