/** Entry of the thread that starts the threads of shared kernels. */
import { parentPort, workerData } from "node:worker_threads"
import { type Supervised, supervise } from "./Supervising.ts"

const { answer } = supervise(workerData as Supervised, (why) => parentPort?.postMessage(why))
parentPort?.on("message", answer)
