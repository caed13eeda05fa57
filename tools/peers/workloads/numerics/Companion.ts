/** A thread that does the same work as another at the same time, and shares nothing with it but the machine. */
import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
import { fileURLToPath } from "node:url"
import { isMainThread, parentPort, Worker } from "node:worker_threads"
import type { Parameters, Work } from "../../src/Workload.ts"
import { capacity, once } from "./Products.ts"

if (!isMainThread) {
  const kernels = SharedKernels.make(1, { capacity })
  let work: Work | undefined
  parentPort!.on("message", (parameters: Parameters | undefined) => {
    if (parameters !== undefined) work = once(kernels, parameters)
    void work!.run()
    parentPort!.postMessage("done")
  })
}

/** Starts the thread; each call has it prepare work or, without parameters, do it once more, and ends when it has. */
export const start = async (): Promise<(parameters?: Parameters) => Promise<void>> => {
  const thread = new Worker(fileURLToPath(import.meta.url))
  thread.unref()
  const ask = (parameters?: Parameters) =>
    new Promise<void>((resolve, reject) => {
      thread.once("message", () => resolve())
      thread.once("error", reject)
      thread.postMessage(parameters)
    })
  await ask({ kind: 0, n: 8 })
  return ask
}
