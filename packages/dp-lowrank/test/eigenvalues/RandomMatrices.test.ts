// Dyson Brownian motion by both routes, and the tridiagonal sampler against dense matrices.
import { InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as DysonBrownianMotion from "../../src/eigenvalues/DysonBrownianMotion.ts"
import * as EigenvalueGaps from "../../src/eigenvalues/EigenvalueGaps.ts"
import * as NoiseEnsemble from "../../src/theory/NoiseEnsemble.ts"

const stream = (label: string) => RandomStream.make(Seed.root(label))

/** The two-sample Kolmogorov-Smirnov distance. */
const distance = (a: Float64Array, b: Float64Array): number => {
  const [x, y] = [a.toSorted(), b.toSorted()]
  let [i, j, largest] = [0, 0, 0]
  while (i < x.length && j < y.length) {
    if (x[i]! <= y[j]!) i++
    else j++
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length))
  }
  return largest
}

const limit = (n: number) => Math.sqrt(Math.log(2e6) / n)

describe.each([1, 2] as const)("beta = %d", (beta) => {
  it("has the same eigenvalues from the tridiagonal model as from matrices", () => {
    const [n, d] = [4000, 6]
    const [fast, dense] = [stream("fast"), stream("dense")]
    const gaps = (sample: () => Float64Array) =>
      Float64Array.from({ length: n }, () => EigenvalueGaps.gapsOf(sample())[2]!)
    const a = gaps(() => EigenvalueGaps.sampleSpectra(1, d, beta, fast))
    const b = gaps(() => {
      const motion = EigenvalueGaps.matrixMotion(new Float64Array(d), beta)
      EigenvalueGaps.move(motion, 1, dense)
      return EigenvalueGaps.eigenvaluesOf(motion)
    })
    assert.isBelow(distance(a, b), limit(n))
  })

  it("has the spectra of a stream one at a time or all at once, with compiled kernels or without", () => {
    for (const [count, d] of [
      [0, 5],
      [3, 0],
      [7, 1],
      [150, 20],
    ] as const) {
      const [one, all, plain] = [stream("one"), stream("one"), stream("one")]
      const single = Array.from({ length: count }, () => [
        ...EigenvalueGaps.sampleSpectra(1, d, beta, one),
      ])
      const spectra = EigenvalueGaps.sampleSpectra(count, d, beta, all)
      assert.deepStrictEqual([...spectra], single.flat())
      assert.deepStrictEqual(
        EigenvalueGaps.sampleSpectra(count, d, beta, plain, Kernels.reference()),
        spectra,
      )
      assert.isTrue(single.every((values) => values.every((x, i) => !(x > values[i - 1]!))))
      assert.strictEqual(all.word(), one.word())
    }
    assert.throws(
      () => EigenvalueGaps.sampleSpectra(-1, 3, beta, stream("bad")),
      InvalidInput,
      /count/,
    )
    assert.throws(
      () => EigenvalueGaps.sampleSpectra(1, 1.5, beta, stream("bad")),
      InvalidInput,
      /dimension/,
    )
  })

  it("moves by implicit Euler as matrices do, from a tie", () => {
    const [n, d] = [1500, 4]
    const noise = stream("noise")
    const normals = new Float64Array(d)
    const flow = Float64Array.from({ length: n }, () => {
      const state = DysonBrownianMotion.make(new Float64Array(d), { beta, timeStep: 1 / 60 })
      for (let k = 0; k < 60; k++) {
        noise.fillNormal(normals)
        DysonBrownianMotion.step(state, normals)
      }
      assert.isBelow(state.residual, 1e-9)
      return state.position[0]! - state.position[1]!
    })
    const sampler = stream("sampler")
    const exact = Float64Array.from(
      { length: n },
      () => EigenvalueGaps.gapsOf(EigenvalueGaps.sampleSpectra(1, d, beta, sampler))[0]!,
    )
    // the discretisation itself moves the law by about 0.01
    assert.isBelow(distance(flow, exact), limit(n) + 0.02)
  })

  it("follows a known path", () => {
    const flow = DysonBrownianMotion.make(Float64Array.of(1, -1), { beta, timeStep: 0.5 })
    DysonBrownianMotion.step(flow, Float64Array.of(0, 0))
    // the gap solves g = 2 + 2 h v / g
    const hv = 0.5 * NoiseEnsemble.ensembleVariance(beta, 1)
    assert.closeTo(flow.position[0]! - flow.position[1]!, 1 + Math.sqrt(1 + 2 * hv), 1e-12)
    assert.closeTo(flow.position[0]! + flow.position[1]!, 0, 1e-12)
    assert.strictEqual(flow.steps, 1)
  })
})

describe("DysonBrownianMotion", () => {
  it("refuses starts that are not descending, and steps that are none", () => {
    const options = { beta: 1, timeStep: 0.1 } as const
    assert.throws(
      () => DysonBrownianMotion.make(Float64Array.of(0, 1), options),
      InvalidInput,
      /descending/,
    )
    assert.throws(
      () => DysonBrownianMotion.make(Float64Array.of(Number.NaN), options),
      InvalidInput,
      /descending/,
    )
    assert.throws(
      () => DysonBrownianMotion.make(Float64Array.of(0), { beta: 1, timeStep: 0 }),
      InvalidInput,
      /timeStep/,
    )
  })
})
