import { gaussian, mulberry32, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Draws from "../../src/perturbation/Draws.ts"

describe("the published draws", () => {
  it("are those of the published generator, whatever is asked in between", () => {
    const draws = Draws.published(-7)
    const place = draws.begin()
    const uniform = mulberry32(-7)
    const normal = gaussian(uniform)
    const out = new Float64Array(3)
    for (let k = 0; k < 50; k++) {
      assert.strictEqual(draws.index(place, 1000), Math.floor(uniform() * 1000))
      // an odd number of normals: one is held over the other draws
      draws.fillSphere(place, out)
      const point = Float64Array.from({ length: 3 }, normal)
      Vector.scale(1 / Vector.norm(point), point)
      assert.deepStrictEqual(out, point)
      assert.strictEqual(draws.sign(place), uniform() < 0.5 ? 1 : -1)
    }
  })
})
