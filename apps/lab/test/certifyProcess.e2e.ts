/** Ctrl-C during a certificate, a job on another thread. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { once } from "node:events"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { errors, start } from "./support/Process.ts"

/** A trained network with its one hidden layer replaced by one so wide that the certificate takes many seconds. */
const wide = Effect.fnUntraced(function* (folder: string) {
  const file = join(folder, "net.json")
  const shape = ["--hidden", "4", "--activation", "tanh", "--epochs", "1"]
  const { code } = yield* nonconvex([], ["train", "diabetes", ...shape, "--save", file, "--quiet"])
  assert.strictEqual(code, 0)
  const net = JSON.parse(readFileSync(file, "utf8")) as object
  const parameters = Array.from({ length: 12 * 3000 + 1 }, (_, i) => 0.02 * Math.sin(i * i))
  const architecture = { widths: [10, 3000, 1], activation: "tanh" }
  writeFileSync(file, JSON.stringify({ ...net, architecture, parameters }))
  return file
})

const interrupted = async (folder: string, file: string) => {
  const figure = ["--figure", join(folder, "spectrum.svg")]
  const descend = ["--descend", "1", "--gradient-tolerance", "1000"]
  const { child, ended } = start("toy", ["certify", file, "diabetes", ...figure, ...descend])
  // It says when the descent has ended. Then its thread is deep in products with the Hessian.
  await once(child.stderr!, "data")
  await setTimeout(500)
  child.kill("SIGINT")
  return ended
}

describe("certify", () => {
  it.live(
    "ends at Ctrl-C, long before its work would, prints nothing and leaves no figure",
    () =>
      Effect.gen(function* () {
        const folder = temporary()
        const file = yield* wide(folder)
        const found = yield* Effect.promise(() => interrupted(folder, file))
        assert.strictEqual(found.code, 130)
        assert.deepStrictEqual(errors(found.stderr), [])
        assert.deepStrictEqual([found.stdout, readdirSync(folder)], ["", ["net.json"]])
      }),
    { timeout: 120_000 },
  )
})
