/**
 * The thread that starts those of shared kernels, and hears which of them end: the one that asks them for work sleeps until they have done
 * it, and hears nothing.
 */
import { parentPort, Worker, workerData } from "node:worker_threads"
import * as Control from "./Control.ts"
import type { Told } from "./Serving.ts"

/** What it is told when it starts. */
export interface Supervised {
  /** The module that a thread starts with. */
  readonly thread: string
  readonly told: ReadonlyArray<Told>
}

const { thread, told } = workerData as Supervised
const [{ control: address, memory, threads }] = told as readonly [Told]
const control = Control.at(memory.buffer, address, threads)
for (const one of told) {
  const worker = new Worker(new URL(thread), { workerData: one })
  worker.on("error", ({ message }) => parentPort?.postMessage(`${one.index}: ${message}`))
  worker.once("exit", () => control.lose(one.index))
}
parentPort?.on("message", control.answer)
