/** `systems` prints a file, so as not to load a thousand modules to count them; it says what composing them says. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { entryOf } from "../src/evidence/SystemEntry.ts"
import { allSystems, listed, Systems } from "../src/evidence/Systems.ts"

const file = join(import.meta.dirname, "..", "systems.json")

describe("the list of systems", () => {
  it.live("is that of the composed ones (`vitest -u` writes it again)", ({ expect }) =>
    Effect.gen(function* () {
      const entries = (yield* allSystems).map(entryOf)
      yield* Effect.promise(() =>
        Promise.resolve(
          expect(`${JSON.stringify(entries, undefined, 2)}\n`).toMatchFileSnapshot(file),
        ),
      )
      assert.deepStrictEqual(yield* listed, entries)
      assert.lengthOf(entries, 7)
    }).pipe(Effect.provide(Systems.layer)),
  )
})
