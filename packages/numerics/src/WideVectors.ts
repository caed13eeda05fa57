// @effect-diagnostics processEnv:off -- programs ask before any effect runs
/**
 * Vectors of 256 bits for the kernels, where V8 can join pairs of their operations of 128 bits with the same bits.
 *
 * An experimental flag of V8 joins them. It holds for the whole process and its threads: a program may set it, a library never does. Node only.
 */
import { readFileSync } from "node:fs"
import process from "node:process"
import { setFlagsFromString } from "node:v8"
import { isMainThread, setEnvironmentData } from "node:worker_threads"
import { joined } from "./kernels/Instance.ts"

/** The vectors that the kernels of this process are compiled to, and why not wider ones. */
type Vectors = { readonly bits: 256 } | { readonly bits: 128; readonly reason: string }

/** Releases of V8 on which the tests compare the joined operations with the plain loops, bit for bit. */
const compared: ReadonlyArray<string> = ["13.6"]

const narrow = (reason: string): Vectors => ({ bits: 128, reason })

/** Tests whether the processor has vectors of 256 bits that V8 uses. Linux reports it; elsewhere any x64 counts as one, as V8 checks by itself. */
const isWide = (): boolean => {
  if (process.arch !== "x64") return false
  if (process.platform !== "linux") return true
  try {
    return /\bavx2\b/.test(readFileSync("/proc/cpuinfo", "utf8"))
  } catch {
    return true
  }
}

const decide = (): Vectors => {
  const { bun, electron, v8 } = process.versions
  if (process.env["NONCONVEX_VECTORS"] === "128")
    return narrow("NONCONVEX_VECTORS asks for 128 bits")
  if (process.release.name !== "node" || bun !== undefined || electron !== undefined)
    return narrow("they can be requested in Node only")
  if (!compared.some((release) => v8.startsWith(`${release}.`)))
    return narrow(
      `their results were compared on V8 ${compared.join(", ")} only, and this is ${v8}`,
    )
  if (!isWide()) return narrow("the processor has none that V8 supports")
  setFlagsFromString("--experimental-wasm-revectorize")
  setEnvironmentData(joined, true)
  return { bits: 256 }
}

let found: Vectors | undefined

/**
 * Compiles the kernels of this process and its threads to vectors of 256 bits, on V8 releases whose bits were compared; otherwise it
 * changes nothing. A program calls it at its start, before it makes kernels and starts threads; on a thread it changes nothing.
 * `NONCONVEX_VECTORS=128` goes without.
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

/** The answer of `enableWideVectors` in this thread, or that no one asked. */
export const vectors = (): Vectors => found ?? narrow("the program did not request them")
