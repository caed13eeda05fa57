/** Two processes, one with float32 products, publish the same bytes in 1,000 of 1,000 games. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { advertised } from "../support/Games.ts"
import type { Line } from "../support/publish.ts"

const program = join(import.meta.dirname, "../support/publish.ts")

const publish = (precision: string): ReadonlyArray<Line> => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", program, precision, "0", "1000"],
    { encoding: "utf8", maxBuffer: 2 ** 26 },
  )
  assert.strictEqual(status, 0, stderr)
  return JSON.parse(stdout) as ReadonlyArray<Line>
}

describe("what two processes publish", () => {
  it("is equal to the byte, in 1,000 of 1,000 games", { timeout: 60_000 }, () => {
    const [double, single] = [publish("float64"), publish("float32")]
    assert.strictEqual(double.length, 1000)
    const equal = double.filter(({ bytes }, k) => bytes === single[k]!.bytes)
    assert.strictEqual(equal.length, 1000)
    for (const line of [...double, ...single]) assert.isAtMost(line.gap, advertised.gap)
    // and in at least nine of ten it is not luck: the clearance proves it
    const certain = double.filter((line, k) => line.certain && single[k]!.certain)
    assert.isAtLeast(certain.length, 900)
  })
})
