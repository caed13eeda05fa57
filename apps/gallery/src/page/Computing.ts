/**
 * Code for computing in the page, unpacked at first use. The toys are a small part of it, so the first screen does not wait for
 * the claims.
 */
import { shared } from "../Parts.ts"
import type { Toy } from "../play/Toy.ts"
import type { Recording } from "../replay/Recording.ts"
import type { Answer, Question, PortableRecording } from "../replay/PortableRecording.ts"
import { once, worker } from "./Packed.ts"

declare global {
  // a script tells others what it has by a name that all of them see
  // oxlint-disable-next-line no-var
  var nonconvexToys: ReadonlyArray<Toy> | undefined
  // oxlint-disable-next-line no-var
  var nonconvexReplay: ((token: string) => Recording) | undefined
}

export const toys = once(shared.play, () => globalThis.nonconvexToys)

/** A replay in a worker, which can be cancelled. */
export interface Replaying {
  /** Rejects with the worker's reason; never settles once it is cancelled. */
  readonly recording: Promise<PortableRecording>
  readonly cancel: () => void
}

/** Replays a token in a worker: some take half a minute, while the page stays responsive. */
export const replaying = (token: string): Replaying => {
  let isCancelled = false
  let running: Worker | undefined
  const answered = async (): Promise<PortableRecording> => {
    const started = await worker(shared.replay)
    running = started
    if (isCancelled) started.terminate()
    const found = await new Promise<Answer>((resolve, reject) => {
      started.addEventListener("message", ({ data }: MessageEvent<Answer>) => resolve(data))
      started.addEventListener("error", ({ message }) => reject(new Error(message)))
      started.postMessage({ replay: token } satisfies Question)
    })
    started.terminate()
    if ("fault" in found) throw new Error(found.fault)
    return found.recording
  }
  return {
    recording: answered(),
    cancel: () => {
      isCancelled = true
      running?.terminate()
    },
  }
}
