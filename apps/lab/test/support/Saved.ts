/** Networks that the command line trained and saved. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { temporary } from "./Folders.ts"
import { nonconvex } from "./InProcess.ts"

/** Trains with the given arguments and returns where the network was saved. */
export const saved = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const file = join(temporary(), "network.json")
  const { code, stderr } = yield* nonconvex([], ["train", ...args, "--save", file, "--quiet"])
  assert.strictEqual(code, 0, stderr)
  return file
})
