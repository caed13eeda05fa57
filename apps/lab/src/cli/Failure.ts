/**
 * Failures of commands, and the exit codes of the process. An error whose class gives no code (`Runtime.errorExitCode`) is a
 * usage or input error.
 */
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import { harmless } from "./ControlCharacters.ts"

/** Error of a command: the program prints its message, and its class may give the exit code. */
export interface CommandError {
  readonly _tag: string
  readonly message: string
}

/** Work whose errors are only reported, so they leave its type. */
export const reported = <A, E extends CommandError, R>(
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, CommandError, R> => work

/** No system, claim, erratum or experiment has this name. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  kind: Schema.String,
  name: Schema.String,
  suggestions: Schema.Array(Schema.String),
  /** Command that lists the available names. */
  list: Schema.String,
}) {
  override get message(): string {
    const next =
      this.suggestions.length > 0
        ? `did you mean ${this.suggestions.join(" or ")}?`
        : `see ${this.list}`
    return `no ${this.kind} is named "${this.name}"; ${next}`
  }
}

/** A flag that has no effect where it was given. */
export class Misfit extends Schema.TaggedError<Misfit>()("Misfit", {
  flag: Schema.String,
  needs: Schema.String,
}) {
  override get message(): string {
    return `--${this.flag} ${this.needs.startsWith("no ") ? "allows" : "needs"} ${this.needs}`
  }
}

/** The folder of data sets is not there. */
export class NoFolder extends Schema.TaggedError<NoFolder>()("NoFolder", {
  path: Schema.String,
}) {
  override get message(): string {
    return `--data ${this.path}: no such folder; give one with the four IDX files of Fashion-MNIST or the six binary files of CIFAR-10, or omit the flag to use the bundled data`
  }
}

/** The folder of data sets lacks one of its files. */
export class IncompleteFolder extends Schema.TaggedError<IncompleteFolder>()("IncompleteFolder", {
  path: Schema.String,
  file: Schema.String,
  of: Schema.Literals(["Fashion-MNIST", "CIFAR-10"]),
}) {
  override get message(): string {
    const [lack, all] =
      this.of === "CIFAR-10"
        ? [this.file, "the six files of the binary version of CIFAR-10"]
        : [`${this.file} or ${this.file}.gz`, "the four IDX files of Fashion-MNIST"]
    return `--data ${this.path}: it has no ${lack}; put ${all} there, or omit the flag to use the bundled data`
  }
}

/** A file or folder that a command must write, and cannot. */
export class Unwritable extends Schema.TaggedError<Unwritable>()("Unwritable", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be written (${this.reason}); choose another place`
  }
}

/** A file that holds something else than the command expects. */
export class UnreadableResults extends Schema.TaggedError<UnreadableResults>()(
  "UnreadableResults",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}; nonconvex reproduce writes it`
  }
}

/** Nothing has been stored yet. */
export class NoStore extends Schema.TaggedError<NoStore>()("NoStore", { place: Schema.String }) {
  override get message(): string {
    return `${this.place}: no saved runs yet; nonconvex run, verify, reproduce and sweep save their results there`
  }
}

/** Verdicts that contradict what the project states: falsified, toothless, broken, undecided, unrefuted. */
export class Contradicted extends Schema.TaggedError<Contradicted>()("Contradicted", {
  ids: Schema.Array(Schema.String),
  total: Schema.Int,
}) {
  override get [Runtime.errorExitCode](): number {
    return 2
  }

  override get message(): string {
    return `${this.ids.length} of ${this.total} statements do not have the expected verdict: ${this.ids.join(", ")}`
  }
}

/** Experiments that failed, or whose expectations were not met. */
export class RunFailed extends Schema.TaggedError<RunFailed>()("RunFailed", {
  reasons: Schema.Array(Schema.String),
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return this.reasons.join("; ")
  }
}

/** The machine lacks something that the project needs. */
export class Unfit extends Schema.TaggedError<Unfit>()("Unfit", {
  names: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `this machine does not meet the requirements: ${this.names.join(", ")}`
  }
}

/** Exit code by which shells report Ctrl-C. */
export const interrupted = 130

/** Signals that interrupt a command, with the exit codes by which shells report them. */
export const codeOfSignal = { SIGINT: interrupted, SIGTERM: 143, SIGHUP: 129 } as const
export type Signal = keyof typeof codeOfSignal
export const signals = Object.keys(codeOfSignal) as ReadonlyArray<Signal>

/** A defect: the program is wrong, not its user. */
const defect = 3

/**
 * 0 fine, 1 usage or input, 2 a statement contradicted, 3 a run failed, 130 interrupted; the process replaces 130 by the code
 * of its signal.
 */
export const exitCode = (exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit)) return 0
  const reason = exit.cause.reasons.find(Cause.isFailReason)
  if (reason === undefined) return Cause.hasInterruptsOnly(exit.cause) ? interrupted : defect
  return Runtime.getErrorExitCode(reason.error)
}

/**
 * Puts a message on one line, whatever the error contains. Escapes terminal control sequences, since a message may quote
 * untrusted text.
 */
export const oneLine = (message: string): string =>
  harmless(message.replaceAll(/\s*\n\s*/g, " ").trim())
