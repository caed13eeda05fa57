import * as Resumption from "@nonconvex/problems/Resumption"
import { assert, it } from "vitest"

it("a run goes on from its snapshot in a new process, bit for bit", async () => {
  const list = new URL("./support/resumable.ts", import.meta.url)
  assert.deepStrictEqual(await Resumption.differences(list), [])
})
