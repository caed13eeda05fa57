import { assert, describe, it } from "@effect/vitest"
import * as Histogram from "@nonconvex/evidence/Histogram"
import * as Shapes from "../../src/page/MarginShapes.ts"

const { height, left, width } = Shapes.room

describe("margins as shapes", () => {
  it("have a bar for each bin that is not empty, the fullest as high as the room", () => {
    const path = Shapes.bars(Histogram.of([0, 0, 0, 0, 1])!)
    assert.strictEqual(
      path,
      `M${left} ${height}v-64h13v64zM${left + width - 14} ${height}v-16h13v16z`,
    )
  })

  it("show a bin that has one of many", () => {
    const many = [...Array.from({ length: 5000 }, () => 0), 1]
    assert.include(Shapes.bars(Histogram.of(many)!), "v-2h13")
  })

  it("are one bar where all are equal", () => {
    assert.strictEqual(Shapes.bars(Histogram.of([1, 1])!), `M${left} 64v-64h279v64z`)
  })

  it("go down with the draws, on a logarithmic axis", () => {
    const path = Shapes.steps([1, 2, 5, 10], [1, 0.5, 0.5, 0])
    assert.strictEqual(path, `M${left} 4H90.3V34H201.7V34H286V64`)
  })

  it("go down by decades where they span them", () => {
    assert.strictEqual(Shapes.steps([1, 10, 100], [1, 0.01, 1e-4]), `M${left} 4H146V34H286V64`)
  })

  it("are told in words", () => {
    assert.strictEqual(
      Shapes.inWords(Histogram.of([0, 0.9, 0.99, 1])!),
      "4 margins from 0 to 1; 50 % of them from 0.95 to 1",
    )
  })
})
