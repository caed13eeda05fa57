/** A study: a folder with its question, its expectations, its sweep, the sweep at full size and the stored result. */
import { MissingFile, readBytes } from "@nonconvex/datasets/FileError"
import { canonical } from "@nonconvex/runner/RunKey"
import { adaptive } from "@nonconvex/runner/sweep/Samplers"
import * as Seeds from "@nonconvex/runner/sweep/Seeds"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import * as Trials from "@nonconvex/runner/sweep/Trials"
import { Effect, FileSystem, Path, Schema } from "effect"
import { NotFound } from "../../cli/Failure.ts"
import * as EditDistance from "../../cli/EditDistance.ts"
import * as Json from "../../files/Json.ts"
import { Heading, leastSeeds, Registered } from "./Preregistration.ts"
import * as StoredResult from "./StoredResult.ts"

/** The files of a study. */
export const files = {
  heading: "study.json",
  registered: "expectation.json",
  sweep: "sweep.json",
  full: "full.json",
  pilot: "pilot.csv",
  result: "result.parquet",
} as const

export interface Study {
  readonly name: string
  readonly folder: string
  readonly heading: Heading
  readonly registered: Registered
  readonly sweep: Sweep.Sweep
  /** The same at the size that the question deserves. */
  readonly full: Sweep.Sweep
  /** SHA-256 of the registered content: question, expectations and sweep. */
  readonly digest: string
}

/** A study with its result, which fits it. */
export interface Finished extends Study {
  readonly stored: StoredResult.Stored
}

