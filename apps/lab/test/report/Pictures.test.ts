/** A picture of README and documentation is its figure as it is drawn now. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { pictureOf, pictures } from "../support/Pictures.ts"

describe.each(pictures)("the picture of $experiment", (picture) => {
  it.live("is as its figure is drawn: npm run figures -- --docs", () =>
    Effect.gen(function* () {
      assert.strictEqual(readFileSync(picture.file, "utf8"), yield* pictureOf(picture))
    }),
  )
})
