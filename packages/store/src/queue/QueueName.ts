/** Names of queues, one for each version of the code. */
import { idOf, RunKey } from "@nonconvex/runner/RunKey"
import { Effect, Schema } from "effect"
import { Trial, type Version } from "./Trial.ts"

/**
 * Name of a trial: the id of its run.
 *
 * @internal
 */
export const nameOf = ({ key }: Trial): Effect.Effect<string> => idOf(key)

const shipped = "shipped"

/**
 * Queue of a version. Each version has its own, so that no worker gets work whose bits it would not reproduce.
 *
 * The name is the version: `optim-sam strict <code> shipped`.
 *
 * @internal
 */
export const queueOf = ({ code, data = shipped, kernels, system }: Version): string =>
  `${system} ${kernels} ${code} ${data}`

/**
 * The version of a queue; undefined for a name of no version.
 *
 * @internal
 */
export const versionIn = (queue: string): Version | undefined => {
  const [system, kernels, code, data, ...rest] = queue.split(" ")
  if (system === undefined || code === undefined || data === undefined || rest.length > 0) {
    return undefined
  }
  if (!Schema.is(RunKey.fields.kernels)(kernels)) return undefined
  return { system, kernels, code, ...(data === shipped ? {} : { data }) }
}
