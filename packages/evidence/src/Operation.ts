import type { Schema } from "effect"
import type { Given } from "./Given.ts"

/**
 * Long work of a system on data of the user's own, as a job: what goes in and comes out is data with a schema, so that any thread can
 * do it, and interruption, progress and time are somebody else's.
 *
 * Typed arrays may be part of inputs and outputs (`Schema.instanceOf(Float64Array)`): they cross a thread as they are.
 */
export interface OperationDefinition<Input, Output, Failure, Progress> {
  /** `<system>/<verb>`. */
  readonly id: string
  readonly input: Schema.Codec<Input, unknown>
  readonly output: Schema.Codec<Output, unknown>
  /** The errors that `run` is known to throw; any other throw is a defect. */
  readonly failure: Schema.Codec<Failure, unknown>
  readonly progress: Schema.Codec<Progress, unknown>
  /** A plain function; may call `report` as often as it likes. */
  readonly run: (
    input: Input,
    context: Given & { readonly report: (progress: Progress) => void },
  ) => Output
}

/** An operation whose types are hidden, so that operations form lists. */
export interface AnyOperation {
  readonly id: string
  readonly open: <Result>(
    use: <Input, Output, Failure, Progress>(
      definition: OperationDefinition<Input, Output, Failure, Progress>,
    ) => Result,
  ) => Result
}

/** An operation of a system. */
export interface Operation<Input, Output, Failure, Progress>
  extends OperationDefinition<Input, Output, Failure, Progress>, AnyOperation {}

/**
 * An operation from its definition.
 *
 * @example
 * ```ts import.meta.vitest
 * import { operation } from "@nonconvex/evidence"
 * import { Kernels } from "@nonconvex/numerics"
 * import { Schema } from "effect"
 *
 * const norm = operation({
 *   id: "example/norm",
 *   input: Schema.Array(Schema.Finite),
 *   output: Schema.Finite,
 *   failure: Schema.Never,
 *   progress: Schema.Never,
 *   run: (entries, { kernels }) => kernels.norm(Float64Array.from(entries)),
 * })
 * norm.run([3, 4], { kernels: Kernels.strict(), report: () => undefined }) // => 5
 * ```
 */
export const operation = <Input, Output, Failure, Progress>(
  definition: OperationDefinition<Input, Output, Failure, Progress>,
): Operation<Input, Output, Failure, Progress> => ({
  ...definition,
  open: (use) => use(definition),
})
