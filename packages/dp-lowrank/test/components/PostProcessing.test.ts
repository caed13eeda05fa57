// Low rank, complex outputs, certificates, shrinkage and the choice of rank, all of one noisy matrix.
import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import { assert, describe, it } from "vitest"
import { scatterOf } from "../../src/audit/AuditSubject.ts"
import { certify } from "../../src/components/Certificate.ts"
import * as LowRank from "../../src/components/LowRank.ts"
import type { Noisy } from "../../src/components/Noisy.ts"
import { chooseRank } from "../../src/components/RankChoice.ts"
import { shrink } from "../../src/components/Shrinkage.ts"
import { Mechanism, Public } from "../../src/index.ts"
import { operatingSystem } from "../../src/node/index.ts"
import * as ComplexNoise from "../../src/noise/ComplexNoise.ts"
import { unsafePerturb } from "../../src/noise/Idealised.ts"
import { shrunkEigenvalue } from "../../src/theory/NoiseEnsemble.ts"
import * as Deviations from "../../src/noise/Deviations.ts"

const bound = Public.bound(1)
const mechanism = Mechanism.isotropic({ epsilon: 1, delta: 1e-6, neighbours: "replace", bound })

const stream = (seed: number) => RandomStream.make(Seed.root(seed))

/** Q diag(spectrum) Q^T. */
const matrixOf = (spectrum: ReadonlyArray<number>, seed: number): Float64Array => {
  const d = spectrum.length
  const q = Orthogonal.haar(d, stream(seed))
  return Float64Array.from({ length: d * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d]
    let sum = 0
    spectrum.forEach((value, k) => (sum += value * q[i * d + k]! * q[j * d + k]!))
    return sum
  })
}

const padded = (top: ReadonlyArray<number>, d: number) => [
  ...top,
  ...Array.from({ length: d - top.length }, () => 0),
]

const exactly = (matrix: Float64Array, dimension: number): Noisy => ({
  dimension,
  matrix,
  diagonalScale: 0,
  offDiagonalScale: 0,
  grid: 0,
})

describe("LowRank", () => {
  it("gives M_k without noise, everything for k = d and nothing for k = 0", () => {
    const matrix = matrixOf([5, 3, 1], 1)
    const of = (rank: number) => LowRank.toMatrix(LowRank.topK(exactly(matrix, 3), rank))
    assert.isBelow(Vector.distance(of(3), matrix), 1e-13)
    assert.deepStrictEqual(of(0), new Float64Array(9))
    assert.closeTo(Vector.distance(of(2), matrix), 1, 1e-13)
  })

  it("agrees between Lanczos and the full decomposition", () => {
    const noisy = unsafePerturb(
      matrixOf(padded([900, 800, 700], 220), 2),
      220,
      mechanism,
      stream(3),
    )
    const fast = LowRank.topK(noisy, 3)
    const all = LowRank.topK(noisy, 100)
    for (let k = 0; k < 3; k++) {
      assert.closeTo(fast.values[k]!, all.values[k]!, 1e-7)
      assert.isBelow(fast.residuals[k]!, 1e-6)
      const dot = Vector.dot(
        fast.vectors.subarray(k * 220, (k + 1) * 220),
        all.vectors.subarray(k * 220, (k + 1) * 220),
      )
      assert.closeTo(Math.abs(dot), 1, 1e-9)
    }
  })

  it("refuses ranks beyond the dimension, and what is no rank", () => {
    const noisy = exactly(new Float64Array(4), 2)
    for (const rank of [3, -1, 0.5, Number.NaN]) {
      assert.throws(() => LowRank.topK(noisy, rank), InvalidInput, /rank/)
      assert.throws(() => certify(noisy, rank), InvalidInput, /rank/)
    }
  })
})

describe("ComplexNoise", () => {
  const noisy = unsafePerturb(matrixOf(padded([900, 800], 8), 4), 8, mechanism, stream(5))

  it("gives a real part of rank 2k, and of rank k where there is no imaginary noise", () => {
    const scale = noisy.offDiagonalScale
    const im = ComplexNoise.imaginaryNoise(8, scale, stream(6))
    const { complex, real, realRankK } = ComplexNoise.complexOutputs(noisy, im, 2)
    const rankOf = (matrix: Float64Array) =>
      LowRank.topK({ dimension: 8, matrix }, 8).values.filter((x) => Math.abs(x) > 1e-6).length
    assert.strictEqual(rankOf(real), 4)
    assert.strictEqual(rankOf(LowRank.toMatrix(realRankK)), 2)
    assert.strictEqual(complex.re, real)
    const none = ComplexNoise.complexOutputs(noisy, new Float64Array(64), 2)
    assert.isBelow(Vector.distance(none.real, LowRank.toMatrix(LowRank.topK(noisy, 2))), 1e-9)
    assert.isBelow(Vector.norm(none.complex.im), 1e-9)
  })

  it("takes its imaginary stream from the entropy, another each time", () => {
    const [a, b] = [1, 2].map(
      () => ComplexNoise.complexRelease(noisy, 2, operatingSystem).complex.im,
    )
    assert.isTrue(a!.every((x, i) => i % 9 === 0 || x !== b![i]))
  })

  it("refuses imaginary parts of another size", () => {
    assert.throws(
      () => ComplexNoise.complexOutputs(noisy, new Float64Array(3), 2),
      InvalidInput,
      /imaginary/,
    )
  })
})

