// @effect-diagnostics processEnv:off -- programs ask before any effect runs
/**
 * 256-bit vectors for the kernels, on engines where V8 can join pairs of 128-bit operations with the same bits.
 *
 * An experimental flag of V8 joins them. It applies to the whole process and its threads, so a program may set it but a
 * library never does. Node only.
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

/**
 * Tests whether the processor has 256-bit vectors that V8 uses. Linux reports it; elsewhere any x64 processor counts, since
 * V8 makes its own check.
 */
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
 * Compiles the kernels of this process and its threads to 256-bit vectors, on V8 releases whose bits were compared;
 * otherwise it changes nothing. Call it at program start, before kernels are made and threads are started; on other threads
 * it has no effect. `NONCONVEX_VECTORS=128` disables it.
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

/** Result of `enableWideVectors` on this thread, or that it was not called. */
export const vectors = (): Vectors => found ?? narrow("the program did not request them")
