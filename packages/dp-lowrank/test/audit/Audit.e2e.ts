// The auditor finds every known-bad mechanism and accepts the good ones; its statistics against exact values.
import { InvalidInput, type RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Deviations from "../../src/noise/Deviations.ts"
import * as Audit from "../../src/audit/Audit.ts"
import { agrees, along, type Report } from "../../src/audit/Audit.ts"
import type { Target } from "../../src/privacy/Target.ts"
import { Mechanism, Public } from "../../src/index.ts"

type Rows = ReadonlyArray<ReadonlyArray<number>>
type Noise = (d: number, stream: RandomStream.RandomStream) => Float64Array

const bound = Public.bound(1)
const target: Target = { epsilon: 1, delta: 1e-2 }

/** sum x x^T of the rows. */
const scatter = (rows: Rows): Float64Array => {
  const d = rows[0]!.length
  const out = new Float64Array(d * d)
  for (const row of rows) {
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j]! += row[i]! * row[j]!
  }
  return out
}

const norm = (row: ReadonlyArray<number>): number => Math.hypot(...row)

const isotropic =
  (scale: number): Noise =>
  (d, stream) => {
    const out = new Float64Array(d * d)
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        out[i * d + j] = out[j * d + i] = (i === j ? scale : scale * Math.SQRT1_2) * stream.normal()
      }
    }
    return out
  }

const plus = (a: Float64Array, b: Float64Array) => a.map((x, i) => x + b[i]!)

const adding = (noise: Noise) => (rows: Rows, stream: RandomStream.RandomStream) =>
  plus(scatter(rows), noise(rows[0]!.length, stream))

const { scale } = Mechanism.isotropic({ ...target, neighbours: "replace", bound })

const worst: readonly [Rows, Rows] = [[[1, 0, 0]], [[0, 1, 0]]]
const s = Math.SQRT1_2
const offDiagonal: readonly [Rows, Rows] = [[[s, -s, 0]], [[s, s, 0]]]
const differenceOf = ([a, b]: readonly [Rows, Rows]) => {
  const first = scatter(a)
  return scatter(b).map((x, i) => x - first[i]!)
}

const auditing = (
  mechanism: (rows: Rows, stream: RandomStream.RandomStream) => Float64Array,
  pair: readonly [Rows, Rows],
  more: Partial<Target> & {
    readonly statistic?: (output: Float64Array) => number
    readonly samples?: number
  } = {},
) =>
  Audit.audit(
    { mechanism, pair, statistic: more.statistic ?? along(differenceOf(pair)) },
    { ...target, samples: 100_000, confidence: 1 - 1e-6, seed: Seed.root(1), ...more },
  )

