/** Memory, its arena, and the compiled kernels that work on it (none for the reference). */
import { Arena } from "../internal/Arena.ts"
import { ArenaFull } from "../ArenaFull.ts"
import { copies, type Exports, reserved } from "./Exports.ts"
import { instantiate } from "./Instance.ts"
import { bytesOf, type LoopKernels, loopsOver } from "./Loops.ts"
import { Staging } from "./Staging.ts"

export interface Engine extends LoopKernels {
  readonly exports: Exports | undefined
  readonly arena: Arena
  readonly staging: Staging
  /** All of the memory. */
  readonly heap: Float64Array
}

/** The part of the WebAssembly interface in use; the ES library of TypeScript does not describe it. */
declare const WebAssembly:
  | {
      readonly validate: (bytes: Uint8Array) => boolean
      readonly Memory: new (size: { initial: number; maximum: number }) => {
        readonly buffer: ArrayBuffer
      }
      readonly Module: new (bytes: Uint8Array) => object
    }
  | undefined

/** Bytes of a page of WebAssembly. */
export const page = 65536

/** Compiled kernels, or none, on an arena. */
export const over = (exports: Exports | undefined, arena: Arena): Engine => ({
  exports,
  arena,
  staging: new Staging(arena, copies, reserved),
  heap: new Float64Array(arena.buffer),
})

/** A memory of `bytes` bytes. Throws ArenaFull if the machine lacks memory. */
export const reserve = <A>(bytes: number, create: () => A): A => {
  try {
    return create()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ArenaFull({ requested: bytes, largestFree: 0, used: 0, capacity: 0 })
  }
}

/** Engine without compiled code: the arena is an ordinary buffer. Throws ArenaFull if the machine lacks memory. */
export const plain = (capacity: number): Engine => {
  const buffer = reserve(capacity, () => new ArrayBuffer(capacity + reserved))
  return over(undefined, new Arena(buffer, reserved, capacity))
}

/** Compiled module of each build in this thread; undefined where this JavaScript engine lacks a feature that the build needs. */
const modules = new Map<string, object | undefined>()

const compile = (base64: string): object | undefined => {
  if (typeof WebAssembly === "undefined") return undefined
  const bytes = bytesOf(base64)
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined
}

/**
 * WebAssembly with its own memory; undefined if the JavaScript engine lacks a required instruction. The build is compiled
 * once per thread. Throws ArenaFull if the machine lacks memory.
 */
export const compiled = (base64: string, capacity: number): Engine | undefined => {
  if (!modules.has(base64)) modules.set(base64, compile(base64))
  const module = modules.get(base64)
  if (typeof WebAssembly === "undefined" || module === undefined) return undefined
  const { Memory } = WebAssembly
  // The whole memory is reserved now and never grown.
  const pages = Math.ceil((capacity + reserved) / page)
  const memory = reserve(capacity, () => new Memory({ initial: pages, maximum: pages }))
  const arena = new Arena(memory.buffer, reserved, capacity)
  return { ...over(instantiate(module, memory), arena), load: loopsOver(memory) }
}
