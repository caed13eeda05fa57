import { assert, describe, it } from "@effect/vitest"
import { inflateRawSync } from "node:zlib"
import { engine, live, page, play, replay, site } from "../src/bundles/index.ts"
// @ts-expect-error it is plain JavaScript, so that any Node runs it at install
import * as building from "../build.mjs"

const { script } = building as {
  readonly script: (name: string) => Promise<Uint8Array>
}

const weight = (base64: string): number => Buffer.from(base64, "base64").length

describe("the scripts of the page", () => {
  for (const [name, bundle] of Object.entries({ page, engine, play, replay, site, live })) {
    it(`are of the sources as they are: ${name}`, async () => {
      // else: npm run bundle -w @nonconvex/gallery
      const packed = Buffer.from(bundle, "base64")
      assert.isTrue(inflateRawSync(packed).equals(await script(name)))
    })
  }

  it("leave two thirds of a report's 1.5 MB to its data, with what computes", () => {
    assert.isBelow(weight(page) + weight(engine) + weight(play) + weight(replay), 720_000)
  })

  it("have toys that the first screen does not wait for", () => {
    assert.isBelow(weight(page) + weight(play), 150_000)
  })

  it("are 300 kB, packed", () => {
    assert.isBelow(weight(page) + weight(engine), 300_000)
    assert.isBelow(weight(live) + weight(engine), 300_000)
  })
})