describe("certify", () => {
  it("covers the truth in all of 300 releases at 5 %, and certifies most of them", () => {
    const d = 20
    const spectrum = padded([800, 600, 500], d)
    const matrix = matrixOf(spectrum, 7)
    const exact = LowRank.topK(exactly(matrix, d), 3)
    const projector = LowRank.toMatrix(LowRank.withValues(exact, () => 1))
    const trace = 1900
    const sineTo = (of: LowRank.LowRank, to: LowRank.LowRank, k: number): number => {
      const [v, w] = [of, to].map(({ vectors }) => vectors.subarray(k * d, (k + 1) * d))
      return Math.sqrt(Math.max(0, 1 - Vector.dot(v!, w!) ** 2)) - 1e-6
    }
    let [misses, certified] = [0, 0]
    for (let seed = 0; seed < 300; seed++) {
      const noisy = unsafePerturb(matrix, d, mechanism, stream(100 + seed))
      const certificate = certify(noisy, 3, 0.05)
      const { directions, eigenvalues, explained, growth, projectorError, status } = certificate
      // so many times as many rows have the noise ten times below the last eigenvalue
      const needed = (10 * certificate.noiseNorm) / spectrum[2]!
      const low = LowRank.topK(noisy, 3)
      const found = LowRank.toMatrix(LowRank.withValues(low, () => 1))
      const difference = found.map((x, i) => x - projector[i]!)
      const distance = LowRank.topK({ dimension: d, matrix: difference }, 1).values[0]!
      let share = 0
      for (let k = 0; k < 3; k++) {
        const v = low.vectors.subarray(k * d, (k + 1) * d)
        for (let i = 0; i < d; i++)
          share += v[i]! * Vector.dot(matrix.subarray(i * d, (i + 1) * d), v)
      }
      share /= trace
      const holds =
        eigenvalues.every(
          ({ lower, upper }, k) => lower <= spectrum[k]! && spectrum[k]! <= upper,
        ) &&
        explained.lower <= share &&
        share <= explained.upper &&
        distance <= projectorError &&
        directions.every((sine, k) => sine >= sineTo(low, exact, k)) &&
        growth.lower <= needed &&
        needed <= growth.upper
      if (!holds) misses++
      if (status === "certified") certified++
    }
    assert.strictEqual(misses, 0)
    assert.isAbove(certified, 290)
  })

  it("certifies nothing where the noise drowns the signal", () => {
    const noisy = unsafePerturb(new Float64Array(100), 10, mechanism, stream(1))
    const certificate = certify(noisy, 2)
    const { eigenvalues, explained, projectorError, status } = certificate
    assert.strictEqual(status, "no certified gap")
    assert.deepStrictEqual(certificate.directions, [1, 1])
    assert.strictEqual(certificate.growth.upper, Number.POSITIVE_INFINITY)
    assert.strictEqual(certificate.samplingRows.upper, Number.POSITIVE_INFINITY)
    assert.strictEqual(projectorError, 1)
    assert.strictEqual(eigenvalues[0]!.lower, 0)
    assert.deepStrictEqual([explained.lower, explained.upper], [0, 1])
    assert.throws(() => certify(noisy, 2, 0), InvalidInput, /failure/)
  })

  it("counts the rows by which sampling alone knows the spectrum to a tenth of the last eigenvalue", () => {
    const spectrum = Float64Array.of(4, 2, 0.5, 0.5, 0.5, 0.5)
    const exact = Float64Array.from({ length: 36 }, (_, at) =>
      at % 7 === 0 ? spectrum[at / 7]! : 0,
    )
    const { samplingRows } = certify(exactly(exact, 6), 2)
    assert.closeTo(samplingRows.estimate, (100 * 4 * 8) / 2 ** 2, 1e-9)
    const n = Math.round(samplingRows.estimate)
    const normals = stream(12)
    let mean = 0
    for (let trial = 0; trial < 20; trial++) {
      const rows = Float64Array.from(
        { length: 6 * n },
        (_, at) => Math.sqrt(spectrum[at % 6]!) * normals.normal(),
      )
      const error = scatterOf(rows, 6).map((x, at) => x / n - exact[at]!)
      const [top] = LowRank.topK({ dimension: 6, matrix: error }, 1).values
      const [bottom] = LowRank.topK({ dimension: 6, matrix: error.map((x) => -x) }, 1).values
      mean += Math.max(top!, bottom!) / 20
    }
    // a rule of thumb: it holds within a factor of two
    assert.isAbove(mean, 0.5 * 0.1 * spectrum[1]!)
    assert.isBelow(mean, 2 * 0.1 * spectrum[1]!)
  })
})

