/** Rows as integers of a grid. */
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Grid from "./reference/Grid.ts"

export interface GridKernels {
  /** Tests whether no number is infinite or NaN. Absent if it would take longer than `Vector.isFinite`. */
  readonly areFinite?: (numbers: Float64Array) => boolean
  /**
   * Writes centred rows as integers to `out`, each clipped to the ball, and returns how many were clipped. Rows have as many
   * numbers as the centre; all are finite.
   *
   * Rounds to nearest, with halves up, or towards zero if the nearest point lies outside the ball. Sums of squares are
   * integers, so this decision is exact. No build fuses a multiply-add. Throws InvalidInput on wrong lengths
   * and where `out` overlaps an input, ArenaFull where copies do not fit.
   */
  readonly quantise: (
    rows: Float64Array,
    ball: Grid.Ball,
    centre: Float64Array,
    out: Float64Array,
  ) => number
}

export const gridKernels = (engine: Engine): GridKernels => ({ quantise: quantise(engine) })

const quantise =
  ({ exports: wasm, staging }: Engine): GridKernels["quantise"] =>
  (rows, ball, centre, out) => {
    const operation = "Kernels.quantise"
    const d = centre.length
    const count = rows.length / d
    Require.count(operation, "centre.length", d)
    Require.count(operation, "rows.length / centre.length", count, 0)
    Check.length(operation, "out", out, rows.length)
    Check.apart(operation, "out and rows", out, rows)
    Check.apart(operation, "out and centre", out, centre)
    if (wasm === undefined) return Grid.quantise(rows, ball, centre, out)
    try {
      const pr = staging.input(rows)
      const pc = staging.input(centre)
      const po = staging.output(out, false)
      const numbers = staging.input(Float64Array.of(ball.bound, ball.steps, ball.largest))
      const clipped = wasm.quantise(count, d, pr, pc, numbers, po, staging.temporary(8 * d))
      staging.back(out, po)
      return clipped
    } finally {
      staging.end()
    }
  }
