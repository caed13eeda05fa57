/** The backend that the suite runs on: wasm, or what NONCONVEX_TFJS_BACKEND says. */
import { ManagedRuntime } from "effect"
import { afterAll, beforeAll } from "vitest"
import { TensorRuntime } from "../../src/index.ts"
import { type Backend } from "../../src/runtime/Backend.ts"
import { layerCompiled, layerNode } from "../../src/node.ts"

const layers = {
  node: layerNode,
  compiled: layerCompiled,
  wasm: TensorRuntime.layerWasm,
  cpu: TensorRuntime.layerCpu,
}

const isBackend = (name: string): name is Backend => name in layers

const asked = process.env["NONCONVEX_TFJS_BACKEND"] ?? "wasm"
if (!isBackend(asked))
  throw new Error(`NONCONVEX_TFJS_BACKEND is ${asked}, not node, compiled, wasm or cpu`)

export const backend: Backend = asked

/** Selects the backend for the tests of a file. */
export const useBackend = (): void => {
  const runtime = ManagedRuntime.make(layers[backend])
  beforeAll(() => runtime.runPromise(TensorRuntime))
  afterAll(() => runtime.dispose())
}