describe("shrink", () => {
  it("removes what the noise adds, and brings weak spikes nearer to the truth", () => {
    const d = 100
    const v = Deviations.offDiagonalScale(mechanism) ** 2
    const spike = 1.5 * Math.sqrt(v * d)
    const matrix = matrixOf(padded([spike, spike], d), 8)
    let [raw, shrunk] = [0, 0]
    for (let seed = 0; seed < 20; seed++) {
      const noisy = unsafePerturb(matrix, d, mechanism, stream(seed))
      const low = LowRank.topK(noisy, 2)
      raw += Vector.distance(LowRank.toMatrix(low), matrix) ** 2
      shrunk += Vector.distance(LowRank.toMatrix(shrink(low, noisy)), matrix) ** 2
    }
    assert.isBelow(Math.sqrt(shrunk / raw), 0.8)
    assert.strictEqual(shrunkEigenvalue(1, 1, 100), 0)
    assert.closeTo(shrunkEigenvalue(25, 1, 100), 15, 1e-12)
  })
})

describe("chooseRank", () => {
  it("finds the gap that stands out, and none where none does", () => {
    const noisy = unsafePerturb(matrixOf(padded([900, 850, 800], 30), 9), 30, mechanism, stream(2))
    const { projectorError, rank, significant, spectrum } = chooseRank(noisy)
    assert.strictEqual(rank, 3)
    assert.strictEqual(significant, 3)
    assert.isBelow(projectorError, 0.1)
    assert.lengthOf(spectrum, 30)
    const noise = unsafePerturb(new Float64Array(900), 30, mechanism, stream(3))
    assert.strictEqual(chooseRank(noise).rank, 0)
    assert.strictEqual(chooseRank(exactly(Float64Array.of(4), 1)).rank, 0)
  })
})

describe("post-processing at the ends of the range", () => {
  it("is the same but for the scale, where the bound is 2^-300 or 2^300", () => {
    const matrix = matrixOf(padded([900, 300], 6), 8)
    const noisy = { ...unsafePerturb(matrix, 6, mechanism, stream(9)), grid: 2 ** -30 }
    const all = (of: Noisy) => ({
      ...certify(of, 2),
      choice: chooseRank(of),
      shrunk: shrink(LowRank.topK(of, 2), of).values,
    })
    const plain = all(noisy)
    for (const factor of [2 ** -600, 2 ** 600]) {
      const scaled = all({
        ...noisy,
        matrix: noisy.matrix.map((x) => factor * x),
        diagonalScale: factor * noisy.diagonalScale,
        offDiagonalScale: factor * noisy.offDiagonalScale,
        grid: factor * noisy.grid,
      })
      assert.closeTo(scaled.noiseNorm / factor / plain.noiseNorm, 1, 1e-9)
      assert.closeTo(scaled.projectorError / plain.projectorError, 1, 1e-9)
      assert.closeTo(scaled.explained.lower, plain.explained.lower, 1e-9)
      assert.closeTo(scaled.directions[0]!, plain.directions[0]!, 1e-9)
      assert.closeTo(scaled.growth.upper / plain.growth.upper, 1, 1e-9)
      assert.closeTo(scaled.samplingRows.lower / plain.samplingRows.lower, 1, 1e-9)
      assert.closeTo(scaled.explained.upper, plain.explained.upper, 1e-9)
      assert.strictEqual(scaled.choice.rank, plain.choice.rank)
      assert.closeTo(scaled.shrunk[0]! / factor / plain.shrunk[0]!, 1, 1e-9)
      assert.closeTo(scaled.eigenvalues[1]!.upper / factor / plain.eigenvalues[1]!.upper, 1, 1e-9)
    }
  })

  it("estimates no negative eigenvalue of a matrix that has none", () => {
    const { eigenvalues } = certify({ ...exactly(Float64Array.of(-1), 1), diagonalScale: 2 }, 1)
    assert.strictEqual(eigenvalues[0]!.estimate, 0)
  })
})
