import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { normals } from "../../src/evidence/support/Instances.ts"
import {
  completion,
  dense,
  Factorisation,
  flatten,
  flattestIsotropic,
  sharpness,
} from "../../src/index.ts"
import { assertClose, sensing } from "../support/Numbers.ts"
import { flattestSingle, flattestTwoLayers } from "../../src/flatness/Flattest.ts"
import { gaugeDescent } from "../../src/flatness/GaugeDescent.ts"
import { traceNorm, UnseenDirections } from "../../src/flatness/TraceNorm.ts"

const { measurements } = sensing(4, 1, 12, 3)
const stack = (widths: ReadonlyArray<number>) => {
  const shape = Factorisation.shape(widths)
  return { shape, x: normals(Seed.root(7), shape.dimension) }
}

const ways = [
  ["isotropic", "isotropic", [4, 6, 5, 4], 1],
  [measurements, "two layers", [4, 6, 4], 1],
  [measurements, "gauge descent", [4, 6, 5, 4], undefined],
] as const

describe("flatten", () => {
  it.each(ways)(
    "keeps the product and lowers the sharpness (%#)",
    (design, method, widths, excess) => {
      const { shape, x } = stack(widths)
      const flat = flatten(design, shape, x)
      assert.strictEqual(flat.method, method)
      assertClose(
        Factorisation.endToEnd(shape, flat.parameters),
        Factorisation.endToEnd(shape, x),
        1e-11,
      )
      assert.isBelow(flat.after, 0.9 * flat.before)
      if (excess === undefined) {
        assert.deepStrictEqual(
          [flat.lowerBound, flat.excessBefore, flat.excessAfter],
          [undefined, undefined, undefined],
        )
        return
      }
      assert.closeTo(flat.excessAfter!, excess, 1e-9)
      assert.closeTo(flat.excessBefore!, flat.before / flat.after, 1e-9)
      assert.closeTo(flat.lowerBound!, flat.after, 1e-9 * flat.after)
    },
  )

  it("rescales where a row is not measured, and never runs away", () => {
    const design = completion({
      rows: 3,
      columns: 2,
      entries: [
        [0, 0],
        [0, 1],
        [1, 1],
      ],
    })
    const { shape, x } = stack([2, 3, 3])
    const flat = flatten(design, shape, x)
    assert.strictEqual(flat.method, "rescaling")
    assert.isAtMost(flat.after, flat.before)
    assertClose(
      Factorisation.endToEnd(shape, flat.parameters),
      Factorisation.endToEnd(shape, x),
      1e-12,
    )
    assert.throws(
      () => flattestTwoLayers(design, Factorisation.shape([2, 2, 3]), new Float64Array(6).fill(1)),
      UnseenDirections,
      "do not see 1 row and 0 column directions",
    )
  })

  it("says how far from the flattest it is where directions are unseen in two layers", () => {
    const three = dense({ rows: 1, columns: 4, matrices: normals(Seed.root(5), 12) })
    const { shape, x } = stack([4, 2, 1])
    const flat = flatten(three, shape, x)
    assert.strictEqual(flat.method, "rescaling")
    const least = traceNorm(three).value(Factorisation.endToEnd(shape, x))
    assert.closeTo(flat.lowerBound!, least, 1e-12 * least)
    assert.closeTo(flat.excessAfter!, flat.after / least, 1e-12)
    assert.isAbove(flat.excessAfter!, 1.01)
  })

  it("leaves layers of product zero at zero", () => {
    const { shape } = stack([4, 3, 3, 4])
    const flat = flatten("isotropic", shape, new Float64Array(shape.dimension))
    assert.strictEqual(flat.after, 0)
    assert.deepStrictEqual(flat.parameters, new Float64Array(shape.dimension))
    assert.strictEqual(gaugeDescent(measurements, shape, new Float64Array(16)).sharpness, 0)
  })
})

