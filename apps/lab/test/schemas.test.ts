import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { documents } from "./support/Schemas.ts"

describe("docs/schemas", () => {
  it.each(Object.entries(documents))("%s is what the program reads and writes", (name, text) => {
    const path = new URL(`../../../docs/schemas/${name}`, import.meta.url)
    const parse = (each: string): unknown => JSON.parse(each)
    assert.deepStrictEqual(parse(readFileSync(path, "utf8")), parse(text))
  })
})
