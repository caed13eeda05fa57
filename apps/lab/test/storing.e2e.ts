/** A process takes from a store what another one computed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { system as toy } from "./fixtures/toy.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { start } from "./support/Process.ts"

const within = (folder: string) => join(folder, "runs.sqlite")

const taken = (parts: string) =>
  new RegExp(`^${parts} reused from .*; --fresh recomputes them$`, "m")

describe("a store of runs", () => {
  it.live("gives a process what this one computed: both are of the same code", () =>
    Effect.gen(function* () {
      const args = ["run", "toy/dice", "--store", within(temporary())]
      const first = yield* nonconvex([toy], args)
      const { code, stderr, stdout } = yield* Effect.promise(() => start("toy", args).ended)
      assert.deepStrictEqual([code, stdout.trimEnd()], [0, first.stdout.trimEnd()])
      assert.match(stderr, taken("[0-9]+ parts? of [0-9]+"))
    }),
  )
})
