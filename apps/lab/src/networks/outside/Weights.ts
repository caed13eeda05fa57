/** The flag `--save` for a network of another program, which keeps its format and names. */
import { ForeignNetwork } from "@nonconvex/interchange/node"
import { Effect, Path } from "effect"
import { Misfit } from "../../cli/Failure.ts"

/** Writer of a model, by the extension of its file. Fails with Misfit unless that is `.safetensors` or `.npz`. */
export const writerFor = Effect.fnUntraced(function* (file: string) {
  const paths = yield* Path.Path
  const write = ForeignNetwork.writerFor(paths.extname(file))
  if (write !== undefined) return write
  const needs =
    "a file that ends with .safetensors or .npz, since a network from another program keeps its tensor names"
  return yield* new Misfit({ flag: "save", needs })
})
