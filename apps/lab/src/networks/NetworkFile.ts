/** A network in a file of any program, told by what the file is. */
import { ForeignNetwork } from "@nonconvex/interchange/node"
import { Effect } from "effect"
import { reported } from "../cli/Failure.ts"
import * as Outside from "./outside/Outside.ts"
import * as TrainedNetwork from "./TrainedNetwork.ts"

/**
 * Reads a network that `train` saved, or one of another program with the flags about it. Fails with Misfit on such flags for the
 * former, and with the error of the file.
 */
export const read = Effect.fn("NetworkFile.read")(function* (
  path: string,
  outside: Outside.Options,
) {
  if (yield* ForeignNetwork.isForeign(path)) {
    const found = yield* Outside.read(path, outside.architecture)
    return { _tag: "Foreign", found } as const
  }
  const wrong = Outside.misfit(outside)
  if (wrong !== undefined) return yield* wrong
  return { _tag: "Saved", saved: yield* TrainedNetwork.read(path) } as const
}, reported)
