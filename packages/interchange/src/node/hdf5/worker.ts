/** Separate thread for jsfive, which follows any addresses in a file, even cyclic ones. */
import { parentPort, workerData } from "node:worker_threads"
import { model, type Source } from "../../networks/keras/Hdf5Model.ts"
import { BadModel } from "../../networks/ModelError.ts"
import { type Answers, buffers, keeping, refusalOf } from "./Answers.ts"
import { open } from "./Hdf5.ts"

/** Answer of the thread. */
export type Read =
  | { readonly answers: Answers }
  | { readonly refusal: ReturnType<typeof refusalOf> }

const read = ({ bytes, ...of }: Source): Read => {
  try {
    const file = keeping(open(bytes, of.path))
    try {
      model(of, file)
    } catch {
      // who asks again sees it too
    }
    return { answers: file.answers }
  } catch (error) {
    if (error instanceof BadModel) return { refusal: refusalOf(error) }
    throw error
  }
}

const found = read(workerData as Source)
parentPort!.postMessage(found, "answers" in found ? [...buffers(found.answers)] : [])
