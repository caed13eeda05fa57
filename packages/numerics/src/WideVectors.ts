// @effect-diagnostics processEnv:off -- programs ask before any effect runs
/**
 * Vectors of 256 bits for the kernels, where V8 can join pairs of their operations of 128 bits and does so with the same bits.
 *
 * It is an experimental flag of V8, which holds for the whole process, its threads too: a program may set it, a library never does.
 * Node only.
 */
import { spawnSync } from "node:child_process"
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { cpus, homedir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { setFlagsFromString } from "node:v8"
import { isMainThread, setEnvironmentData } from "node:worker_threads"
import { joined } from "./kernels/Instance.ts"
import { sources } from "./kernels/sources.generated.ts"

/** The vectors that the kernels of this process are compiled to, and why not wider ones. */
export type Vectors = { readonly bits: 256 } | { readonly bits: 128; readonly reason: string }

const flag = "--experimental-wasm-revectorize"

/** The first release of V8 on which everything was compared. */
const first = [13, 6] as const

/** Milliseconds that the check may take; one that takes longer is no check, and is made again by the next program. */
const patience = 20_000

/** Bytes and entries of the file that remembers. */
const mostBytes = 2 ** 16
const mostEntries = 64

const narrow = (reason: string): Vectors => ({ bits: 128, reason })

/** Whether the processor has vectors of 256 bits that V8 uses. Linux tells; elsewhere any of x64 counts as one, since V8 asks by itself. */
const isWide = (): boolean => {
  if (process.arch !== "x64") return false
  if (process.platform !== "linux") return true
  try {
    return /\bavx2\b/.test(readFileSync("/proc/cpuinfo", "utf8"))
  } catch {
    return true
  }
}

/** Why no check is worth making; undefined where one is. */
const obstacle = (): string | undefined => {
  const { bun, electron, v8 } = process.versions
  const [major = 0, minor = 0] = v8.split(".").map(Number)
  if (process.env["NONCONVEX_VECTORS"] === "128") return "NONCONVEX_VECTORS asks for 128 bits"
  if (process.release.name !== "node" || bun !== undefined || electron !== undefined)
    return "only Node can be asked for them"
  if (major < first[0] || (major === first[0] && minor < first[1]))
    return `V8 ${v8} is older than ${first.join(".")}`
  if (!isWide()) return "the processor has none that V8 uses"
  return undefined
}

/** The folder of the user for what can be made again. */
const cacheFolder = (): string => {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== "")
    return join(XDG_CACHE_HOME, "nonconvex")
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "nonconvex")
  if (process.platform === "win32" && LOCALAPPDATA !== undefined)
    return join(LOCALAPPDATA, "nonconvex", "cache")
  return join(homedir(), ".cache", "nonconvex")
}

type Remembered = Readonly<Record<string, boolean>>

const remembered = (file: string): Remembered => {
  try {
    if (statSync(file).size > mostBytes) return {}
    const read: unknown = JSON.parse(readFileSync(file, "utf8"))
    if (typeof read !== "object" || read === null) return {}
    const verdicts = Object.entries(read).filter(([, verdict]) => typeof verdict === "boolean")
    return Object.fromEntries(verdicts) as Remembered
  } catch {
    return {}
  }
}

/** Whether what a check finds can be kept: else every start of a program would take its time. */
const canRemember = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Keeps the verdict, whole or not at all. */
const remember = (file: string, key: string, verdict: boolean): void => {
  const others = Object.entries(remembered(file)).filter(([other]) => other !== key)
  const kept = Object.fromEntries([...others.slice(1 - mostEntries), [key, verdict]])
  const temporary = `${file}.${process.pid}`
  try {
    writeFileSync(temporary, `${JSON.stringify(kept, undefined, 2)}\n`)
    renameSync(temporary, file)
  } catch {
    // the next program checks again
  }
}

/**
 * Whether the joined operations give the bits of the plain loops, by a process of its own: a fault of the engine ends only that. Undefined where it did
 * not come to an answer.
 */
const check = (): boolean | undefined => {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"
  const entry = fileURLToPath(new URL(`./internal/WideVectorsCheck.${ending}`, import.meta.url))
  // with the optimising compiler from the first call on: the other one joins nothing
  const { error, signal, status } = spawnSync(process.execPath, [flag, "--no-liftoff", entry], {
    stdio: "ignore",
    timeout: patience,
  })
  if (error !== undefined || signal === "SIGTERM") return undefined
  return status === 0
}

let found: Vectors | undefined

const decide = (): Vectors => {
  const why = obstacle()
  if (why !== undefined) return narrow(why)
  const folder = cacheFolder()
  const file = join(folder, "wide-vectors.json")
  const key = `${process.versions.v8}, ${cpus()[0]?.model.trim() ?? "unknown"}, ${sources}`
  const known = remembered(file)[key]
  if (known === undefined && !canRemember(folder))
    return narrow("what a check of their bits finds could not be kept")
  const verdict = known ?? check()
  if (verdict === undefined) return narrow("the check of their bits did not come to an end")
  if (known === undefined) remember(file, key, verdict)
  if (!verdict) return narrow("they do not give the bits of the plain loops")
  setFlagsFromString(flag)
  setEnvironmentData(joined, true)
  return { bits: 256 }
}

/**
 * Lets the kernels of this process, its threads included, be compiled to vectors of 256 bits, where these give the bits of the plain loops; else they stay
 * as they are. To be called at the start of a program, before kernels are made and threads are started; on a thread it changes nothing.
 *
 * The first program on a machine checks, in some tenths of a second, on shapes that reach every loop; what it found is remembered in the user's
 * folder for caches, by the release of V8, the processor and the kernels. `NONCONVEX_VECTORS=128` goes without.
 *
 * @example
 * ```ts import.meta.vitest
 * import { enableWideVectors } from "@nonconvex/numerics/WideVectors"
 *
 * const { bits } = enableWideVectors()
 * const known = [128, 256].includes(bits)
 * known // => true
 * ```
 */
export const enableWideVectors = (): Vectors => {
  if (!isMainThread) return vectors()
  return (found ??= decide())
}

/**
 * What `enableWideVectors` found in this thread, or that nobody asked.
 *
 * @example
 * ```ts import.meta.vitest
 * import { enableWideVectors, vectors } from "@nonconvex/numerics/WideVectors"
 *
 * const found = enableWideVectors()
 * vectors().bits // => found.bits
 * ```
 */
export const vectors = (): Vectors => found ?? narrow("the program did not ask for them")
