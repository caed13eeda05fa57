import { assert, describe, it } from "@effect/vitest"
import type { Histogram } from "@nonconvex/evidence/Histogram"
import * as Shapes from "../../src/page/MarginShapes.ts"

const { height, left, width } = Shapes.room

/** Margins from 0 to 1, by the bins of twenty that are not empty. */
const fromZeroToOne = (full: Readonly<Record<number, number>>): Histogram => ({
  least: 0,
  largest: 1,
  scale: "linear",
  counts: Array.from({ length: 20 }, (_, bin) => full[bin] ?? 0),
})

describe("margins as shapes", () => {
  it("have a bar for each bin that is not empty, the fullest as high as the room", () => {
    const path = Shapes.bars(fromZeroToOne({ 0: 4, 19: 1 }))
    assert.strictEqual(
      path,
      `M${left} ${height}v-64h13v64zM${left + width - 14} ${height}v-16h13v16z`,
    )
  })

  it("show a bin that has one of many", () => {
    assert.include(Shapes.bars(fromZeroToOne({ 0: 5000, 19: 1 })), "v-2h13")
  })

  it("are one bar where all are equal", () => {
    const equal = { least: 1, largest: 1, scale: "linear", counts: [2] } as const
    assert.strictEqual(Shapes.bars(equal), `M${left} 64v-64h279v64z`)
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
      Shapes.inWords(fromZeroToOne({ 0: 1, 18: 1, 19: 2 })),
      "4 margins from 0 to 1; 50 % of them from 0.95 to 1",
    )
  })
})
