/** HDF5 models, which a library reads in a separate thread. */
import * as BoundedThread from "@nonconvex/datasets/BoundedThread"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect } from "effect"
import { model as assembled, type Source } from "../../networks/keras/Hdf5Model.ts"
import type { Model } from "../../networks/Model.ts"
import { BadModel, type ModelError, modelErrors } from "../../networks/ModelError.ts"
import * as Answers from "./Answers.ts"
import type { Read } from "./worker.ts"

const entry = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js",
  import.meta.url,
)

/** Milliseconds for a file: a constant for the thread to start, and a fifth of a second per megabyte. */
const patience = ({ length }: Uint8Array): number => 20_000 + length / 5000

/** The model in a file. Fails with BadModel if the file takes too long or exceeds the thread's memory. */
export const model = ({ bytes, ...of }: Source): Effect.Effect<Model, ModelError> => {
  const copy = new Uint8Array(bytes)
  const asked: Source = { ...of, bytes: copy }
  return BoundedThread.run<Read, Source>(entry, {
    asked,
    moved: [copy.buffer],
    patience: patience(bytes),
  }).pipe(
    Effect.mapError(
      ({ reason }) =>
        new BadModel({
          path: of.path,
          reason: `its HDF5 is damaged, or uses a feature that is not supported (${reason.slice(0, 80)})`,
          remedy: "save the model again, as .keras",
        }),
    ),
    Effect.flatMap((read) =>
      Seam.attempt(modelErrors, () => {
        if ("refusal" in read) throw new BadModel(read.refusal)
        return assembled(of, Answers.file(read.answers))
      }),
    ),
  )
}
