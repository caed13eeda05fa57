/** A program of the user, started from a list of words and ended with all that it has started. */
import { quote } from "@nonconvex/datasets/Quote"
import { Effect, Schema, type Scope } from "effect"
import type { ChildProcess, SpawnOptions } from "node:child_process"
import { once } from "node:events"
import process from "node:process"
import type { Readable, Writable } from "node:stream"
import { setTimeout } from "node:timers/promises"

/** A program that cannot be started. */
export class NotStarted extends Schema.TaggedError<NotStarted>()("NotStarted", {
  reason: Schema.String,
}) {}

/** A program under way, with the pipes that it was given. */
export type ChildProgram<
  In extends Writable | null = Writable | null,
  Out extends Readable | null = Readable | null,
> = ChildProcess & { readonly stdin: In; readonly stdout: Out }

/** Milliseconds for a program to end by itself, and again after a request to end. */
const patience = 500

const whyNotStarted = (word: string, { code, message }: NodeJS.ErrnoException): string => {
  if (code === "ENOENT") {
    return `there is no program ${quote(word)}; give its path, then its arguments: the command does not pass through a shell`
  }
  return code === "EACCES"
    ? `${quote(word)} is not executable; put its interpreter before it, as in "python model.py"`
    : `it cannot be started (${message})`
}

const signalled = (child: ChildProgram, signal: NodeJS.Signals): void => {
  try {
    if (process.platform === "win32") child.kill(signal)
    // and what it has started
    else process.kill(-child.pid!, signal)
  } catch {
    // it has ended meanwhile
  }
}

const hasEnded = (child: ChildProgram): boolean =>
  child.exitCode !== null || child.signalCode !== null

/** Waits for the end of a program, for at most `patience`. */
const awaited = async (child: ChildProgram): Promise<void> => {
  if (hasEnded(child)) return
  const late = new AbortController()
  const { signal } = late
  await Promise.race([setTimeout(patience, undefined, { signal }), once(child, "exit", { signal })])
  late.abort()
}

/** Tests whether a program, or anything in its group that it has started, still runs. */
const isRunning = (child: ChildProgram): boolean => {
  if (process.platform === "win32") return !hasEnded(child)
  try {
    return process.kill(-child.pid!, 0)
  } catch {
    return false
  }
}

/** Ends a program with all that it has started: by closing its pipes, then by a request, then by force. */
const end = async (child: ChildProgram): Promise<void> => {
  child.stdin?.destroy()
  child.stdout?.destroy()
  child.stderr?.destroy()
  // one that reads its input ends by itself
  if (child.stdin !== null) await awaited(child)
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isRunning(child)) return
    signalled(child, signal)
    for (let waited = 0; isRunning(child) && waited < patience; waited += 10) await setTimeout(10)
  }
}

/** Options that every program is spawned with. */
type Given = Pick<SpawnOptions, "detached" | "windowsHide">

/**
 * Starts a program in a process group of its own. `spawn` makes the process with its pipes, from the first word, the other
 * words and these options. The program ends with its scope, within a second. Fails with NotStarted.
 */
export const start = Effect.fn("ChildProgram.start")(function* <Child extends ChildProgram>(
  [word, ...args]: ReadonlyArray<string>,
  spawn: (word: string, args: ReadonlyArray<string>, options: Given) => Child,
): Effect.fn.Return<Child, NotStarted, Scope.Scope> {
  if (word === undefined) {
    const reason = `it does not name a program; give one, as in "python model.py"`
    return yield* new NotStarted({ reason })
  }
  return yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        // its own group: Ctrl-C is for this program, which then ends that one
        const child = spawn(word, args, { detached: true, windowsHide: true })
        await once(child, "spawn")
        return child
      },
      catch: (error) =>
        new NotStarted({ reason: whyNotStarted(word, error as NodeJS.ErrnoException) }),
    }),
    (child) => Effect.promise(() => end(child)),
  )
})

/** Describes how a program ended; undefined if it ended well. */
export const failureOf = ({ exitCode, signalCode }: ChildProgram): string | undefined => {
  if (signalCode !== null) return `it was terminated by ${signalCode}`
  return exitCode === 0 || exitCode === null ? undefined : `it exited with code ${exitCode}`
}

/** Describes the end of a program that has closed its output. */
export const endOf = async (child: ChildProgram): Promise<string> => {
  await awaited(child)
  if (child.exitCode === 0) return "it exited with code 0"
  return failureOf(child) ?? "it closed its standard output"
}
