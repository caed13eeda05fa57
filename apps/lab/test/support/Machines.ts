/** Workers as processes of their own, over the walks of a package that no other file of the project is part of. */
import * as Inline from "@nonconvex/runner/Inline"
import * as Code from "@nonconvex/runner/node/Code"
import * as Layers from "@nonconvex/runner/node/Layers"
import { idOf, type RunKey } from "@nonconvex/runner/RunKey"
import { runExperiment } from "@nonconvex/runner/Run"
import type { System } from "@nonconvex/evidence"
import * as Store from "@nonconvex/store/Postgres"
import * as Shared from "@nonconvex/store/queue/Shared"
import type { Trial } from "@nonconvex/store/queue/Trial"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { setTimeout } from "node:timers/promises"
import { pathToFileURL } from "node:url"
import { onTestFinished } from "vitest"
import { system } from "../fixtures/spread.ts"
import { options } from "./Bundled.ts"
import { temporary } from "./Folders.ts"
import { provenance } from "./Kept.ts"
import { password, type Server } from "./Postgres.ts"
import { shellCode } from "./Process.ts"

/** A version of the package: its folder, and the system as a worker has it. */
export interface Version {
  readonly folder: string
  readonly system: System
  readonly code: string
}

const root = join(import.meta.dirname, "../../../..")

/** The package in a folder of its own, so that its code changes with nothing else; `remark` makes it another version. */
export const version = (remark = "as it is"): Version => {
  const folder = temporary()
  const file = join(folder, "spread.ts")
  copyFileSync(join(import.meta.dirname, "../fixtures/spread.ts"), file)
  writeFileSync(file, `${readFileSync(file, "utf8")}// ${remark}\n`)
  writeFileSync(join(folder, "package.json"), `{"name":"spread","version":"1.0.0","type":"module"}`)
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  const lab = (module: string) => JSON.stringify(join(root, "apps/lab/src", module))
  writeFileSync(
    join(folder, "main.ts"),
    [
      `import { run } from ${lab("cli/Program.ts")}`,
      `import { Systems } from ${lab("evidence/Systems.ts")}`,
      `import { MostPages } from ${JSON.stringify(join(root, "packages/store/src/internal/Environment.ts"))}`,
      `import { Layer } from "effect"`,
      `import { system } from "./spread.ts"`,
      `const pages = process.env["SPREAD_PAGES"]`,
      `const disk = pages === undefined ? Layer.empty : Layer.succeed(MostPages, Number(pages))`,
      `run(process.argv.slice(2), Layer.merge(Systems.layerOf([system]), disk))`,
    ].join("\n"),
  )
  const here = { ...system, module: pathToFileURL(file).href }
  return { folder, system: here, code: Code.digestOf(here)! }
}

export interface Worker {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  readonly stderr: () => string
  readonly stdout: () => string
}

export interface Setting {
  /** Seconds. */
  readonly lease: number
  readonly environment?: Readonly<Record<string, string>>
  readonly password?: string
}

/** Starts `nonconvex <args>` over the package; it is killed when the test ends. */
export const start = (
  { folder }: Version,
  args: ReadonlyArray<string>,
  { environment = {}, lease, password: secret = password }: Setting,
): Worker => {
  const main = join(folder, "main.ts")
  const child = spawn(process.execPath, [...options(), main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: folder,
    env: { ...process.env, PGPASSWORD: secret, NONCONVEX_LEASE: String(lease), ...environment },
  })
  const output = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text))
  const ended = once(child, "close").then((close) => {
    const [code, signal] = close as [number | null, string | null]
    return { code: shellCode(code, signal), signal: signal === "SIGINT" ? null : signal }
  })
  onTestFinished(() => {
    child.kill("SIGKILL")
  })
  return { child, ended, stdout: () => output.stdout, stderr: () => output.stderr }
}

/** Starts `nonconvex worker` with a thread. */
export const worker = (
  of: Version,
  url: string,
  flags: ReadonlyArray<string>,
  setting: Setting,
): Worker => start(of, ["worker", "--database", url, "--jobs", "1", ...flags], setting)

/** The database of a test: made for it, and open until it ends. */
export const database = async (server: Server, name: string, { code }: Version, lease: number) => {
  const opened = (at: string) => {
    const url = new URL(server.url(at))
    url.password = password
    return Redacted.make(url.href)
  }
  const client = (at: string) =>
    Layer.unwrap(Effect.map(Store.at(opened(at)), ({ layer }) => layer))
  await Effect.runPromise(
    Effect.provide(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE DATABASE ${sql(name)}`),
      client("postgres"),
    ),
  )
  const shared = Shared.layer(opened(name), {
    capabilities: { kernels: "strict" },
    code: () => Effect.succeed(code),
    provenance: Effect.succeed(provenance),
    lease,
  })
  const runtime = ManagedRuntime.make(Layer.merge(shared, client(name)))
  onTestFinished(() => runtime.dispose())
  return { url: server.url(name), runtime }
}

export interface Walk {
  readonly steps: number
  readonly walks: number
  readonly ends: "well" | "throwing" | "killing its process"
}

/** Trials of so many seeds, from 1. */
export const trials = ({ code }: Version, config: Walk, seeds: number): ReadonlyArray<Trial> =>
  Array.from({ length: seeds }, (_, i) => {
    const key: RunKey = {
      kind: "experiment",
      subject: "spread/walk",
      config: { ...config },
      seed: i + 1,
      kernels: "strict",
      code,
    }
    return { system: "spread", key, parts: config.walks }
  })

export const idsOf = (all: ReadonlyArray<Trial>): ReadonlyArray<string> =>
  Effect.runSync(Effect.forEach(all, ({ key }) => idOf(key)))

/** The rows of a trial as this thread computes them, without a queue or a store. */
export const rowsHere = ({ key }: Trial) => {
  const [experiment] = system.experiments
  const alone = Layer.provide(Inline.layer, Layers.layer({ kernels: "strict" }))
  return runExperiment(system, experiment!.configure(key.config), { seed: key.seed }).pipe(
    Effect.map(({ rows }) => rows),
    Effect.provide(alone),
  )
}

/** Waits until something is so; a test that waits too long fails with its words. */
export const until = async (
  words: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 60,
): Promise<void> => {
  const end = performance.now() + 1000 * seconds
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`in ${seconds} s it was not so: ${words}`)
    await setTimeout(30)
  }
}
