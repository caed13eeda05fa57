/** Instances of compiled kernels, with a flag whether V8 joins pairs of their vectors. */
import type { Exports } from "./Exports.ts"

declare const WebAssembly: {
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** Name under which a program notifies its threads that pairs of vectors are joined. */
export const joined = "@nonconvex/numerics: vectors are joined"

/** Part of Node that reports it, in a thread too; absent in a browser. */
interface Host {
  readonly process?: {
    readonly getBuiltinModule?: (name: "node:worker_threads") => {
      readonly getEnvironmentData: (key: string) => unknown
    }
  }
}

const areJoined = (): boolean => {
  const threads = (globalThis as Host).process?.getBuiltinModule?.("node:worker_threads")
  return threads?.getEnvironmentData(joined) === true
}

/** An instance over a memory, with the tiles of products that fit the vectors. */
export const instantiate = (module: object, memory: object): Exports => {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports
  exports.setWide(areJoined() ? 1 : 0)
  return exports
}
