/** A memory, the arena in it, and the compiled kernels that work on it (none for the reference). */
import { Arena } from "../Arena.ts"
import { copies, type Exports, reserved } from "./Exports.ts"
import { Staging } from "./Staging.ts"

export interface Engine {
  readonly exports: Exports | undefined
  readonly arena: Arena
  readonly staging: Staging
}

/** The part of the WebAssembly interface in use; the ES library of TypeScript does not describe it. */
declare const WebAssembly:
  | {
      readonly validate: (bytes: Uint8Array) => boolean
      readonly Memory: new (size: { initial: number; maximum: number }) => {
        readonly buffer: ArrayBuffer
      }
      readonly Module: new (bytes: Uint8Array) => object
      readonly Instance: new (module: object, imports: object) => { readonly exports: object }
    }
  | undefined

const page = 65536

const engine = (exports: Exports | undefined, arena: Arena): Engine => ({
  exports,
  arena,
  staging: new Staging(arena, copies, reserved),
})

/** No compiled code: the arena is an ordinary buffer. */
export const plain = (capacity: number): Engine =>
  engine(undefined, new Arena(new ArrayBuffer(capacity + reserved), reserved, capacity))

/** Compiles and starts WebAssembly, where this JavaScript engine has what the build needs; else undefined. */
export const compiled = (base64: string, capacity: number): Engine | undefined => {
  if (typeof WebAssembly === "undefined") return undefined
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  if (!WebAssembly.validate(bytes)) return undefined
  // The whole memory is reserved now and never grown.
  const pages = Math.ceil((capacity + reserved) / page)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  return engine(instance.exports as Exports, new Arena(memory.buffer, reserved, capacity))
}
