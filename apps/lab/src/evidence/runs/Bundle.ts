/**
 * Complete runs as lines of JSON, bit for bit: a heading, then each run followed by its parts. A bundle may be untrusted.
 * Schemas with bounds read it, and a run is accepted only under the name that its key gives it.
 */
import { DataRead } from "@nonconvex/datasets/Datasets"
import { Listed } from "@nonconvex/evidence/Attempt"
import * as Reason from "@nonconvex/evidence/Reason"
import { idOf, RunKey } from "@nonconvex/runner/RunKey"
import type { Part } from "@nonconvex/runner/RunStore"
import { KeptRun, KeptSweep } from "@nonconvex/store/Runs"
import { Effect, Predicate, Schema, Stream } from "effect"

/** The file is not a bundle of runs, or is rejected. */
export class BadBundle extends Schema.TaggedError<BadBundle>()("BadBundle", {
  path: Schema.String,
  /** Line number; 0 for the whole file. */
  line: Schema.Int,
  reason: Schema.String,
}) {
  override get message(): string {
    const where = this.line === 0 ? this.path : `${this.path}, line ${this.line}`
    return `${where}: ${this.reason}; nothing is imported`
  }
}

/** A run with its parts, by their place. */
export interface Bundled {
  readonly run: KeptRun
  readonly parts: ReadonlyMap<number, Part>
}

/** Bounds on untrusted input. A line holds a part, or a run without its parts. */
const bounds = {
  characters: 2 ** 28,
  text: 100_000,
  parts: 1_000_000,
  rows: 10_000_000,
  trials: 1_000_000,
} as const

const special: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
])

const nameOf = (value: number): string | undefined => {
  if (Object.is(value, -0)) return "-0"
  return Number.isFinite(value) ? undefined : String(value)
}

/** JSON that encodes NaN, infinities and -0, which JSON lacks, as `{"$number":"NaN"}`. */
const text = (value: unknown): string =>
  `${JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Float64Array) return Array.from(each)
    const name = typeof each === "number" ? nameOf(each) : undefined
    return name === undefined ? each : { $number: name }
  })}\n`

// Texts of a stranger reach terminals, where control characters are orders; lines and tabs may be.
const steering = /[^\P{Cc}\n\t]|\p{Cf}/u

const requirePlain = (each: string): void => {
  if (each.length > bounds.text || steering.test(each)) {
    throw new Error("a text is too long, or has terminal control characters")
  }
  if (each === "__proto__") throw new Error("a field must not be named __proto__")
}

const specialOf = (each: object): number | undefined => {
  const keys = Object.keys(each)
  if (keys.length !== 1 || keys[0] !== "$number") return undefined
  const known = special.get((each as { readonly $number: string }).$number)
  if (known === undefined) throw new Error("a number is not one of NaN, Infinity and -Infinity")
  return known
}

/** Parses a line that `text` wrote. Throws on invalid JSON, and on texts that a terminal should not show. */
const read = (line: string): unknown =>
  JSON.parse(line, (key, each: unknown) => {
    requirePlain(key)
    if (typeof each === "string") requirePlain(each)
    return typeof each === "object" && each !== null ? (specialOf(each) ?? each) : each
  })

const Hash = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))
const Subject = Schema.String.check(
  Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/),
)
const Place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: bounds.parts }))
const Seconds = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const Time = Schema.String.check(Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/))

const Run = Schema.Struct({
  ...KeptRun.fields,
  id: Hash,
  key: Schema.Struct({
    ...RunKey.fields,
    subject: Subject,
    code: Hash,
    data: Schema.optionalKey(Hash),
  }),
  parts: Place,
  kept: Place,
  seconds: Seconds,
  startedAt: Time,
  endedAt: Schema.optionalKey(Time),
})

const Cell = Schema.Union([Schema.Number, Schema.String, Schema.Boolean])
const Rows = Schema.Array(Schema.Record(Schema.String, Cell)).check(Schema.isMaxLength(bounds.rows))

