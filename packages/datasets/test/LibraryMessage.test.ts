import { assert, describe, it } from "vitest"
import { messageOf } from "../src/LibraryMessage.ts"

/** What a call throws. */
const thrown = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    return error
  }
}

describe("the message of a library", () => {
  it.each([
    [
      "its own",
      new Error("parquet metadata length 7 exceeds the file"),
      "parquet metadata length 7 exceeds the file",
    ],
    ["its own, as text", "unsupported filter", "unsupported filter"],
    ["of several lines", new Error("first\nsecond"), "first"],
    ["with what a terminal obeys", new Error("a\u001b[31mb"), "a[31mb"],
    ["that is empty", new Error(""), "its content is damaged"],
    // the engine's
    [
      "a field of undefined",
      thrown(() => (undefined as unknown as { a: 1 }).a),
      "its content is damaged",
    ],
    [
      "a read beyond the end",
      thrown(() => new DataView(new ArrayBuffer(1)).getInt32(0)),
      "its content is damaged",
    ],
  ])("%s", (_, error, expected) => {
    assert.strictEqual(messageOf(error), expected)
  })
})
