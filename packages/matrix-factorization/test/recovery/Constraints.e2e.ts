import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, it } from "vitest"
import { constraints } from "../../src/recovery/Constraints.ts"
import { dense } from "../../src/measurements/DenseMeasurements.ts"
import { measure } from "../../src/measurements/Measurements.ts"

it("projects where two copies of the measurements do not fit into the memory of the kernels", () => {
  const side = 3000
  const matrices = new Float64Array(2 * side * side)
  RandomStream.make(Seed.root(1)).fillNormal(matrices)
  assert.isAbove(2 * matrices.byteLength, Kernels.strict().arena.capacity)
  const measurements = dense({ rows: side, columns: side, matrices })
  const targets = Float64Array.of(3, -4)
  const { minimumNorm, project, rank } = constraints(measurements, targets)
  assert.strictEqual(rank, 2)
  const point = matrices.slice(side * side)
  project(point)
  for (const x of [minimumNorm, point]) {
    // measurements and points have norms of up to `side`
    assert.isBelow(Vector.distance(measure(measurements, x), targets), 1e-14 * side * side)
  }
})
