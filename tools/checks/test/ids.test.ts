import { assert, describe, it } from "vitest"
import { ids, misnamed } from "../src/checks/ids.ts"

const root = new URL("../../..", import.meta.url).pathname

const of = (name: string, text: string) => misnamed(`${name}.ts`, "toy", name, text)

describe("files of definitions", () => {
  it("are named by the id that they define", () => {
    assert.isUndefined(of("AtMostNine", 'claim({\n  id: "toy/at-most-nine",\n})'))
    assert.isUndefined(of("AtMostNine", 'bounded("at-most-nine", 9)'))
    assert.match(of("Digits", 'claim({\n  id: "toy/at-most-nine",\n})')!, /whose file is another/)
    assert.match(of("Digits", "export const digits = 10")!, /belongs in support/)
  })

  it("are all so in this workspace", async () => {
    assert.deepStrictEqual(await ids.run(root), { status: "passed" })
  })
})
