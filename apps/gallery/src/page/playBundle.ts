// The bundle of what computes: see Computing.ts. One, for all of it is mostly the kernels.
import { toys } from "../play/index.ts"
import { recording } from "../replay/Recording.ts"
import { statements } from "../replay/Statements.ts"
import { answer, type Question } from "../replay/Told.ts"

const replay = recording(statements)

globalThis.nonconvexComputing = { toys, replay }

// in a worker the same script answers questions
if ("WorkerGlobalScope" in globalThis) {
  addEventListener("message", ({ data }: MessageEvent<Question>) =>
    postMessage(answer(replay, data)),
  )
}
