/** A supervisor that starts its threads, and then hears nothing of them and answers nobody. */
import { workerData } from "node:worker_threads"
import * as Control from "../../src/internal/shared/Control.ts"
import type { Supervised } from "../../src/internal/shared/supervisor.ts"
import "../../src/internal/shared/supervisor.ts"

const { told } = workerData as Supervised
const [first] = told
const control = Control.at(first!.memory.buffer, first!.control, first!.threads)
const never = new Int32Array(new SharedArrayBuffer(4))

const watching = setInterval(() => {
  if (told.some(({ index }) => control.state(index) === Control.states.absent)) return
  clearInterval(watching)
  Atomics.wait(never, 0, 0)
}, 1)
