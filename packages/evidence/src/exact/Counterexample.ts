/** Counterexamples that can be checked by hand: round numbers, the steps of the calculation, and its controls. */
import { Schema } from "effect"
import * as Confirmation from "./Confirmation.ts"
import * as Value from "./Value.ts"

/** The numbers of an instance by their names in the statement, as texts of fractions. */
export type Numbers<Name extends string> = Readonly<Record<Name, string>>

/** A calculation: its steps in words, and its conclusion. */
interface Worked {
  readonly steps: ReadonlyArray<string>
  readonly compared: Confirmation.Compared
}

/** Change of a control; the rest stays as in the counterexample. */
interface Spared<Name extends string, Statement> {
  readonly instance?: Partial<Numbers<Name>>
  readonly statement?: Statement
}

export interface Definition<Name extends string, Statement> {
  readonly instance: Numbers<Name>
  /** Printed statement that the calculation tests: a formula, a constant. */
  readonly printed: Statement
  /**
   * Computed from the definitions in the statement, in exact values, and never by the functions that a margin calls. A step is a line that
   * a reader can check.
   */
  readonly work: (
    instance: { readonly [Each in Name]: Value.Value },
    statement: Statement,
  ) => Worked
  /** Changes under which the same calculation must refute nothing: the corrected statement, or an instance within the bound. */
  readonly controls: readonly [
    readonly [name: string, change: Spared<Name, Statement>],
    ...(readonly [name: string, change: Spared<Name, Statement>])[],
  ]
}

/** A counterexample as data, with its outcome. */
const Checked = Schema.Struct({
  ...Confirmation.Confirmation.fields,
  /** `toothless` where a control is refuted too: the calculation does not detect the false statement. */
  outcome: Schema.Literals([...Confirmation.Outcome.literals, "toothless"]),
  /** `eta = 1/2, J = 1`. */
  instance: Schema.String,
  steps: Schema.Array(Schema.String),
  /** Controls for which the same calculation found no violation, as required. */
  spared: Schema.Array(Schema.String),
})
type Checked = typeof Checked.Type

/** Counterexample that is computed on demand. */
export type Counterexample = () => Checked

/** Reason for a missing exact counterexample. */
export interface Missing {
  readonly inFloatingPoint: string
}

/** Certainty that a statement is false: the result of its exact counterexample, or the reason why it has none. */
export const Certainty = Schema.Union([Checked, Schema.Struct({ inFloatingPoint: Schema.String })])
type Certainty = typeof Certainty.Type

/**
 * Computes it.
 *
 * @internal
 */
export const certaintyOf = (exact: Counterexample | Missing): Certainty =>
  typeof exact === "function" ? exact() : exact

const valuesOf = <Name extends string>(instance: Numbers<Name>) =>
  Object.fromEntries(
    Object.entries<string>(instance).map(([name, text]) => [name, Value.of(text)]),
  ) as { readonly [Each in Name]: Value.Value }

/**
 * A counterexample from its definition.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * const squares = Exact.counterexample({
 *   instance: { x: "1/2" },
 *   printed: "x",
 *   work: ({ x }, bound) => ({
 *     steps: [`x^2 = ${Exact.toText(Exact.square(x))}`],
 *     compared: Exact.atLeast(Exact.square(x), bound === "x" ? x : Exact.zero),
 *   }),
 *   controls: [
 *     ["squares are at least 0", { statement: "0" }],
 *     ["a number above 1", { instance: { x: "2" } }],
 *   ],
 * })
 * const { finding, outcome } = squares()
 * outcome // => "refuted"
 * finding // => "1/4 is below the required 1/2, by 1/4"
 * ```
 */
export const counterexample =
  <const Name extends string, Statement>({
    controls,
    instance,
    printed,
    work,
  }: Definition<Name, Statement>): Counterexample =>
  () => {
    const values = valuesOf(instance)
    const { compared, steps } = work(values, printed)
    const found = Confirmation.confirm(compared)
    const isSpared = ([, change]: (typeof controls)[number]) => {
      const changed = valuesOf({ ...instance, ...change.instance })
      const statement = change.statement === undefined ? printed : change.statement
      return Confirmation.confirm(work(changed, statement).compared).outcome !== "refuted"
    }
    const spared = controls.filter(isSpared).map(([name]) => name)
    return {
      ...found,
      outcome: spared.length < controls.length ? "toothless" : found.outcome,
      instance: Object.entries<string>(instance)
        .map((pair) => pair.join(" = "))
        .join(", "),
      steps,
      spared,
    }
  }

/** Lines for readers: the numbers, the steps and the conclusion. */
export const lines = (checked: Checked): ReadonlyArray<string> => [
  checked.instance,
  ...checked.steps,
  checked.finding,
]
