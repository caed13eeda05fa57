/** Where the thread starts that starts those of shared kernels. */
import { parentPort, workerData } from "node:worker_threads"
import { type Supervised, supervise } from "./Supervising.ts"

const { answer } = supervise(workerData as Supervised, (why) => parentPort?.postMessage(why))
parentPort?.on("message", answer)
