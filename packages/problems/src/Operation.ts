/** Operations: long work on the user's own data, from data to data. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** The kernels that an operation computes with, and the observer of its progress. */
export interface OperationContext<Progress> {
  readonly kernels: Kernels.Kernels
  readonly report: (progress: Progress) => void
}

/**
 * Definition of an operation: its schemas, and the function from input to output.
 *
 * Input, output, errors and progress are data with a schema, so any thread can do the work; interruption and timing are
 * handled by the caller. They may contain typed arrays (`Schema.instanceOf(Float64Array)`), which are sent to threads
 * without conversion. `Needs` names required capabilities in addition to kernels, such as data or a source of entropy: see
 * `provide`.
 */
export interface OperationDefinition<Input, Output, Failure, Progress, Needs = unknown> {
  /** `<package>/<verb>`. */
  readonly id: string
  readonly input: Schema.Codec<Input, unknown>
  readonly output: Schema.Codec<Output, unknown>
  /** Errors that `run` may throw; any other exception is a defect. */
  readonly failure: Schema.Codec<Failure, unknown>
  readonly progress: Schema.Codec<Progress, unknown>
  /** Plain function, which may call `report` any number of times. */
  readonly run: (input: Input, context: OperationContext<Progress> & Needs) => Output
}

/** Operation with hidden types, for lists of operations. */
export interface AnyOperation {
  readonly id: string
  readonly open: <Result>(
    use: <Input, Output, Failure, Progress>(
      definition: OperationDefinition<Input, Output, Failure, Progress>,
    ) => Result,
  ) => Result
}

/** Operations of a package, which a job finds by package, version and module. */
export interface Catalogue {
  /** The package name without its scope. */
  readonly id: string
  /** Name and version of the package of the operations, by which jobs refer to them. */
  readonly package: string
  readonly version: string
  readonly operations: ReadonlyArray<AnyOperation>
  /**
   * URL of the module that exports this value as `system` (`import.meta.url`), from which a thread recreates it. Without it,
   * or if the module exports another value, the work stays on its own thread.
   */
  readonly module?: string
}

/** Operation: called with data, it does its work on this thread; a `Compute` of @nonconvex/runner does it anywhere. */
export interface Operation<Input, Output, Failure, Progress>
  extends OperationDefinition<Input, Output, Failure, Progress>, AnyOperation {
  /** Does the work on this thread, by default on its strict kernels. Throws InvalidInput and the errors of `failure`. */
  (input: Input, context?: Partial<OperationContext<Progress>>): Output
}

/**
 * Makes an operation of its definition.
 *
 * @example
 * ```ts import.meta.vitest
 * import { operation } from "@nonconvex/problems/Operation"
 * import { Schema } from "effect"
 *
 * const norm = operation({
 *   id: "example/norm",
 *   input: Schema.NonEmptyArray(Schema.Finite),
 *   output: Schema.Finite,
 *   failure: Schema.Never,
 *   progress: Schema.Never,
 *   run: (entries, { kernels }) => kernels.norm(Float64Array.from(entries)),
 * })
 * norm([3, 4]) // => 5
 * ```
 */
export const operation = <Input, Output, Failure, Progress>(
  definition: OperationDefinition<Input, Output, Failure, Progress>,
): Operation<Input, Output, Failure, Progress> => {
  const { id, input, run } = definition
  const check = Schema.decodeUnknownResult(Schema.toType(input))
  const call = (
    given: Input,
    {
      kernels = Kernels.standard(),
      report = () => undefined,
    }: Partial<OperationContext<Progress>> = {},
  ): Output => {
    const checked = check(given)
    if (Result.isFailure(checked)) {
      return invalid(id, checked.failure.message.replaceAll(/\n\s*/g, " "), {})
    }
    return run(given, { kernels, report })
  }
  return Object.assign(call, {
    ...definition,
    open: <Made>(
      use: (definition: OperationDefinition<Input, Output, Failure, Progress>) => Made,
    ) => use(definition),
  })
}

/** Makes an operation that needs capabilities in addition to kernels, which `provide` supplies. */
export const provide = <Input, Output, Failure, Progress, Needs extends object>(
  definition: OperationDefinition<Input, Output, Failure, Progress, Needs>,
  needs: Needs,
): Operation<Input, Output, Failure, Progress> =>
  operation({
    ...definition,
    run: (input, context) => definition.run(input, { ...context, ...needs }),
  })