/** A file of a study is invalid. */
export class BadStudy extends Schema.TaggedError<BadStudy>()("BadStudy", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

const fileOf = Effect.fnUntraced(function* (folder: string, file: string) {
  const path = yield* Path.Path
  return path.join(folder, file)
})

const json = <Type, Encoded>(path: string, schema: Schema.Codec<Type, Encoded>) =>
  Effect.mapError(
    Json.read(path, Json.ofSettings, Json.by(schema, { onExcessProperty: "error" })),
    ({ reason }) => new BadStudy({ path, reason }),
  )

const sweepIn = Effect.fnUntraced(function* (path: string) {
  const draft = yield* json(path, Sweep.Draft)
  const sweep = yield* Effect.mapError(
    Sweep.complete(draft),
    ({ reason }) => new BadStudy({ path, reason }),
  )
  if (adaptive.has(sweep.sampler) || sweep.prune === true) {
    const what = sweep.prune === true ? "--prune" : `the sampler ${sweep.sampler}`
    const reason = `${what} chooses trials by their results, so the groups are not those registered; use grid, random or halton`
    return yield* new BadStudy({ path, reason })
  }
  if (Seeds.count(sweep.seeds) < leastSeeds) {
    const reason = `a study has at least ${leastSeeds} seeds, but this one has ${Seeds.count(sweep.seeds)}`
    return yield* new BadStudy({ path, reason })
  }
  return sweep
})

/** The study in a folder, without its result. Fails with `BadStudy`. */
export const read = Effect.fn("Study.read")(function* (folder: string) {
  const path = yield* Path.Path
  const heading = yield* json(yield* fileOf(folder, files.heading), Heading)
  const registered = yield* json(yield* fileOf(folder, files.registered), Registered)
  const known = registered.expectations.map(({ statement }) => statement)
  const stray = heading.remarks?.find(({ statement }) => !known.includes(statement))
  if (stray !== undefined) {
    const reason = `has a remark on an expectation that was not registered: ${stray.statement}`
    return yield* new BadStudy({ path: yield* fileOf(folder, files.heading), reason })
  }
  const sweep = yield* sweepIn(yield* fileOf(folder, files.sweep))
  const full = yield* sweepIn(yield* fileOf(folder, files.full))
  if (full.experiment !== sweep.experiment) {
    const reason = `belongs to ${full.experiment}, but the sweep to ${sweep.experiment}`
    return yield* new BadStudy({ path: yield* fileOf(folder, files.full), reason })
  }
  const digest = yield* StoredResult.digestOf(registered, sweep)
  const name = path.basename(path.resolve(folder))
  return { name, folder, heading, registered, sweep, full, digest } satisfies Study
})

/** The study with its full-size sweep in place of the one that was run. */
export const atFullSize = (study: Study): Effect.Effect<Study> =>
  Effect.map(StoredResult.digestOf(study.registered, study.full), (digest) => ({
    ...study,
    sweep: study.full,
    digest,
  }))

/** Limit above the number of trials of any result. */
const mostTrials = 1_000_000n

/** Reason why a result does not belong to a study; undefined if it does. */
const misfit = Effect.fnUntraced(function* (
  { digest, name, sweep }: Study,
  { provenance, trials }: StoredResult.Stored,
) {
  const { registration, startedAt, study } = provenance
  if (study !== name) return `belongs to the study ${study}`
  if (registration.digest !== digest) {
    return `was run for a different question, expectation or sweep, registered in ${registration.commit.slice(0, 12)}`
  }
  if (Date.parse(registration.time) >= Date.parse(startedAt)) {
    return `was started at ${startedAt}, before its expectation was registered at ${registration.time}`
  }
  // before any of them is made
  const count = Trials.count(sweep, 0)
  if (count > mostTrials) return `has ${trials.length} trials, but the sweep has ${count}`
  const asked = Trials.withSeeds(sweep, yield* Trials.configurations(sweep))
  if (asked.length !== trials.length) {
    return `has ${trials.length} trials, but the sweep has ${asked.length}`
  }
  // as cells: a file has no lists
  const cells = (settings: Sweep.TrialSettings) =>
    canonical(
      Object.fromEntries(
        Object.entries(settings).map(([setting, value]) => [setting, StoredResult.cellOf(value)]),
      ),
    )
  const at = asked.findIndex(({ item, seed }, place) => {
    const found = trials[place]!
    return seed !== found.seed || cells(item) !== cells(found.settings)
  })
  if (at < 0) return undefined
  const { seed, settings } = trials[at]!
  return `has ${canonical({ ...settings, seed })} as trial ${at}, but the sweep has ${canonical({ ...asked[at]!.item, seed: asked[at]!.seed })}`
})

/** A study with its result. Fails with `BadStudy` if the result is not one of this study. */
export const fitted = Effect.fnUntraced(function* (study: Study, stored: StoredResult.Stored) {
  const reason = yield* misfit(study, stored)
  if (reason === undefined) return { ...study, stored } satisfies Finished
  return yield* new BadStudy({ path: yield* fileOf(study.folder, files.result), reason })
})

/**
 * Result of a study; undefined if it has not been run. Fails with `UnreadableStudy` or `BadStudy` if the file is not a
 * result of it.
 */
export const finished = Effect.fn("Study.finished")(function* (study: Study) {
  const place = yield* fileOf(study.folder, files.result)
  const bytes = yield* readBytes(place, StoredResult.mostBytes).pipe(
    Effect.catchIf(
      (error) => error instanceof MissingFile,
      () => Effect.succeed(undefined),
    ),
  )
  if (bytes === undefined) return undefined
  return yield* fitted(study, yield* StoredResult.decode(place, bytes))
})

/** Names of the studies in a folder, sorted; empty if the folder does not exist. */
export const names = Effect.fn("Study.names")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const entries = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  const isStudy = (name: string) =>
    Effect.flatMap(fileOf(folder, name), (inside) =>
      Effect.flatMap(fileOf(inside, files.heading), (file) =>
        Effect.orElseSucceed(fs.exists(file), () => false),
      ),
    )
  return (yield* Effect.filter(entries, isStudy)).toSorted()
})

/** The studies in a folder, in the order of their names, without their results. Fails with `BadStudy`. */
export const all = Effect.fn("Study.all")(function* (folder: string) {
  return yield* Effect.forEach(yield* names(folder), (name) =>
    Effect.flatMap(fileOf(folder, name), read),
  )
})

/** The study of this name in a folder. Fails with `NotFound` or `BadStudy`. */
export const named = Effect.fn("Study.named")(function* (folder: string, name: string) {
  const known = yield* names(folder)
  if (!known.includes(name)) {
    const list = `nonconvex study --studies ${folder}`
    const suggestions = EditDistance.names(name, known)
    return yield* new NotFound({ kind: "study", name, suggestions, list })
  }
  return yield* read(yield* fileOf(folder, name))
})
