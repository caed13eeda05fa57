/** What this machine offers to the project. */
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Schema } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import * as os from "node:os"
import process from "node:process"
import * as Folder from "./report/Folder.ts"
import * as Table from "./Table.ts"

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

/** The first release that runs TypeScript sources as they are. */
const oldest = [22, 18] as const

const isRecent = (version: string): boolean => {
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

const node = Effect.sync(() =>
  isRecent(process.version)
    ? finding("node", "good", process.version)
    : finding("node", "bad", `${process.version}; ${oldest.join(".")} or newer is needed`),
)

const machine = Effect.sync(() => {
  const cpus = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  return finding(
    "machine",
    "good",
    `${Table.plural(os.availableParallelism(), "core")}, ${memory} GiB, ${cpus[0]?.model.trim() ?? "unknown processor"}, ${os.platform()} ${os.arch()}`,
  )
})

/** Enough to start them. */
const capacity = 2 ** 20

const kernels = Effect.sync(() => {
  const strict = Kernels.makeStrict({ capacity }).name
  const relaxed = Kernels.makeRelaxed({ capacity }).name
  const fused = relaxed === "relaxed" ? "with" : "without"
  return strict === "strict"
    ? finding("WebAssembly SIMD", "good", `128-bit vectors, ${fused} relaxed instructions`)
    : finding("WebAssembly SIMD", "note", "absent: plain loops compute the same bits, more slowly")
})

const data = Effect.gen(function* () {
  const datasets = yield* Datasets
  for (const { name } of datasets.list) yield* datasets.find(name)
  return finding("data sets", "good", datasets.list.map(({ name }) => name).join(", "))
}).pipe(Effect.catch((error) => Effect.succeed(finding("data sets", "bad", error.message))))

const report = (folder: string) =>
  Effect.scoped(Folder.stage(folder)).pipe(
    Effect.as(finding("report folder", "good", `${folder} can be written`)),
    Effect.catch((error) => Effect.succeed(finding("report folder", "bad", error.message))),
  )

const terminal = Effect.map(TerminalCapabilities.TerminalCapabilities, ({ canAnimate, canColor }) =>
  finding(
    "terminal",
    "good",
    `${canColor ? "colour" : "no colour"}, ${canAnimate ? "progress redraws" : "progress in plain lines"}`,
  ),
)

const git = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const version = yield* spawner.string(ChildProcess.make("git", ["--version"]))
  return finding("git", "good", version.trim())
}).pipe(
  Effect.orElseSucceed(() => finding("git", "note", "absent: reports will not name the commit")),
)

/** Looks at everything; `folder` is the report folder. */
export const all = (folder: string) =>
  Effect.all([node, machine, kernels, data, report(folder), terminal, git])
