/** Entry of a thread of shared kernels. */
import { workerData } from "node:worker_threads"
import { serve, type StartMessage } from "./Serving.ts"
import * as Work from "./Work.ts"

serve(workerData as StartMessage, Work.run)
