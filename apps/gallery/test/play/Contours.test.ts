import { assert, describe, it } from "@effect/vitest"
import { contour, gridOf } from "../../src/play/Contours.ts"

const box = { x: [-1, 1], y: [-1, 1] } as const

describe("a contour", () => {
  it("goes where the function has the level", () => {
    const columns = 40
    const grid = gridOf((x, y) => x * x + y * y, box, columns, columns)
    const segments = contour(grid, 0.25)
    assert.isAbove(segments.length, 40)
    for (const [fromX, fromY, toX, toY] of segments) {
      for (const [i, j] of [
        [fromX, fromY],
        [toX, toY],
      ] as const) {
        const [x, y] = [-1 + (2 * i) / columns, 1 - (2 * j) / columns]
        assert.closeTo(Math.hypot(x, y), 0.5, 0.01)
      }
    }
  })

  it("is empty where the function never has the level", () => {
    assert.isEmpty(
      contour(
        gridOf(() => 1, box, 4, 4),
        2,
      ),
    )
  })
})
