/** Compiled loops of other packages in the memory of these kernels. */

/** A WebAssembly module as `assembly/build.mjs` embeds it, and the functions that it exports. */
export interface CompiledLoop<Exports extends object = object> {
  readonly base64: string
  /** Exists in types only, and not at run time. */
  readonly exports?: Exports
}

/**
 * The capability to run compiled loops.
 *
 * It is defined here without any loop, because only these kernels own the memory on which a loop works. Linear algebra does
 * not depend on methods or objectives; each loop is kept next to the step that it repeats.
 */
export interface LoopKernels {
  /**
   * Exports of a loop, instantiated once over the memory of `arena`; an array of the arena is passed by its `byteOffset`.
   * Absent if nothing is compiled (`reference`), and if threads share the memory.
   */
  readonly load?: <Exports extends object>(loop: CompiledLoop<Exports>) => Exports
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** The bytes of a module that is embedded as text. */
export const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** The modules of this thread by their text, each compiled once. */
const modules = new Map<string, object>()

const moduleOf = (base64: string): object => {
  const known = modules.get(base64)
  if (known !== undefined) return known
  const module = new WebAssembly.Module(bytesOf(base64))
  modules.set(base64, module)
  return module
}

/** The loops of one memory, each instantiated once. */
export const loopsOver = (memory: object): NonNullable<LoopKernels["load"]> => {
  const instances = new Map<string, object>()
  return <Exports extends object>({ base64 }: CompiledLoop<Exports>) => {
    const known = instances.get(base64)
    if (known !== undefined) return known as Exports
    const { exports } = new WebAssembly.Instance(moduleOf(base64), { env: { memory } })
    instances.set(base64, exports)
    return exports as Exports
  }
}
