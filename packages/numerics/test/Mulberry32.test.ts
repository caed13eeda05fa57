import { gaussian, mulberry32 } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"

describe("mulberry32", () => {
  it("repeats known numbers", () => {
    // Seed 0, from the author's C program.
    const uniform = mulberry32(0)
    assert.deepStrictEqual(
      Array.from({ length: 3 }, () => uniform() * 2 ** 32),
      [1144304738, 1416247, 958946056],
    )
  })

  it("gives normals in pairs, the cosine first, and never takes the logarithm of 0", () => {
    const [normal, uniform] = [gaussian(mulberry32(5)), mulberry32(5)]
    const [u, v] = [uniform(), uniform()]
    const radius = Math.sqrt(-2 * Math.log(u))
    assert.deepStrictEqual(
      [normal(), normal()],
      [radius * Math.cos(2 * Math.PI * v), radius * Math.sin(2 * Math.PI * v)],
    )
    const given = [0, 0, 0.5, 0.25]
    const redrawn = gaussian(() => given.shift()!)
    assert.isAtMost(Math.abs(redrawn()), 1e-15)
    assert.strictEqual(redrawn(), Math.sqrt(-2 * Math.log(0.5)))
  })
})
