import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { numbers, sample, symmetric } from "../src/Numbers.ts"
import * as Python from "../src/Python.ts"

describe("numbers", () => {
  it("are the same in Python", () => {
    const program = "import json, peers; print(json.dumps(peers.symmetric(5, 3).ravel().tolist()))"
    const { status, stderr, stdout } = spawnSync(Python.command(), ["-c", program], {
      cwd: join(import.meta.dirname, "..", "python"),
      encoding: "utf8",
    })
    if (status === 0) {
      assert.deepStrictEqual(JSON.parse(stdout), [...symmetric(5, 3)])
    } else {
      console.log("skipped: no python3 with numpy; npm run peers -- --install makes one")
      assert.match(stderr, /numpy|ENOENT|^$/)
    }
  })

  it("are fixed, spread over the interval, and different for each salt", () => {
    assert.deepStrictEqual([...numbers(2, 1)], [...numbers(3, 1).subarray(0, 2)])
    const many = numbers(10_000, 2)
    const mean = many.reduce((sum, value) => sum + value, 0) / many.length
    assert.isBelow(Math.abs(mean), 0.02)
    assert.isTrue(many.every((value) => value >= -0.5 && value < 0.5))
    assert.notStrictEqual(numbers(1, 1)[0], numbers(1, 2)[0])
  })

  it("are sampled evenly", () => {
    assert.deepStrictEqual(sample([1, 2, 3]), [1, 2, 3])
    const thousand = sample(Float64Array.from({ length: 4500 }, (_, i) => i))
    assert.strictEqual(thousand.length, 900)
    assert.deepStrictEqual(thousand.slice(0, 3), [0, 5, 10])
  })
})
