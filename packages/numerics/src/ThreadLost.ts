import * as Schema from "effect/Schema"

/**
 * A thread of `SharedKernels` ended during an operation after it had changed the inputs. The output of that operation is
 * incomplete; the kernels continue with the other threads. `thread` is its number, starting from 1.
 */
export class ThreadLost extends Schema.TaggedError<ThreadLost>()("ThreadLost", {
  thread: Schema.Number,
  threads: Schema.Number,
}) {
  override get message(): string {
    return `thread ${this.thread} of ${this.threads} ended during an operation, whose result is incomplete; repeat it from the original operands`
  }
}