const PartLine = Schema.Struct({
  part: Place,
  of: Schema.Union([
    Schema.TaggedStruct("Rows", {
      seconds: Seconds,
      rows: Rows,
      data: Schema.optionalKey(Schema.Array(DataRead)),
    }),
    Schema.TaggedStruct("Searched", { seconds: Seconds, attempt: Listed }),
  ]),
})
const RunLine = Schema.Struct({ run: Run })

/** First line: the format of the file, and the sweeps that its runs belong to. */
const Heading = Schema.Struct({
  nonconvex: Schema.Literal("runs"),
  version: Schema.Literal(1),
  sweeps: Schema.Array(
    Schema.Struct({
      ...KeptSweep.fields,
      id: Hash,
      experiment: Subject,
      startedAt: Time,
      trials: Schema.Array(Hash).check(Schema.isMaxLength(bounds.trials)),
    }),
  ).check(Schema.isMaxLength(1000)),
})

const strictly = { onExcessProperty: "error" } as const
const asPartLine = Schema.decodeUnknownSync(Schema.toType(PartLine), strictly)
const asRun = Schema.decodeUnknownSync(Schema.toType(RunLine), strictly)
const asHeading = Schema.decodeUnknownSync(Schema.toType(Heading), strictly)

const asPart = (value: unknown): { readonly part: number; readonly of: Part } => {
  const { of, part } = asPartLine(value)
  if (of._tag === "Rows") return { part, of }
  const margins = Float64Array.from(of.attempt.margins)
  return { part, of: { ...of, attempt: { ...of.attempt, margins } } }
}

/** Lines of a bundle, with their line breaks. */
export const encode = <E, R>(
  sweeps: ReadonlyArray<KeptSweep>,
  bundled: Stream.Stream<Bundled, E, R>,
): Stream.Stream<string, E, R> =>
  Stream.concat(
    Stream.succeed(text({ nonconvex: "runs", version: 1, sweeps } satisfies typeof Heading.Type)),
    Stream.flatMap(bundled, ({ parts, run }) =>
      Stream.fromIterable([
        text({ run }),
        ...Array.from(parts, ([part, of]) => text({ part, of })),
      ]),
    ),
  )

interface NumberedLine {
  readonly text: string
  readonly line: number
}

/** Lines without their line breaks; fails on a line longer than the bound. */
const linesOf = <E, R>(
  path: string,
  chunks: Stream.Stream<string, E, R>,
): Stream.Stream<NumberedLine, E | BadBundle, R> =>
  Stream.mapAccumEffect(
    chunks,
    (): NumberedLine => ({ text: "", line: 1 }),
    (rest, chunk) => {
      const [first, ...others] = chunk.split("\n")
      const lines = [rest.text + first!, ...others].map((each, at) => ({
        text: each,
        line: rest.line + at,
      }))
      const long = lines.find((each) => each.text.length > bounds.characters)
      if (long !== undefined) {
        const reason = "it is longer than the limit of a part"
        return Effect.fail(new BadBundle({ path, line: long.line, reason }))
      }
      return Effect.succeed([lines.at(-1)!, lines.slice(0, -1)] as const)
    },
    { onHalt: (rest) => [rest] },
  ).pipe(Stream.filter((each) => each.text.trim() !== ""))

/** A run whose parts are being read. */
interface Open {
  readonly run: KeptRun
  readonly line: number
  readonly parts: Map<number, Part>
}

const tags = { experiment: "Rows", claim: "Searched", erratum: "Searched" } as const

/** Reason why a part does not belong to an open run, or undefined. */
const strayed = ({ parts, run }: Open, place: number, { _tag }: Part): string | undefined => {
  if (place >= run.parts) return `part ${place} does not exist among ${run.parts}`
  if (parts.has(place)) return `part ${place} occurs twice`
  return _tag === tags[run.key.kind]
    ? undefined
    : `part ${place} does not match the kind of its run`
}

