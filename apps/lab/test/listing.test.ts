/** `systems` prints a file, so as not to load a thousand modules to count them; it says what composing them says. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import * as Capable from "../src/cli/Capable.ts"
import { entryOf } from "../src/evidence/SystemEntry.ts"
import { composed, listed, Systems } from "../src/evidence/Systems.ts"

const file = join(import.meta.dirname, "..", "systems.json")

describe("the list of systems", () => {
  it.live("is that of the composed ones (`vitest -u` writes it again)", ({ expect }) =>
    Effect.gen(function* () {
      const entries = (yield* composed).map(entryOf)
      yield* Effect.promise(() =>
        Promise.resolve(
          expect(`${JSON.stringify(entries, undefined, 2)}\n`).toMatchFileSnapshot(file),
        ),
      )
      assert.deepStrictEqual(yield* listed, entries)
      assert.lengthOf(entries, 7)
    }).pipe(
      Effect.provide(
        Capable.idle.pipe(Layer.provideMerge(Layer.merge(Systems.layer, NodeServices.layer))),
      ),
    ),
  )
})