describe("the flattest layers for one measurement", () => {
  const single = (a: Float64Array) => dense({ rows: 2, columns: 2, matrices: a })
  const shape = Factorisation.shape([2, 2, 2, 2, 2])
  const a = Float64Array.of(1, 2, 3, 5)

  it.each([
    ["a singular product", a, Float64Array.of(1, 2, 2, 4)],
    ["a product of condition 1e5", a, Float64Array.of(1, 0, 0, 1e-5)],
    ["a singular measurement", Float64Array.of(1, 2, 2, 4), a],
    ["no measurement", new Float64Array(4), a],
  ])("are refused for %s, with the condition", (_name, measured, m) => {
    assert.throws(
      () => flattestSingle(single(measured), shape, m),
      InvalidInput,
      /condition .* gaugeDescent .*condition = (Infinity|\d\.\d+e\+\d+)/,
    )
  })

  it("do not see the scale of either", () => {
    const m = Float64Array.of(2, 1, 0, 1)
    const plain = flattestSingle(single(a), shape, m)
    for (const factor of [2 ** -400, 2 ** 400]) {
      const scaled = a.map((value) => value * factor)
      assertClose(flattestSingle(single(scaled), shape, m), plain, 1e-12)
      const layers = flattestSingle(
        single(a),
        shape,
        m.map((value) => value * factor),
      )
      assertClose(
        layers.map((w) => w / factor ** 0.25),
        plain,
        1e-12,
      )
    }
  })
})

describe("descent along the factorisations", () => {
  it("ends where the gradient along them vanishes", () => {
    const { shape, x } = stack([4, 4, 4, 4])
    const found = gaugeDescent(measurements, shape, Factorisation.endToEnd(shape, x))
    assert.isBelow(found.gradientNorm, 1e-6)
    const layers = sharpness(measurements, shape).layers(found.parameters)
    layers.forEach((t) => assert.closeTo(t, layers[0]!, 1e-5 * layers[0]!))
  })

  it.each([1e-6, 1e-20, 1e-50, 1e-100, 1e50, 1e100])(
    "goes as far for layers times %d as for those of size 1",
    (factor) => {
      const { shape, x } = stack([4, 4, 4, 4])
      const of = (parameters: Float64Array): number =>
        sharpness(measurements, shape)
          .layers(parameters)
          .reduce((sum, t) => sum + t, 0)
      const plain = gaugeDescent(measurements, shape, Factorisation.endToEnd(shape, x))
      const scaled = x.map((w) => w * factor)
      const found = gaugeDescent(measurements, shape, Factorisation.endToEnd(shape, scaled))
      const unit = found.parameters.map((w) => w / factor)
      assert.closeTo(of(unit), plain.sharpness, 1e-9 * plain.sharpness)
      assertClose(Factorisation.endToEnd(shape, unit), Factorisation.endToEnd(shape, x), 1e-11)
      // where that is a number: beyond, T itself is out of range
      if (Math.abs(Math.log10(factor)) > 60) return
      assert.closeTo(found.sharpness / factor ** 4, plain.sharpness, 1e-9 * plain.sharpness)
    },
  )

  it("does not see the scale of the measurements", () => {
    const { shape, x } = stack([4, 4, 4, 4])
    const m = Factorisation.endToEnd(shape, x)
    const plain = gaugeDescent(measurements, shape, m)
    for (const factor of [2 ** -300, 2 ** 300]) {
      const scaled = measurements.scaled(new Float64Array(12).fill(factor))
      const found = gaugeDescent(scaled, shape, m)
      assert.closeTo(found.sharpness / factor ** 2, plain.sharpness, 1e-9 * plain.sharpness)
    }
  })

  it("starts from layers that survive numbers whose powers overflow", () => {
    const shape = Factorisation.shape([1, 1, 1, 1, 1, 1])
    const flat = flattestIsotropic(shape, Float64Array.of(1e200))
    assertClose(Factorisation.endToEnd(shape, flat), [1e200], 1e-12)
  })
})
