/** The command line as a process: errors of one line on standard error, and exit codes. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import { createRequire } from "node:module"
import process from "node:process"
import * as Defaults from "./Defaults.ts"
import {
  codeOfSignal,
  exitCode,
  interrupted,
  oneLine,
  type Signal,
  signals as heeded,
} from "./Failure.ts"
import * as ControlCharacters from "./ControlCharacters.ts"
import { lab } from "./Lab.ts"
import * as MissingArguments from "./MissingArguments.ts"
import { Progress } from "./Progress.ts"
import type { Systems } from "../evidence/Systems.ts"

const { version } = createRequire(import.meta.url)("@nonconvex/lab/package.json") as {
  readonly version: string
}

const suggestionsOf = (error: CliError.NonShowHelpErrors): ReadonlyArray<string> =>
  "suggestions" in error ? error.suggestions : []

/** Shortens a message of the schema: the expectation, without its context on the command line. */
const plain = (message: string): string =>
  oneLine(message).replace("Expected: Schema validation failed: ", "")

const describe = (error: CliError.NonShowHelpErrors): string => {
  const suggestions = suggestionsOf(error)
  return suggestions.length === 0
    ? plain(error.message)
    : `${error.message.split("\n", 1)[0]!}; did you mean ${suggestions.join(" or ")}?`
}

/** Prints the help on request, and one line that points to it after an invalid invocation. */
const presenterOf = (args: ReadonlyArray<string>): CliOutput.Presenter => ({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(
          `${event.commandPath.join(" ")}: ${MissingArguments.sentence(event, Defaults.required(event.helpDoc), args) ?? event.errors.map(describe).join("; ")} (help: ${event.commandPath.join(" ")} --help)`,
        )
      : CliOutput.defaultPresenter.present(
          event._tag === "Help" ? { ...event, helpDoc: Defaults.shownIn(event.helpDoc) } : event,
        ),
})

const isPresented = (error: unknown): boolean => Predicate.isTagged(error, "ShowHelp")

const report = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  const failure = cause.reasons.find(Cause.isFailReason)
  if (failure !== undefined) {
    if (isPresented(failure.error)) return Effect.void
    const { error } = failure
    return Console.error(
      `nonconvex: ${oneLine(error instanceof Error ? error.message : String(error))}`,
    )
  }
  return Cause.hasInterruptsOnly(cause)
    ? Effect.void
    : Console.error(`nonconvex: this is a bug in nonconvex\n${Cause.pretty(cause)}`)
}

/** Seeds such as `-3..-1` are values of the preceding flag, not flags. */
const withSeeds = (args: ReadonlyArray<string>): ReadonlyArray<string> =>
  args.flatMap((arg, at) => {
    if (arg === "--seeds" && at + 1 < args.length) return []
    return args[at - 1] === "--seeds" ? [`--seeds=${arg}`] : [arg]
  })

/** Command line on `args` as an effect: reports a failure in one line, and fails with it. */
export const program = (args: ReadonlyArray<string>) =>
  Command.runWith(lab, { version })(withSeeds(args)).pipe(
    Effect.provide(CliOutput.layerPresenter(presenterOf(args))),
    Effect.tapCause(report),
    Effect.provideServiceEffect(Console.Console, ControlCharacters.console),
  )

const platform = Layer.mergeAll(Progress.layer, TerminalCapabilities.layer).pipe(
  Layer.provideMerge(NodeServices.layer),
)

/** Milliseconds after the end of a command before its process is ended by force; fewer if someone is waiting. */
const patience = { ended: 1000, interrupted: 250 } as const

/**
 * Ends the process if something other than output still keeps it alive. An interrupted program ends by the signal itself,
 * without waiting. `process.exit` would wait for a thread that is in a system call.
 */
const leave = (signal: Signal | undefined): void => {
  if (process.stdout.writableLength === 0) {
    if (signal === undefined) process.exit()
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  }
  setTimeout(leave, patience.ended, signal).unref()
}

/** Signals received so far, the first of which decides how the process ends. A closed terminal (SIGHUP) interrupts as SIGTERM does. */
const received = (): { first: Signal | undefined; readonly unhear: () => void } => {
  const hear = (signal: NodeJS.Signals): void => {
    heard.first ??= signal as Signal
    if (signal === "SIGHUP") process.emit("SIGTERM", "SIGTERM")
  }
  const heard = {
    first: undefined as Signal | undefined,
    unhear: () => {
      for (const signal of heeded) process.off(signal, hear)
    },
  }
  for (const signal of heeded) process.on(signal, hear)
  // a terminal that is closed takes no progress
  process.stderr.on("error", () => undefined)
  return heard
}

/**
 * Runs the command line as this process, over the given systems, and ends the process with its exit code.
 *
 * `run(process.argv.slice(2), Systems.layer)` is `nonconvex`; `Systems.layerOf([...])` is a lab of your own.
 */
export const run = (args: ReadonlyArray<string>, systems: Layer.Layer<Systems>): void => {
  let unwritten: number | undefined
  const signals = received()
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (unwritten !== undefined || signals.first !== undefined) return
    // A reader that has seen enough, such as `head`, is no failure; a full disk is one.
    unwritten = code === "EPIPE" ? 0 : 1
    if (unwritten === 1) {
      process.stderr.write(`nonconvex: the output could not be written: ${message}\n`)
    }
    process.exitCode = unwritten
    process.emit("SIGTERM")
  })
  NodeRuntime.runMain(Effect.provide(program(args), Layer.merge(systems, platform)), {
    disableErrorReporting: true,
    // process.exit waits for threads of V8 that may wait for the thread it blocks (nodejs/node#54918): on a busy machine one of thirty
    // commands that failed never ended. A process without work ends by itself.
    teardown: (exit) => {
      signals.unhear()
      const code = unwritten ?? exitCode(exit)
      const signal = code === interrupted ? (signals.first ?? "SIGINT") : undefined
      process.exitCode = signal === undefined ? code : codeOfSignal[signal]
      const wait = signal === undefined ? patience.ended : patience.interrupted
      setTimeout(leave, wait, signal).unref()
    },
  })
}
