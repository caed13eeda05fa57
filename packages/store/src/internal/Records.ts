/** Rows of the tables and their meaning. */
import { sha256 } from "@nonconvex/datasets/Dataset"
import { canonical, type RunKey } from "@nonconvex/runner/RunKey"
import { Checkpoint } from "@nonconvex/runner/Checkpoint"
import { Outcome, type Part } from "@nonconvex/runner/RunStore"
import { Clock, DateTime, Effect, Option, Schema } from "effect"
import { KeptRun, type KeptSweep, Provenance } from "../Runs.ts"
import * as Parts from "./Parts.ts"
import * as Text from "./Text.ts"

/** A run as stored in its table, without its provenance. */
export interface RunRecord {
  readonly id: string
  readonly kind: RunKey["kind"]
  readonly subject: string
  readonly config: string
  /** PostgreSQL returns it as text. */
  readonly seed: number | string
  readonly kernels: RunKey["kernels"]
  readonly data: string | null
  readonly code: string
  readonly parts: number
  readonly status: KeptRun["status"]
  readonly started_at: string
  readonly ended_at: string | null
  readonly outcome: string | null
}

/** A provenance, and the SHA-256 of its content. */
export interface ProvenanceRecord {
  readonly digest: string
  readonly content: string
}

/** A part as stored in its table, without its provenance. */
export interface PartRecord {
  readonly run: string
  readonly place: number
  readonly seconds: number
  readonly kept_at: string
  readonly digest: string
  readonly content: Uint8Array
}

/** Saved state of an unfinished part, as its table has it. */
export interface CheckpointRecord {
  readonly run: string
  readonly place: number
  readonly seconds: number
  readonly digest: string
  readonly content: string
}

let latest = { millis: NaN, text: "" }

/** Coordinated universal time, ISO 8601; formatted once per millisecond. */
export const now = Effect.map(Clock.currentTimeMillis, (millis) => {
  if (millis !== latest.millis) {
    latest = { millis, text: DateTime.formatIso(DateTime.makeUnsafe(millis)) }
  }
  return latest.text
})

const encodeOutcome = Schema.encodeSync(Schema.toCodecJson(Outcome))
const decodeRun = Schema.decodeUnknownSync(Schema.toCodecJson(KeptRun))
const decodeProvenance = Schema.decodeUnknownSync(Provenance)

/** Validates the content of a database; undefined if it was altered. */
const undamaged =
  <A, B>(read: (from: A) => B) =>
  (from: A): B | undefined =>
    Option.getOrUndefined(Option.liftThrowable(read)(from))

export const outcomeText = (outcome: Outcome): string => Text.of(encodeOutcome(outcome))

export const provenanceOf = Effect.fnUntraced(function* (
  provenance: Provenance,
): Effect.fn.Return<ProvenanceRecord> {
  const content = canonical(Schema.encodeSync(Provenance)(provenance))
  return { digest: yield* sha256(content), content }
})

export const readProvenance = undamaged((content: string): Provenance =>
  decodeProvenance(Text.read(content)),
)

/** A run that begins. */
export const begun = (
  id: string,
  { code, config, data, kernels, kind, seed, subject }: RunKey,
  parts: number,
  startedAt: string,
): RunRecord => ({
  id,
  kind,
  subject,
  config: canonical(config),
  seed,
  kernels,
  data: data ?? null,
  code,
  parts,
  status: "unfinished",
  started_at: startedAt,
  ended_at: null,
  outcome: null,
})

/** A run with the related rows of the other tables. */
export interface CountedRun extends RunRecord {
  readonly kept: number | string
  readonly seconds: number
  readonly differences: number | string
  readonly provenance_content: string
}

export const keptRun = undamaged((record: CountedRun): KeptRun =>
  decodeRun({
    id: record.id,
    key: {
      kind: record.kind,
      subject: record.subject,
      config: Text.read(record.config),
      seed: Number(record.seed),
      kernels: record.kernels,
      ...(record.data === null ? {} : { data: record.data }),
      code: record.code,
    },
    parts: record.parts,
    kept: Number(record.kept),
    status: record.status,
    ...(record.outcome === null ? {} : { outcome: Text.read(record.outcome) }),
    seconds: record.seconds,
    startedAt: record.started_at,
    ...(record.ended_at === null ? {} : { endedAt: record.ended_at }),
    provenance: Text.read(record.provenance_content),
    differences: Number(record.differences),
  }),
)

/** A sweep of its texts. */
export const keptSweep = undamaged(
  ({ spec, ...rest }: Omit<KeptSweep, "spec"> & { readonly spec: string }): KeptSweep => ({
    ...rest,
    spec: Text.read(spec),
  }),
)

export const partRecord = Effect.fnUntraced(function* (
  { id: run }: RunRecord,
  place: number,
  part: Part,
  keptAt: string,
): Effect.fn.Return<PartRecord> {
  const content = Parts.write(part)
  const digest = yield* sha256(content)
  return { run, place, seconds: part.seconds, kept_at: keptAt, digest, content }
})

export const checkpointRecord = Effect.fnUntraced(function* (
  run: string,
  place: number,
  { seconds, snapshot }: Checkpoint,
): Effect.fn.Return<CheckpointRecord> {
  const content = Text.of(snapshot)
  return { run, place, seconds, digest: yield* sha256(content), content }
})

const decodeCheckpoint = Schema.decodeUnknownSync(Checkpoint)
const checkpointIn = undamaged(({ content, seconds }: CheckpointRecord) =>
  decodeCheckpoint({ snapshot: Text.read(content), seconds }),
)

/** Reads a saved state; undefined where its content was altered. */
export const readCheckpoint = Effect.fnUntraced(function* (
  record: CheckpointRecord,
): Effect.fn.Return<Checkpoint | undefined> {
  return (yield* sha256(record.content)) === record.digest ? checkpointIn(record) : undefined
})

type Content = Pick<PartRecord, "content" | "digest" | "seconds">

const partIn = undamaged(({ content, seconds }: Content) => Parts.read(content, seconds))

/** Part of a record; undefined if its content was altered. */
export const readPart = Effect.fnUntraced(function* (
  record: Content,
): Effect.fn.Return<Part | undefined> {
  return (yield* sha256(record.content)) === record.digest ? partIn(record) : undefined
})
