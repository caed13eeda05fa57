import { Draw } from "@nonconvex/evidence"
import { Kernels, Vector } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { range } from "../../src/evidence/support/Combinations.ts"
import { expandSensing } from "../../src/evidence/support/SensingInstances.ts"
import { fields } from "../../src/evidence/support/SolverFields.ts"
import { selected } from "../../src/evidence/support/Transformations.ts"
import { measure, minimiseNuclearNorm } from "../../src/index.ts"
import * as Matrix from "../../src/internal/Matrix.ts"

const kernels = Kernels.strict()

const contradictions = Draw.record({ ...fields, excess: Draw.logarithmic(0.1, 10) })

/** A measurement listed twice with different targets misses the first by `share` of their difference. */
const missesBy = (share: number) =>
  fc.property(contradictions, ({ excess, ...instance }) => {
    const { columns, rows } = instance
    // as many as are independent, with the one that is listed twice
    const count = Math.min(instance.count, rows * columns)
    const { measurements, targets } = expandSensing({ ...instance, count }, kernels)
    const twice = selected(measurements, [...range(count), 0])
    const size = Vector.norm(targets)
    const off = excess * size
    const solve = (more: number) =>
      minimiseNuclearNorm(twice, Float64Array.of(...targets, targets[0]! + more))
    const told = solve(off)
    const agreed = solve(0)
    const values = measure(twice, told.matrix)
    const norm = Matrix.nuclearNorm(told.matrix, rows, columns, kernels)
    const expected = targets.map((b, i) => (i === 0 ? b + share * off : b))
    return (
      told.status === "inconsistent" &&
      agreed.status !== "inconsistent" &&
      Vector.distance(values.subarray(0, count), expected) <= 1e-7 * (size + off) &&
      Math.abs(told.nuclearNorm - norm) <= 1e-12 * norm &&
      told.lowerBound === 0 &&
      told.gap === told.nuclearNorm &&
      told.certificate.length === rows * columns &&
      Vector.norm(told.certificate) === 0 &&
      agreed.certificate.length === rows * columns
    )
  })

describe("contradicting measurements", () => {
  it("are told to be inconsistent, with the least squares solution and a certificate of zeros; the same target twice is not", () => {
    fc.assert(missesBy(0.5))
    assert.isTrue(fc.check(missesBy(0)).failed)
  })
})
