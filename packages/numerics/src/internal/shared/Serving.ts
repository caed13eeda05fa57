/** Thread of shared kernels: does its share of one operation after another, and sleeps between them. */
import { instantiate } from "../../kernels/Instance.ts"
import * as Control from "./Control.ts"
import * as Work from "./Work.ts"

/** Start message of a thread. */
export interface StartMessage {
  readonly module: object
  readonly memory: { readonly buffer: SharedArrayBuffer }
  readonly threads: number
  /** Addresses of the control block and of its own room to pack operands in. */
  readonly control: number
  readonly work: number
  /** Number of the thread, from 1 on; the requesting thread is 0. */
  readonly index: number
}

/** Serves until the thread is ended. */
export const serve = (message: StartMessage, run: typeof Work.run): never => {
  const { index, memory, module, threads, work } = message
  const wasm = instantiate(module, memory)
  const control = Control.at(memory.buffer, message.control, threads)
  const share = control.share(index)
  let seen = control.operation()
  control.enter(index, Control.states.idle)
  for (;;) {
    control.awaitOperation(seen)
    seen = control.operation()
    if (!control.move(index, Control.states.offered, Control.states.taken)) continue
    run(wasm, share, work)
    control.enter(index, Control.states.idle)
    control.advance()
  }
}
