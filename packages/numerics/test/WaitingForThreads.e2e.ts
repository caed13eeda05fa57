/** Shared kernels wait for a thread that sleeps, as long as its supervisor answers. */
import { Kernels } from "@nonconvex/numerics"
import { assert, it } from "vitest"
import { make } from "../src/internal/shared/make.ts"
import * as Threads from "../src/internal/shared/Threads.ts"
import { slow, slowly } from "./fixtures/Deadly.ts"
import { difference, doubles } from "./kernels/expand.ts"

const size = 180
const [a, b, c] = ["a", "b", "c"].map((label) =>
  doubles({ seed: 1, decades: 2 }, label, size * size),
)

const product = (kernels: Kernels.Kernels): Float64Array => {
  const out = c!.slice()
  kernels.gemm(false, true, size, size, size, slow, a!, b!, 0.5, out)
  return out
}

it("a thread of which nothing is heard is waited for as long as its supervisor answers", async () => {
  const thread = new URL("fixtures/dyingThread.ts", import.meta.url)
  // half of what the thread sleeps would be too long without an answer
  const waits = { pause: slowly / 20, patience: 10 }
  const pool = make(2, { capacity: 2 ** 24 }, { ...Threads.own, thread, ...waits })
  while (pool.started() < 2) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const expected = product(Kernels.strict())
  for (let took = 0; took < slowly;) {
    const begin = performance.now()
    assert.isUndefined(difference(product(pool), expected))
    took = performance.now() - begin
  }
  assert.strictEqual(pool.started(), 2)
})
