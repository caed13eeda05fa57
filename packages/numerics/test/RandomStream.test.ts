import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"

const stream = () => RandomStream.make(Seed.root(42).child("labels").child(3))

describe("RandomStream", () => {
  it("repeats the words of xoshiro128++ for a known state", () => {
    // State 1, 2, 3, 4: first outputs of the authors' C program.
    const reference = new RandomStream.RandomStream(Int32Array.of(1, 2, 3, 4))
    assert.deepStrictEqual(
      Array.from({ length: 5 }, () => reference.word()),
      [641, 1573767, 3222811527, 3517856514, 836907274],
    )
  })

  it("gives the same bits in bulk as one at a time", () => {
    const [bulk, single] = [stream(), stream()]
    const out = new Float64Array(2000)
    bulk.fillNormal(out)
    assert.deepStrictEqual(
      out,
      Float64Array.from(out, () => single.normal()),
    )
    bulk.fillUniform(out)
    assert.deepStrictEqual(
      out,
      Float64Array.from(out, () => single.uniform()),
    )
    bulk.fillRademacher(out)
    assert.deepStrictEqual(
      out,
      Float64Array.from(out, () => single.sign()),
    )
  })

  it("draws normals with the moments of a standard normal", () => {
    const n = 400_000
    const out = new Float64Array(n)
    stream().fillNormal(out)
    const moment = (p: number) => out.reduce((sum, x) => sum + x ** p, 0) / n
    // Five standard errors each: the variances are 1, 2, 15 and 96 over n.
    assert.isBelow(Math.abs(moment(1)), 5 * Math.sqrt(1 / n))
    assert.isBelow(Math.abs(moment(2) - 1), 5 * Math.sqrt(2 / n))
    assert.isBelow(Math.abs(moment(3)), 5 * Math.sqrt(15 / n))
    assert.isBelow(Math.abs(moment(4) - 3), 5 * Math.sqrt(96 / n))
  })
})
