/** A thread of shared kernels that ends where the scale of an operation says so, in the middle of its share and without a word. */
import process from "node:process"
import { threadId, workerData } from "node:worker_threads"
import { serve, type Told } from "../../src/internal/shared/Serving.ts"
import * as Work from "../../src/internal/shared/Work.ts"
import { deadly, endless } from "./Deadly.ts"

/** Places of `alpha` and of the rows among the numbers of a product of matrices. */
const [alpha, rows] = [6, 3]

serve(workerData as Told, (wasm, share, work) => {
  if (share[alpha] === endless)
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  if (share[alpha] !== deadly) return Work.run(wasm, share, work)
  Work.run(wasm, share.with(rows, share[rows]! >> 1), work)
  process.exit(threadId)
})
