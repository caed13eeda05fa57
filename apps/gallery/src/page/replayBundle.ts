// The bundle of the claims, which replays their instances: see Computing.ts.
import { recording } from "../replay/Recording.ts"
import { statements } from "../replay/Statements.ts"
import { answer, type Question } from "../replay/PortableRecording.ts"

const replay = recording(statements)

globalThis.nonconvexReplay = replay

// in a worker the same script answers questions
if ("WorkerGlobalScope" in globalThis) {
  addEventListener("message", ({ data }: MessageEvent<Question>) =>
    postMessage(answer(replay, data)),
  )
}
