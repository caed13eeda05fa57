/** A program that evaluates a loss over its standard input and output. */
import { quote } from "@nonconvex/datasets/Quote"
import { Data, Duration, Effect, type Scope, Schema } from "effect"
import { spawn } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import { wordsOf } from "../oracle/CommandLine.ts"
import * as Protocol from "../oracle/Protocol.ts"
import * as ChildProgram from "./ChildProgram.ts"

/** A program that cannot be reached, or that violates the protocol of docs/oracle.md. */
export class OracleFailed extends Schema.TaggedError<OracleFailed>()("OracleFailed", {
  program: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `--oracle ${quote(this.program)}: ${this.reason}`
  }
}

/** A running program that awaits requests. */
export interface Oracle extends Protocol.Greeting {
  /** Point to certify, with finite numbers. */
  readonly point: Float64Array
  /**
   * Requests the gradient at `numbers`, which is written to `out`, and returns the loss. Or requests the product of the Hessian
   * at the last such point with `numbers`.
   */
  readonly ask: (
    kind: Protocol.Kind,
    numbers: Float64Array,
    out: Float64Array,
  ) => Effect.Effect<number, OracleFailed>
}

type Child = ChildProgram.ChildProgram<Writable, Readable>

/** The program ended, for a reason not yet known; `received` counts its bytes since its last answer. */
class Ended extends Data.TaggedError("Ended")<{ readonly received: number }> {}

const start = Effect.fnUntraced(function* (program: string) {
  const failed = (reason: string) => new OracleFailed({ program, reason })
  const words = wordsOf(program)
  if (words === undefined) return yield* failed("a quote in it is not closed")
  const child = yield* ChildProgram.start(words, (word, args, options) =>
    spawn(word, args, { ...options, stdio: ["pipe", "pipe", "inherit"] }),
  ).pipe(Effect.mapError(({ reason }) => failed(reason)))
  child.stdin.on("error", () => {
    // it reads no more: what it has written, or its end, says why
  })
  return child
})

/** Fills arrays with the output of a program as it arrives. */
const intake = (
  child: Child,
  wait: Duration.Duration,
  failed: (reason: string) => OracleFailed,
) => {
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  let rest: Uint8Array = new Uint8Array(0)
  const more = (received: number, expected: number) =>
    Effect.tryPromise({
      try: () => chunks.next(),
      catch: () => new Ended({ received }),
    }).pipe(
      Effect.filterOrFail(
        ({ done }) => done !== true,
        () => new Ended({ received }),
      ),
      Effect.map(({ value }) => value as Uint8Array),
      Effect.timeoutOrElse({
        duration: wait,
        orElse: () =>
          Effect.fail(
            failed(
              `it wrote ${received} of ${expected} bytes, then nothing for ${Duration.toSeconds(wait)} s; check whether it waits for input, or raise --oracle-timeout`,
            ),
          ),
      }),
    )
  /** Fills `target` from `from` on. */
  const fill = Effect.fnUntraced(function* (target: Uint8Array, from = 0) {
    let at = from
    for (;;) {
      const taken = rest.subarray(0, target.length - at)
      target.set(taken, at)
      at += taken.length
      rest = rest.subarray(taken.length)
      if (at === target.length) return target
      rest = yield* more(at, target.length)
    }
  })
  return {
    fill,
    /** Fills the first bytes of a greeting or an answer, and checks them as soon as four are there. */
    begin: Effect.fnUntraced(function* (target: Uint8Array, of: "greeting" | "answer") {
      yield* fill(target.subarray(0, 4))
      const seen = Buffer.concat([target.subarray(0, 4), rest])
      yield* attempted(failed, () => Protocol.requireBeginning(seen, of))
      return yield* fill(target, 4)
    }),
  }
}

const attempted = <A>(failed: (reason: string) => OracleFailed, decode: () => A) =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(decode())
    } catch (error) {
      if (!(error instanceof Protocol.Malformed)) throw error
      return Effect.fail(failed(error.message))
    }
  })

/**
 * Index of the first number that is not finite; -1 if there is none. For millions of numbers, a function call for each takes
 * longer than sending them.
 */
const firstNotFinite = (numbers: Float64Array): number => {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i]!)) return i
  return -1
}

/**
 * Starts a program and reads its greeting and its point. `command` is split by `wordsOf`, without a shell. Its standard error
 * goes to that of this program. It fails with OracleFailed if the program cannot be started, ends, is silent for `wait`, or
 * violates docs/oracle.md. The program ends with its scope, within a second.
 */
export const open = Effect.fn("Oracle.open")(function* (
  command: string,
  wait: Duration.Duration,
): Effect.fn.Return<Oracle, OracleFailed, Scope.Scope> {
  const failed = (reason: string) => new OracleFailed({ program: command, reason })
  const child = yield* start(command)
  const { begin, fill } = intake(child, wait, failed)
  let answers = 0
  const ending = <A>(work: Effect.Effect<A, Ended | OracleFailed>) =>
    Effect.catchTag(work, "Ended", ({ received }) =>
      Effect.flatMap(
        Effect.promise(() => ChildProgram.endOf(child)),
        (how) => {
          const when = answers === 0 ? "before it answered anything" : `after ${answers} answers`
          const part = received === 0 ? "" : `, ${received} bytes into one`
          return Effect.fail(failed(`${how}, ${when}${part}; see its standard error`))
        },
      ),
    )

  const greet = Effect.gen(function* () {
    const bytes = yield* begin(new Uint8Array(Protocol.greetingBytes), "greeting")
    const greeting = yield* attempted(failed, () => Protocol.decodeGreeting(bytes))
    const { dimension, width } = greeting
    const point = new Float64Array(dimension)
    const numbers = yield* fill(new Uint8Array(Protocol.vectorBytes(dimension, width)))
    Protocol.decodeVector(numbers, 0, width, point)
    const bad = firstNotFinite(point)
    if (bad >= 0) return yield* failed(`parameter ${bad} of its point is ${point[bad]}`)
    return { greeting, point }
  })
  const { greeting, point } = yield* ending(greet)
  const { width } = greeting

  const ask: Oracle["ask"] = (kind, numbers, out) =>
    ending(
      Effect.gen(function* () {
        // read while it is written: a program may answer before it has read all
        child.stdin.write(Protocol.encodeRequest(kind, numbers, width))
        const header = yield* begin(new Uint8Array(Protocol.headerBytes), "answer")
        const answer = yield* attempted(failed, () => Protocol.decodeAnswer(header, kind, greeting))
        const bytes = yield* fill(new Uint8Array(answer.bytes))
        if (answer.kind === "failure") {
          return yield* failed(`it says: ${new TextDecoder().decode(bytes)}`)
        }
        const isGradient = kind === "gradient"
        Protocol.decodeVector(bytes, isGradient ? 8 : 0, width, out)
        const loss = isGradient ? Protocol.decodeLoss(bytes) : 0
        // where the loss overflows, so may its gradient
        const bad = Number.isFinite(loss) ? firstNotFinite(out) : -1
        if (bad >= 0) return yield* failed(`number ${bad} of its ${kind} is ${out[bad]}`)
        answers++
        return loss
      }),
    )
  return { ...greeting, point, ask }
})