/** Reason why a run with all its lines is invalid, or undefined. */
const incomplete = ({ parts, run }: Open): string | undefined => {
  const name = `run ${run.id.slice(0, 12)}`
  if (parts.size !== run.kept)
    return `${name} has ${parts.size} parts, but its header states ${run.kept}`
  const isWhole = parts.size === run.parts
  return run.status === "done" && !isWhole
    ? `${name} is marked as done, but lacks parts`
    : undefined
}

/** Reads one line by `as`, which throws if the line is invalid. */
const readLine = <Value>(path: string, line: NumberedLine, as: (value: unknown) => Value) =>
  Effect.try({
    try: () => as(read(line.text)),
    catch: (cause) =>
      new BadBundle({
        path,
        line: line.line,
        // the stack of the parser or of the schema is full
        reason:
          cause instanceof RangeError
            ? "its lists and objects are nested too deeply"
            : Reason.of(cause),
      }),
  })

const headingOf = (path: string, line: NumberedLine) =>
  readLine(path, line, (value) => {
    const isBundle = Predicate.hasProperty(value, "nonconvex") && value.nonconvex === "runs"
    if (!isBundle) throw new Error("it is not a file of runs from nonconvex export jsonl")
    return asHeading(value)
  })

/** Sweeps of the runs in a bundle; empty for an empty file. Fails with BadBundle. */
export const sweepsOf = <E, R>(
  path: string,
  chunks: Stream.Stream<string, E, R>,
): Effect.Effect<ReadonlyArray<KeptSweep>, E | BadBundle, R> =>
  linesOf(path, chunks).pipe(
    Stream.take(1),
    Stream.mapEffect((line) => headingOf(path, line)),
    Stream.runFold(
      (): ReadonlyArray<KeptSweep> => [],
      (_, { sweeps }) => sweeps,
    ),
  )

type State =
  | { readonly _tag: "Heading" }
  | { readonly _tag: "Runs"; readonly open: Open | undefined }

/** Processes one line: returns the new state, and the run that ended before this line. */
const take = Effect.fnUntraced(function* (path: string, state: State, line: NumberedLine) {
  const refuse = (reason: string) => new BadBundle({ path, line: line.line, reason })
  if (state._tag === "Heading") {
    yield* headingOf(path, line)
    return [{ _tag: "Runs", open: undefined } satisfies State, []] as const
  }
  const found = yield* readLine(path, line, (value) =>
    Predicate.hasProperty(value, "run") ? asRun(value) : asPart(value),
  )
  const { open } = state
  if ("run" in found) {
    const { run } = found
    if ((yield* idOf(run.key)) !== run.id) {
      return yield* refuse(`run ${run.id.slice(0, 12)} has an id that does not match its content`)
    }
    const next = { run, line: line.line, parts: new Map() } satisfies Open
    return [{ _tag: "Runs", open: next } satisfies State, open === undefined ? [] : [open]] as const
  }
  if (open === undefined) return yield* refuse("a part precedes the first run")
  const why = strayed(open, found.part, found.of)
  if (why !== undefined) return yield* refuse(why)
  open.parts.set(found.part, found.of)
  return [state, []] as const
})

/**
 * Runs of a bundle, one after another. Fails with BadBundle at the first malformed line. Earlier runs have been emitted by
 * then, so importers read all runs first.
 */
export const decode = <E, R>(
  path: string,
  chunks: Stream.Stream<string, E, R>,
): Stream.Stream<Bundled, E | BadBundle, R> =>
  linesOf(path, chunks).pipe(
    Stream.mapAccumEffect(
      (): State => ({ _tag: "Heading" }),
      (state, line) => take(path, state, line),
      {
        onHalt: (state) => (state._tag === "Runs" && state.open !== undefined ? [state.open] : []),
      },
    ),
    Stream.mapEffect((open) => {
      const reason = incomplete(open)
      return reason === undefined
        ? Effect.succeed(open)
        : Effect.fail(new BadBundle({ path, line: open.line, reason }))
    }),
  )
