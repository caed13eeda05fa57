import { Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { normals } from "../../src/evidence/support/Instances.ts"
import { completion, dense, measure } from "../../src/index.ts"
import { assertClose, densified } from "../support/Numbers.ts"
import { type Measurements } from "../../src/measurements/Measurements.ts"
import { isotropic, sparse } from "../../src/measurements/SparseMeasurements.ts"

const seed = Seed.root(5)
const overlapping = sparse({
  rows: 3,
  columns: 4,
  offsets: Uint32Array.of(0, 2, 3, 6),
  positions: Uint32Array.of(0, 5, 5, 1, 2, 11),
  values: Float64Array.of(1, -2, 3, 0.5, 4, -1),
})

const designs: ReadonlyArray<readonly [name: string, design: Measurements]> = [
  [
    "entries",
    completion({
      rows: 3,
      columns: 4,
      entries: [
        [0, 1],
        [2, 3],
        [1, 0],
        [2, 0],
      ],
    }),
  ],
  ["overlapping entries", overlapping],
  ["every entry", isotropic(3, 4)],
]

describe.each(designs)("%s", (_name, design) => {
  const same = densified(design)
  const x = normals(seed.child("x"), 12)
  const u = normals(seed.child("u"), design.count)

  it("measures and maps back as the dense matrices do", () => {
    assertClose(measure(design, x), measure(same, x), 1e-14)
    const [back, other] = [new Float64Array(12), new Float64Array(12)]
    design.adjoint(u, back)
    same.adjoint(u, other)
    assertClose(back, other, 1e-14)
  })

  it("has the residual and its image in one pass, of all and of a batch", () => {
    const [residual, back] = [new Float64Array(design.count), new Float64Array(12)]
    const [residual2, back2] = [new Float64Array(design.count), new Float64Array(12)]
    design.residualAndAdjoint(undefined, x, u, 1, residual, back)
    same.residualAndAdjoint(undefined, x, u, 1, residual2, back2)
    assertClose(residual, residual2, 1e-14)
    assertClose(back, back2, 1e-14)
    const indices = Uint32Array.of(2, 0, 2)
    const labels = Float64Array.of(0.5, 1, -1)
    const [few, few2] = [new Float64Array(3), new Float64Array(3)]
    design.residualAndAdjoint(indices, x, labels, 0.5, few, back)
    same.residualAndAdjoint(indices, x, labels, 0.5, few2, back2)
    assertClose(few, few2, 1e-14)
    assertClose(back, back2, 1e-14)
  })

  it("has the same moments, also behind symmetric maps", () => {
    const p = Float64Array.of(2, 1, 0, 1, 3, 0.5, 0, 0.5, 1)
    const q = Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 2 + k : 0.25))
    for (const [a, b] of [
      [design, same],
      [design.sandwiched(p, q), same.sandwiched(p, q)],
    ] as const) {
      const [left, left2] = [new Float64Array(9), new Float64Array(9)]
      const [right, right2] = [new Float64Array(16), new Float64Array(16)]
      a.leftMoment(q, left)
      b.leftMoment(q, left2)
      a.rightMoment(p, right)
      b.rightMoment(p, right2)
      assertClose(left, left2, 1e-13)
      assertClose(right, right2, 1e-13)
    }
  })
})

describe("dense measurements", () => {
  it("compute the same in a memory of their own and measurement by measurement", () => {
    const [rows, columns, count] = [50, 80, 12]
    const matrices = normals(seed.child("large"), rows * columns * count)
    const large = dense({ rows, columns, matrices })
    assert.isFalse(large.kernels === Kernels.strict())
    const x = normals(seed.child("X"), rows * columns)
    const expected = Float64Array.from({ length: count }, (_, i) => {
      let sum = 0
      for (let k = 0; k < x.length; k++) sum += matrices[i * x.length + k]! * x[k]!
      return sum
    })
    assertClose(measure(large, x), expected, 1e-12)
    const residual = new Float64Array(count)
    const back = new Float64Array(x.length)
    large.residualAndAdjoint(undefined, x, new Float64Array(count), 1, residual, back)
    assertClose(residual, expected, 1e-12)
    const other = new Float64Array(x.length)
    large.adjoint(expected, other)
    assertClose(back, other, 1e-12)
  })

  it("have the same moments from a table as one by one", () => {
    const matrices = normals(seed.child("few"), 2 * 12)
    const design = dense({ rows: 3, columns: 4, matrices })
    // listed ten times each, they go through the table
    const often = new Float64Array(240)
    for (let k = 0; k < 10; k++) often.set(matrices, 24 * k)
    const table = dense({ rows: 3, columns: 4, matrices: often })
    const h = Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 2 : 0.3))
    const [a, b] = [new Float64Array(9), new Float64Array(9)]
    design.leftMoment(h, a)
    table.leftMoment(h, b)
    assertClose(a, b, 1e-13)
  })
})
