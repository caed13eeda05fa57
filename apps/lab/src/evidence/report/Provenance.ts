/** Provenance of results: the code, the machine, the seed. */
import { DataRead } from "@nonconvex/datasets/Datasets"
import { Strategy } from "@nonconvex/evidence/Attempt"
import * as Addon from "@nonconvex/native/Addon"
import { vectors } from "@nonconvex/numerics/WideVectors"
import { Named } from "@nonconvex/runner/Capabilities"
import type { RunKey } from "@nonconvex/runner/RunKey"
import { DateTime, Effect, Schema } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { createRequire } from "node:module"
import * as os from "node:os"
import process from "node:process"

export const Provenance = Schema.Struct({
  preset: Schema.Literals(["smoke", "fast", "paper"]),
  /** Instances drawn for each claim. */
  runs: Schema.Int,
  /** Search strategy; random in earlier results. */
  search: Schema.optionalKey(Strategy),
  seed: Schema.Int,
  jobs: Schema.Int,
  /** Capabilities used; strict kernels and shipped data in earlier results. */
  capabilities: Schema.optionalKey(Named),
  /** The data sets that experiments read, and what names their content; absent in earlier results. */
  data: Schema.optionalKey(Schema.Array(DataRead)),
  /** Coordinated universal time, ISO 8601. */
  startedAt: Schema.String,
  seconds: Schema.Finite,
  /** Absent where the code is not in a git repository. */
  commit: Schema.optionalKey(Schema.Struct({ hash: Schema.String, dirty: Schema.Boolean })),
  node: Schema.String,
  platform: Schema.String,
  cpu: Schema.String,
  /** Bits of the vectors that the compiled kernels may use; absent in earlier results. */
  vectorBits: Schema.optionalKey(Schema.Literals([128, 256])),
  /** Compiled kernels that were used, by version and vector width; only if requested. */
  compiledKernels: Schema.optionalKey(Schema.String),
  cores: Schema.Int,
  /** Versions of the packages that compute and draw. */
  packages: Schema.Record(Schema.String, Schema.String),
})
export type Provenance = typeof Provenance.Type

const isInstalled = import.meta.dirname.includes("node_modules")

/** The commit of this code; undefined without git, or where an installed package has no history of its own. */
const commit = Effect.gen(function* () {
  if (isInstalled) return undefined
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  // without the lock that others in the repository would find taken
  const args = ["--no-optional-locks", "status", "--porcelain=v2", "--branch"]
  const lines = yield* spawner.lines(ChildProcess.make("git", args, { cwd: import.meta.dirname }))
  const hash = /^# branch\.oid ([0-9a-f]{40})$/.exec(lines[0] ?? "")?.[1]
  if (hash === undefined) return undefined
  return { hash, dirty: lines.some((line) => line !== "" && !line.startsWith("#")) }
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

/** Services that find the commit. */
export type Platform = ChildProcessSpawner.ChildProcessSpawner

/** Compiled kernels of a program, by the name of its kernels. */
const compiledFor = (kernels: RunKey["kernels"] = "strict") =>
  kernels === "compiled"
    ? Addon.load().pipe(
        Effect.map(({ vectors: width, version }) => ({ compiledKernels: `${version}, ${width}` })),
        Effect.orElseSucceed(() => ({})),
      )
    : Effect.succeed({})

/** The code and the machine of this program, which computes with these kernels. */
export const here = Effect.fnUntraced(function* (kernels?: RunKey["kernels"]) {
  const found = yield* commit
  return {
    ...(found === undefined ? {} : { commit: found }),
    ...(yield* compiledFor(kernels)),
    host: os.hostname(),
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    vectorBits: vectors().bits,
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.version,
    packages: versions(),
  }
})

/** The provenance of work that began at `startedAt` and ends now. */
export const collect = Effect.fn("Provenance.collect")(function* (
  work: Pick<
    Provenance,
    "preset" | "runs" | "search" | "seed" | "jobs" | "capabilities" | "data"
  > & {
    readonly startedAt: DateTime.Utc
  },
) {
  const { startedAt, ...settings } = work
  const now = yield* DateTime.now
  // the name of a machine is no one's business who reads a report
  const { host: _, ...where } = yield* here(settings.capabilities?.kernels)
  return {
    ...settings,
    startedAt: DateTime.formatIso(startedAt),
    seconds: (DateTime.toEpochMillis(now) - DateTime.toEpochMillis(startedAt)) / 1000,
    ...where,
    cores: os.cpus().length,
  } satisfies Provenance
})
