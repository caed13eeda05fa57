/** Ctrl-C during a certificate, which keeps the thread to itself. */
import { assert, describe, it } from "vitest"
import { once } from "node:events"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { errors, start } from "./support/Process.ts"

describe("certify", () => {
  it(
    "ends within a second of Ctrl-C, prints nothing and leaves no figure",
    // A machine under load may be late, but not always.
    { retry: 2 },
    async () => {
      const folder = temporary()
      const file = join(folder, "net.json")
      const shape = ["--hidden", "800", "--activation", "tanh", "--epochs", "1"]
      const trained = await start("toy", ["train", "diabetes", ...shape, "--save", file, "--quiet"])
        .ended
      assert.deepStrictEqual([trained.code, errors(trained.stderr)], [0, []])
      const figure = ["--figure", join(folder, "spectrum.svg")]
      const descend = ["--descend", "1", "--gradient-tolerance", "1000"]
      const { child, ended } = start("toy", ["certify", file, "diabetes", ...figure, ...descend])
      // It says when the descent has ended. Then it is deep in products with the Hessian, which no handler of a signal can leave.
      await once(child.stderr!, "data")
      await setTimeout(500)
      const interrupted = performance.now()
      child.kill("SIGINT")
      const { stderr, stdout } = await ended
      assert.isBelow(performance.now() - interrupted, 1000)
      assert.strictEqual(child.signalCode, "SIGINT")
      assert.deepStrictEqual(errors(stderr), [])
      assert.deepStrictEqual([stdout, readdirSync(folder)], ["", ["net.json"]])
    },
  )
})
