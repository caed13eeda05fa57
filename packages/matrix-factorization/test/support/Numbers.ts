import { assert } from "vitest"
import { dense } from "../../src/index.ts"
import { Kernels, Seed } from "@nonconvex/numerics"
import { gaussianSensing } from "../../src/evidence/support/Sensing.ts"
import type { Measurements } from "../../src/measurements/Measurements.ts"

/** Asserts that two vectors agree to `tolerance` of the largest expected number. */
export const assertClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void => {
  assert.strictEqual(actual.length, expected.length)
  const scale = Math.max(1e-300, ...Array.from(expected, Math.abs))
  for (let i = 0; i < expected.length; i++) {
    assert.closeTo(actual[i]!, expected[i]!, tolerance * scale, `element ${i}`)
  }
}

/** Measurements of a random matrix of rank `rank`, and the matrix. */
export const sensing = (size: number, rank: number, count: number, seed: number) =>
  gaussianSensing({ rows: size, columns: size, rank, count }, Seed.root(seed), Kernels.strict())

/** The same measurements as a dense design. */
export const densified = (measurements: Measurements): Measurements =>
  dense({
    rows: measurements.rows,
    columns: measurements.columns,
    matrices: measurements.matrices(),
  })
