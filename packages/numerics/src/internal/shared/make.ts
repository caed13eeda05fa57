/** Shared kernels, from the modules that their threads start with. */
import { Arena } from "../Arena.ts"

import { over, page, reserve } from "../../kernels/Engine.ts"
import { reserved } from "../../kernels/Exports.ts"
import { instantiate } from "../../kernels/Instance.ts"
import { relaxed, strict } from "../../kernels/shared.generated.ts"
import type { StartMessage } from "./Serving.ts"
import { sharing } from "./Sharing.ts"
import * as Threads from "./Threads.ts"
import * as Work from "./Work.ts"
import {
  assemble,
  type Build,
  defaultCapacity,
  type Kernels,
  type Options,
  sizeOf,
  strictBuild,
} from "../Build.ts"

declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum: number
    readonly shared: true
  }) => { readonly buffer: SharedArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
}

const declarations = { strict, relaxed }

/** Build for shared memory: the single-thread build except for its memory declaration. */
const bytesOf = (build: Build): Buffer => {
  const { base64, from, until } = declarations[build.name]
  const alone = Buffer.from(build.base64, "base64")
  const parts = [alone.subarray(0, from), Buffer.from(base64, "base64"), alone.subarray(until)]
  return Buffer.concat(parts)
}

/** Bytes of memory of the threads in addition to the arena. */
const shareBytesOf = (threads: number): number =>
  64 * Math.ceil((Work.shareBytes * threads) / 64) + (threads - 1) * Work.packBytes

/** Kernels that `threads` threads share, and the number of started ones. */
export const make = (
  threads: number,
  { build = strictBuild, ...options }: Options & { readonly build?: Build },
  modules: Threads.Modules,
): Kernels & { readonly started: () => number } => {
  const bytes = bytesOf(build)
  if (threads === 1 || !WebAssembly.validate(bytes))
    return { ...build.make(options), started: () => 1 }
  const capacity = sizeOf(options, defaultCapacity) + shareBytesOf(threads)
  const pages = Math.ceil((capacity + reserved) / page)
  const memory = reserve(
    capacity,
    () => new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }),
  )
  const module = new WebAssembly.Module(bytes)
  const wasm = instantiate(module, memory)
  // views of it behave alike, but that they are never detached
  const arena = new Arena(memory.buffer as unknown as ArrayBuffer, reserved, capacity)
  const control = arena.take(Work.shareBytes * threads)
  const tell = (index: number): StartMessage => {
    const work = arena.take(Work.packBytes)
    return { module, memory, threads, control, work, index }
  }
  const messages = [tell(1), ...Array.from({ length: threads - 2 }, (_, t) => tell(t + 2))] as const
  const pool = Threads.start(messages, (share) => Work.run(wasm, share, 0), modules)
  const engine = over(sharing(wasm, pool.together, threads), arena)
  return {
    ...assemble(build, engine, (more) => build.make({ capacity: more })),
    started: pool.started,
  }
}
