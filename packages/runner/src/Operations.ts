import type { Operation, OperationDefinition } from "@nonconvex/problems/Operation"
import type { Home } from "@nonconvex/evidence/System"
import { Effect, Schema } from "effect"
import { Compute, perform } from "./Compute.ts"
import type { JobFailure, OperationFailed } from "./JobFailure.ts"

/** Errors of the operations of a system, in addition to their own. */
export type OperationFault = Exclude<JobFailure, OperationFailed>

/**
 * Runs an operation of `system` on the program's computing power: typed input, output, progress and errors on any thread.
 *
 * @example
 * ```ts no-run: needs a system
 * const answer = yield* operate(system, solve, { payoffs, rows, columns }, (progress) => meter.done(progress.steps))
 * ```
 */
export const operate = Effect.fn("operate")(function* <Input, Output, Failure, Progress>(
  system: Home,
  operation: Omit<OperationDefinition<Input, Output, Failure, Progress>, "run">,
  input: Input,
  onProgress?: (progress: Progress) => void,
): Effect.fn.Return<Output, Failure | OperationFault, Compute> {
  const decodeProgress = Schema.decodeUnknownSync(operation.progress)
  const { output } = yield* perform(
    system,
    { _tag: "Operate", id: operation.id, input: Schema.encodeSync(operation.input)(input) },
    "Operated",
    (each) => {
      if (each._tag === "Reported") onProgress?.(decodeProgress(each.progress))
    },
  ).pipe(
    Effect.catchTag("OperationFailed", ({ error }) =>
      Effect.fail(Schema.decodeUnknownSync(operation.failure)(error)),
    ),
  )
  return Schema.decodeUnknownSync(operation.output)(output)
})

/** An operation as a method of a service. */
export type Performed<Work> =
  Work extends Operation<infer Input, infer Output, infer Failure, infer Progress>
    ? (
        input: Input,
        onProgress?: (progress: Progress) => void,
      ) => Effect.Effect<Output, Failure | OperationFault>
    : never

/**
 * Makes the operations of `system` methods of its service: each has the computing power of the program that makes the service.
 */
export const performer = (system: Home) =>
  Effect.map(
    Compute,
    (compute) =>
      <Input, Output, Failure, Progress>(
        operation: Operation<Input, Output, Failure, Progress>,
      ): Performed<Operation<Input, Output, Failure, Progress>> =>
      (input, onProgress) =>
        Effect.provideService(operate(system, operation, input, onProgress), Compute, compute),
  )
