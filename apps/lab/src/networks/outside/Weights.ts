/** Networks of other programs written back: their tensors, under their names, at other parameters. */
import { encodeNpz, encodeSafetensors, type Model, tensorsAt } from "@nonconvex/interchange/node"
import { Effect, Path } from "effect"
import { Misfit } from "../../cli/Failure.ts"

const writers = { ".safetensors": encodeSafetensors, ".npz": encodeNpz }
type Extension = keyof typeof writers

const isExtension = (name: string): name is Extension => Object.hasOwn(writers, name)

/** Writer of a model, by the extension of its file. Fails with Misfit unless that is `.safetensors` or `.npz`. */
export const writerFor = Effect.fnUntraced(function* (file: string) {
  const paths = yield* Path.Path
  const extension = paths.extname(file)
  if (!isExtension(extension)) {
    const needs =
      "a file that ends with .safetensors or .npz: a network of another program keeps its names"
    return yield* new Misfit({ flag: "save", needs })
  }
  return (model: Model, parameters: Float64Array): Uint8Array =>
    writers[extension]([...tensorsAt(model, parameters), ...model.fixed])
})
