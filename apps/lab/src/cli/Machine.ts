/** Findings about this machine. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Addon from "@nonconvex/native/Addon"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { vectors } from "@nonconvex/numerics/WideVectors"
import * as MemoryLimit from "@nonconvex/runner/node/MemoryLimit"
import { Effect, Schema } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import * as os from "node:os"
import process from "node:process"
import * as Folder from "../files/Folder.ts"
import * as Table from "./TextTable.ts"

/** `bad`: something will not work. `note`: an optional piece is absent. */
export const Finding = Schema.Struct({
  name: Schema.String,
  state: Schema.Literals(["good", "note", "bad"]),
  text: Schema.String,
})
export type Finding = typeof Finding.Type

const finding = (name: string, state: Finding["state"], text: string): Finding => ({
  name,
  state,
  text,
})

type Release = readonly [major: number, minor: number]

/** The oldest release for the compiled packages, and the first that runs TypeScript sources as they are. */
const forPackages: Release = [20, 11]
const forSources: Release = [22, 18]

const isAtLeast = (version: string, [major, minor]: Release): boolean => {
  const [itsMajor = 0, itsMinor = 0] = version.replace("v", "").split(".").map(Number)
  return itsMajor > major || (itsMajor === major && itsMinor >= minor)
}

/** Assesses a version of Node. */
export const node = (version: string): Finding => {
  if (isAtLeast(version, forSources)) return finding("node", "good", version)
  return isAtLeast(version, forPackages)
    ? finding(
        "node",
        "note",
        `${version} runs the packages; a checkout needs ${forSources.join(".")}`,
      )
    : finding("node", "bad", `${version}; ${forPackages.join(".")} or newer is needed`)
}

const memory = Effect.sync(() => {
  const count = os.availableParallelism()
  const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1)
  const objects = Math.min(MemoryLimit.mostObjects, MemoryLimit.shareOf(count))
  return finding(
    "memory",
    "good",
    `${gibibytes(MemoryLimit.shareOf(count))} GiB for each of ${Table.plural(count, "thread")}, of which ${gibibytes(objects)} GiB for JavaScript objects; a smaller --jobs raises this limit`,
  )
})

const machine = Effect.sync(() => {
  const cpus = os.cpus()
  const total = Math.round(os.totalmem() / 2 ** 30)
  return finding(
    "machine",
    "good",
    `${Table.plural(os.availableParallelism(), "core")}, ${total} GiB, ${cpus[0]?.model.trim() ?? "unknown processor"}, ${os.platform()} ${os.arch()}`,
  )
})

/** Enough to start them. */
const capacity = 2 ** 20

const kernels = Effect.gen(function* () {
  const RelaxedKernels = yield* Effect.promise(() => import("@nonconvex/numerics/RelaxedKernels"))
  const strict = Kernels.makeStrict({ capacity }).name
  const relaxed = RelaxedKernels.make({ capacity }).name
  const fused = relaxed === "relaxed" ? "with" : "without"
  const width = vectors()
  const wide =
    width.bits === 256
      ? "processed in pairs (256 bits) with the same results"
      : `not processed in pairs (256 bits): ${width.reason}`
  return strict === "strict"
    ? finding("WebAssembly SIMD", "good", `128-bit vectors, ${wide}; ${fused} relaxed instructions`)
    : finding(
        "WebAssembly SIMD",
        "note",
        "not available: plain loops give the same results more slowly",
      )
})

const compiled = Addon.load().pipe(
  Effect.map(({ vectors: width, version }) =>
    finding("compiled kernels", "good", `${version}, ${width}; --kernels compiled uses them`),
  ),
  Effect.catch(({ reason, remedy }) =>
    Effect.succeed(finding("compiled kernels", "note", `not available: ${reason}. ${remedy}`)),
  ),
)

const data = Effect.gen(function* () {
  const datasets = yield* Datasets
  for (const { name } of datasets.list) yield* datasets.find(name)
  return finding("data sets", "good", datasets.list.map(({ name }) => name).join(", "))
}).pipe(Effect.catch((error) => Effect.succeed(finding("data sets", "bad", error.message))))

const report = (folder: string) =>
  Effect.scoped(Folder.stage(folder)).pipe(
    Effect.as(finding("report folder", "good", `${folder} is writable`)),
    Effect.catch((error) => Effect.succeed(finding("report folder", "bad", error.message))),
  )

const terminal = Effect.map(TerminalCapabilities.TerminalCapabilities, ({ canAnimate, canColor }) =>
  finding(
    "terminal",
    "good",
    `${canColor ? "colour" : "no colour"}, ${canAnimate ? "animated progress" : "progress as plain lines"}`,
  ),
)

const git = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const version = yield* spawner.string(ChildProcess.make("git", ["--version"]))
  return finding("git", "good", version.trim())
}).pipe(
  Effect.orElseSucceed(() =>
    finding("git", "note", "not available: reports will not name the commit"),
  ),
)

/** Looks at everything; `folder` is the report folder. */
export const all = (folder: string) =>
  Effect.all([
    Effect.sync(() => node(process.version)),
    machine,
    memory,
    kernels,
    compiled,
    data,
    report(folder),
    terminal,
    git,
  ])