describe("audit", () => {
  it("accepts the calibrated mechanism, on the worst pair and on others, and estimates its mu", () => {
    for (const pair of [worst, offDiagonal]) {
      const { epsilonLowerBound, mu, muStandardError, verdict } = auditing(
        adding(isotropic(scale)),
        pair,
      )
      assert.strictEqual(verdict, "no violation found")
      assert.isAbove(epsilonLowerBound, 0.6)
      assert.closeTo(mu, Math.SQRT2 / scale, 5 * muStandardError)
    }
  })

  it("shows less on what is computed from the release", () => {
    const top = (output: Float64Array) => output.map((x) => Math.max(0, x))
    const { verdict } = auditing(
      (rows, stream) => top(adding(isotropic(scale))(rows, stream)),
      worst,
    )
    assert.strictEqual(verdict, "no violation found")
  })

  const known: ReadonlyArray<readonly [string, () => Report]> = [
    ["half of the noise", () => auditing(adding(isotropic(scale / 2)), worst)],
    [
      "the square root of 2 forgotten",
      () => auditing(adding(isotropic(scale / Math.SQRT2)), worst),
    ],
    [
      "asymmetric noise, which averages out",
      () =>
        auditing(
          adding((d, stream) =>
            Float64Array.from(
              { length: d * d },
              (_, i) => (i % (d + 1) === 0 ? scale : scale * Math.SQRT1_2) * stream.normal(),
            ),
          ),
          offDiagonal,
        ),
    ],
    [
      "one noise for two releases",
      () =>
        auditing((rows, stream) => {
          const noise = isotropic(scale)(3, stream)
          const second = plus(scatter([[0, 0, 0.5]]), noise)
          const first = plus(scatter(rows), noise)
          return first.map((x, i) => x - second[i]!)
        }, worst),
    ],
    [
      "centring without its sensitivity",
      () => {
        // the mean of two rows moves with each of them
        const pair = [
          [
            [1, 0],
            [-1, 0],
          ],
          [
            [1, 0],
            [1, 0],
          ],
        ] as const
        return auditing(
          (rows, stream) => {
            const mean = rows[0]!.map(
              (_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length,
            )
            const centred = rows.map((row) => row.map((x, j) => x - mean[j]!))
            return plus(scatter(centred), isotropic(scale)(2, stream))
          },
          pair,
          { statistic: ([x]) => x! },
        )
      },
    ],
    [
      "the row norm from the data",
      () =>
        auditing(
          (rows, stream) => {
            const largest = Math.max(...rows.map(norm))
            return plus(scatter(rows), isotropic(largest * largest * scale)(3, stream))
          },
          [[[0.1, 0, 0]], [[0, 1, 0]]],
          { statistic: (output) => Math.abs(output[8]!) },
        ),
    ],
    [
      "a rank from the exact spectrum",
      () =>
        auditing(
          (rows, stream) => {
            const exact = scatter(rows)
            const rank = [0, 4, 8].filter((i) => exact[i]! > 0.5).length
            const noisy = plus(exact, isotropic(scale)(3, stream))
            return noisy.map((x, i) => (i / 4 < rank ? x : 0))
          },
          [
            [
              [1, 0, 0],
              [0, 0, 0],
            ],
            [
              [1, 0, 0],
              [0, 1, 0],
            ],
          ],
          { statistic: (output) => (output[4] === 0 ? 0 : 1) },
        ),
    ],
  ]

  it.each(known)("rejects %s", (_, run) => {
    const { verdict } = run()
    assert.strictEqual(verdict, "violation")
  })

  describe("epsilon instead of its square in T", () => {
    it("is rejected by its bound where it breaks the promise: noise of the upper triangle at epsilon 0.05 and delta 0.001, 2^20 samples needed", () => {
      const small = { epsilon: 0.05, delta: 1e-3 }
      const confidence = 1 - 1e-6
      const printed = Mechanism.named("upper-triangle-as-printed", {
        ...small,
        neighbours: "add-remove",
        bound,
      })
      const factor = Math.sqrt(small.epsilon)
      const samples = Audit.requiredSamples(Deviations.mu(printed) / factor, small, confidence)
      assert.strictEqual(samples, 2 ** 20)
      // one column: [1] against nothing, where the mechanism has one entry
      const verdict = (deviation: number) =>
        Audit.audit(
          {
            mechanism: (x: number, stream) => x + deviation * stream.normal(),
            pair: [0, 1],
            statistic: (y) => y,
          },
          { ...small, confidence, samples: 2 * samples, seed: Seed.root(7) },
        ).verdict
      assert.strictEqual(verdict(printed.scale), "no violation found")
      assert.strictEqual(verdict(factor * printed.scale), "violation")
    })

    it("is rejected by its mu in the paper's noise: at epsilon 0.1 and delta 0.01 it is private still, and at 0.03 and 0.0001 a bound would need 2^23 samples", () => {
      const small = { epsilon: 0.1, delta: 1e-2 }
      const printedFor = (asked: Target) =>
        Mechanism.named("complex-as-printed", { ...asked, neighbours: "replace", bound })
      const wrongly = (asked: Target) => {
        const right = printedFor(asked)
        return { ...right, scale: right.scale * Math.sqrt(asked.epsilon) }
      }
      const printed = printedFor(small)
      const promised = Deviations.mu(printed)
      const wrong = wrongly(small)
      assert.isTrue(agrees(auditing(adding(isotropic(printed.scale)), worst, small), promised))
      assert.isFalse(agrees(auditing(adding(isotropic(wrong.scale)), worst, small), promised))
      assert.isBelow(Mechanism.deliveredEpsilon(wrong), small.epsilon)
      assert.strictEqual(
        Audit.requiredSamples(Deviations.mu(wrong), small, 1 - 1e-6),
        Number.POSITIVE_INFINITY,
      )
      const smaller = { epsilon: 0.03, delta: 1e-4 }
      const mu = Deviations.mu(wrongly(smaller))
      assert.strictEqual(Audit.requiredSamples(mu, smaller, 1 - 1e-6), 2 ** 23)
    })
  })

  it("is blind at cryptographic delta, and says how many samples it would need", () => {
    assert.strictEqual(
      auditing(adding(isotropic(scale / Math.SQRT2)), worst, { delta: 1e-5, epsilon: 1 }).verdict,
      "violation",
    )
    const mu = Math.SQRT2 / scale
    assert.strictEqual(Audit.requiredSamples(mu, target), Number.POSITIVE_INFINITY)
    const missing = Audit.requiredSamples(Math.SQRT2 * mu, target)
    assert.isAtMost(missing, 40_000)
    assert.isAbove(missing, Audit.requiredSamples(2 * mu, target))
    const strict = Mechanism.isotropic({ epsilon: 1, delta: 1e-5, neighbours: "replace", bound })
    assert.isAbove(Audit.requiredSamples(2 / strict.scale, { epsilon: 1, delta: 1e-5 }), 100_000)
  })

  it("refuses too few samples and impossible confidences", () => {
    const few = { ...target, samples: 10, seed: Seed.root(1) }
    const subject = { mechanism: () => 0, pair: [0, 0] as const, statistic: (x: number) => x }
    assert.throws(() => Audit.audit(subject, few), InvalidInput, /samples/)
    assert.throws(
      () => Audit.audit(subject, { ...few, samples: 100, confidence: 1 }),
      InvalidInput,
      /confidence/,
    )
    assert.throws(
      () => Audit.audit(subject, { ...few, samples: 100, delta: 0 }),
      InvalidInput,
      /delta/,
    )
    assert.throws(
      () => Audit.audit(subject, { ...few, samples: 100, epsilon: Number.NaN }),
      InvalidInput,
      /epsilon/,
    )
    assert.throws(
      () => Audit.audit({ ...subject, statistic: () => Number.NaN }, { ...few, samples: 100 }),
      InvalidInput,
      /the statistic must be a number/,
    )
    assert.strictEqual(Audit.audit(subject, { ...few, samples: 100 }).mu, 0)
  })
})

describe("an audit that is watched", () => {
  const subject = {
    mechanism: (shift: number, stream: RandomStream.RandomStream) => shift + stream.normal(),
    pair: [0, 1] as const,
    statistic: (x: number) => x,
  }
  const options = { ...target, seed: Seed.root(3) }

  it("reports the same, and how far it is", () => {
    for (const samples of [100, 101, 150_001]) {
      const seen: Array<number> = []
      const report = Audit.audit(subject, { ...options, samples }, (drawn) => seen.push(drawn))
      assert.deepStrictEqual(report, Audit.audit(subject, { ...options, samples }))
      assert.deepStrictEqual(
        seen,
        Array.from({ length: 2 * report.samples }, (_, i) => i + 1),
      )
    }
  })
})
