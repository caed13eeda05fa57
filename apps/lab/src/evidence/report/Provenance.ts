/** Where results come from: the code, the machine, the seed. */
import { DataRead } from "@nonconvex/datasets/Datasets"
import { Capabilities } from "@nonconvex/runner/Capabilities"
import { DateTime, Effect, Schema } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { createRequire } from "node:module"
import * as os from "node:os"
import process from "node:process"

export const Provenance = Schema.Struct({
  preset: Schema.Literals(["smoke", "fast", "paper"]),
  /** Instances drawn for each claim. */
  runs: Schema.Int,
  seed: Schema.Int,
  jobs: Schema.Int,
  /** What computed; strict kernels and shipped data in results of before. */
  capabilities: Schema.optionalKey(Capabilities),
  /** The data sets that experiments read, and what names their content; absent in results of before. */
  data: Schema.optionalKey(Schema.Array(DataRead)),
  /** Coordinated universal time, ISO 8601. */
  startedAt: Schema.String,
  seconds: Schema.Finite,
  /** Absent where the code is not in a git repository. */
  commit: Schema.optionalKey(Schema.Struct({ hash: Schema.String, dirty: Schema.Boolean })),
  node: Schema.String,
  platform: Schema.String,
  cpu: Schema.String,
  cores: Schema.Int,
  /** Versions of the packages that compute and draw. */
  packages: Schema.Record(Schema.String, Schema.String),
})
export type Provenance = typeof Provenance.Type

const isInstalled = import.meta.dirname.includes("node_modules")

const git = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  return yield* spawner.string(ChildProcess.make("git", args, { cwd: import.meta.dirname }))
})

/** The commit of this code; undefined without git, or where an installed package has no history of its own. */
const commit = Effect.gen(function* () {
  if (isInstalled) return undefined
  const hash = (yield* git("rev-parse", "HEAD")).trim()
  if (!/^[0-9a-f]{40}$/.test(hash)) return undefined
  return { hash, dirty: (yield* git("status", "--porcelain")).trim() !== "" }
}).pipe(Effect.orElseSucceed(() => undefined))

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const versions = (): Readonly<Record<string, string>> => {
  const require = createRequire(import.meta.url)
  const lab = require("@nonconvex/lab/package.json") as Manifest
  // What the lab depends on is pinned, and effect, its peer, says its own version.
  const { version: effect } = require("effect/package.json") as Manifest
  return { "@nonconvex/lab": lab.version, ...lab.dependencies, effect }
}

/** What is asked for the commit. */
export type Platform = ChildProcessSpawner.ChildProcessSpawner

/** The code and the machine of this program. */
export const here = Effect.gen(function* () {
  const found = yield* commit
  return {
    ...(found === undefined ? {} : { commit: found }),
    host: os.hostname(),
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.version,
    packages: versions(),
  }
})

/** The provenance of work that began at `startedAt` and ends now. */
export const collect = Effect.fn("Provenance.collect")(function* (
  work: Pick<Provenance, "preset" | "runs" | "seed" | "jobs" | "capabilities" | "data"> & {
    readonly startedAt: DateTime.Utc
  },
) {
  const { startedAt, ...settings } = work
  const now = yield* DateTime.now
  // the name of a machine is nobody's business who reads a report
  const { host: _, ...where } = yield* here
  return {
    ...settings,
    startedAt: DateTime.formatIso(startedAt),
    seconds: (DateTime.toEpochMillis(now) - DateTime.toEpochMillis(startedAt)) / 1000,
    ...where,
    cores: os.cpus().length,
  } satisfies Provenance
})
