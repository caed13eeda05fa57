/** A thread of shared kernels: does its share of one operation after the other, and sleeps between them. */
import { workerData } from "node:worker_threads"
import type { Exports } from "../../kernels/Exports.ts"
import * as Work from "./Work.ts"

/** What a thread is told when it starts. */
export interface Told {
  readonly module: object
  readonly memory: { readonly buffer: SharedArrayBuffer }
  /** Addresses of the control block and of its own room to pack operands in. */
  readonly control: number
  readonly work: number
  /** Its number, from 1 on: the thread that asks is 0. */
  readonly index: number
}

declare const WebAssembly: {
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

const { control, index, memory, module, work } = workerData as Told
const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports
const words = new Int32Array(memory.buffer, control, 8)
const share = new Float64Array(memory.buffer, control + index * Work.shareBytes, 32)

let seen = Atomics.load(words, Work.words.operation)
Atomics.add(words, Work.words.ready, 1)
for (;;) {
  Atomics.wait(words, Work.words.operation, seen)
  const next = Atomics.load(words, Work.words.operation)
  if (next === seen) continue
  seen = next
  Work.run(wasm, share, work)
  Atomics.add(words, Work.words.done, 1)
  Atomics.notify(words, Work.words.done)
}
