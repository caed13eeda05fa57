import * as Resumption from "@nonconvex/problems/Resumption"
import { assert, it } from "vitest"

it(
  "goes on in a new process with the bits of a run that never stopped",
  { timeout: 60_000 },
  async () => {
    const list = new URL("../support/resumable.ts", import.meta.url)
    assert.deepStrictEqual(await Resumption.differences(list), [])
  },
)
