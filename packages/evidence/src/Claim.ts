import type { Effect } from "effect"
import type fc from "fast-check"
import type { Source } from "./Source.ts"

/** The outcome of one trial: at least 0 where the statement holds; see `Margin`. */
export type Outcome = number | Effect.Effect<number, unknown>

/** How an instance is drawn, and how far it is from violating the statement. Instances are plain data that survives JSON. */
export interface Trial<Instance extends object> {
  readonly instances: fc.Arbitrary<Instance>
  readonly margin: (instance: Instance) => Outcome
}

/** A change to the algorithm or to an assumption that must make the claim fail. */
export interface Control<Instance extends object> extends Trial<Instance> {
  readonly name: string
}

/** What is known of a claim without running it. */
export interface Described {
  /** `<system>/<kebab-case name>`. */
  readonly id: string
  /** One sentence that a reader of the paper recognises, with its assumptions. */
  readonly statement: string
  readonly source: Source
}

export interface ClaimDefinition<Instance extends object> extends Described, Trial<Instance> {
  readonly controls: readonly [Control<Instance>, ...Control<Instance>[]]
}

/** A theorem that a tester tries to break. The type of its instances is hidden, so that claims form lists. */
export interface Claim extends Described {
  readonly controls: ReadonlyArray<string>
  readonly open: <Result>(
    use: <Instance extends object>(definition: ClaimDefinition<Instance>) => Result,
  ) => Result
}

/**
 * A claim from its definition.
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
 *     {
 *       name: "rate past the limit",
 *       instances: Draw.record({ product: Draw.linear(2.1, 3) }),
 *       margin: ({ product }) => Margin.atMost(Math.abs(1 - product), 1),
 *     },
 *   ],
 * })
 * contraction.controls // => ["rate past the limit"]
 * ```
 */
export const claim = <Instance extends object>(definition: ClaimDefinition<Instance>): Claim => ({
  id: definition.id,
  statement: definition.statement,
  source: definition.source,
  controls: definition.controls.map((control) => control.name),
  open: (use) => use(definition),
})
