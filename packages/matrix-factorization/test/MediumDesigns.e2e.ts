/** Designs whose recovery takes seconds. */
import { Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { normals } from "../src/evidence/support/Instances.ts"
import { Factorisation, flatten, recover } from "../src/index.ts"
import { assertClose, sensing } from "./support/Numbers.ts"
import { largestPenalty, softImpute } from "../src/recovery/SoftImpute.ts"

const seed = Seed.root(3)

describe("dense designs of medium size", () => {
  it("recover and flatten", { timeout: 60_000 }, () => {
    const { measurements, targets, truth } = sensing(40, 1, 400, 5)
    const found = recover(measurements, targets, { starts: 1, tolerance: 1e-6 })
    assert.strictEqual(found.status, "certified")
    assertClose(found.matrix, truth, 1e-3)
    const shape = Factorisation.shape([40, 2, 40])
    const flat = flatten(measurements, shape, normals(seed, shape.dimension))
    assert.isBelow(flat.after, flat.before)
  })
})

describe("soft-impute", () => {
  it("takes more overlapping measurements than the shared kernels have room for", () => {
    const { measurements, targets } = sensing(60, 1, 3600, 3)
    const penalty = 0.5 * largestPenalty(measurements, targets)
    const arena = Kernels.strict().arena
    // as where others hold most of it
    const held = arena.f64((arena.capacity - arena.used) / 8 - 2 ** 23)
    const found = softImpute(measurements, targets, { penalty, tolerance: 1e-3 })
    arena.release(held)
    assert.strictEqual(found.status, "certified")
  })
})
