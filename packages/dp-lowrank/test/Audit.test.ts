// The auditor finds every known-bad mechanism and accepts the good ones; its statistics against exact values.
import { InvalidInput, type RandomStream, Seed } from "@nonconvex/numerics"
import { Effect, Exit } from "effect"
import { assert, describe, it } from "vitest"
import { Audit, ClopperPearson, Mechanism, Public, type Target } from "../src/index.ts"

type Rows = ReadonlyArray<ReadonlyArray<number>>
type Noise = (d: number, stream: RandomStream.RandomStream) => Float64Array

const bound = Public.bound(1)
const target: Target = { epsilon: 1, delta: 1e-2 }

/** sum x x^T of the rows. */
const scatter = (rows: Rows): Float64Array => {
  const d = rows[0]!.length
  return Float64Array.from({ length: d * d }, (_, at) =>
    rows.reduce((sum, row) => sum + row[Math.floor(at / d)]! * row[at % d]!, 0),
  )
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
    { mechanism, pair, statistic: more.statistic ?? Audit.along(differenceOf(pair)) },
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

  const known: ReadonlyArray<readonly [string, () => Audit.Report]> = [
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

  it("rejects epsilon instead of its square in T, by its mu: the printed noise is loose enough to hide it from a bound", () => {
    const small = { epsilon: 0.1, delta: 1e-2 }
    const printed = Mechanism.complexAsPrinted({ ...small, neighbours: "replace", bound })
    const promised = Mechanism.mu(printed)
    const correct = auditing(adding(isotropic(printed.scale)), worst, small)
    const wrong = auditing(
      adding(isotropic(printed.scale * Math.sqrt(small.epsilon))),
      worst,
      small,
    )
    assert.isTrue(Audit.agrees(correct, promised))
    assert.isFalse(Audit.agrees(wrong, promised))
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
    assert.strictEqual(Audit.audit(subject, { ...few, samples: 100 }).mu, 0)
  })
})

describe("run", () => {
  const subject = {
    mechanism: (shift: number, stream: RandomStream.RandomStream) => shift + stream.normal(),
    pair: [0, 1] as const,
    statistic: (x: number) => x,
  }
  const options = { ...target, seed: Seed.root(3) }

  it("reports the same as audit for a seed, and how far it is", async () => {
    for (const samples of [100, 101, 60_000]) {
      const seen: Array<number> = []
      const report = await Effect.runPromise(
        Audit.run(subject, { ...options, samples }, (drawn) => seen.push(drawn)),
      )
      assert.deepStrictEqual(report, Audit.audit(subject, { ...options, samples }))
      assert.deepStrictEqual(
        seen,
        seen.toSorted((a, b) => a - b),
      )
      assert.strictEqual(seen.at(-1), 2 * report.samples)
    }
  })

  it("is interrupted long before its end", async () => {
    let drawn = 0
    const samples = 10_000_000
    const exit = await Effect.runPromiseExit(
      Audit.run(subject, { ...options, samples }, (count) => (drawn = count)).pipe(
        Effect.timeout("60 millis"),
      ),
    )
    assert.match(Exit.isFailure(exit) ? String(exit.cause) : "", /Timeout/)
    assert.isAbove(drawn, 0)
    assert.isBelow(drawn, samples)
  })

  it("fails with what audit throws", async () => {
    const few = Effect.flip(Audit.run(subject, { ...options, samples: 10 }))
    const error = await Effect.runPromise(few)
    assert.strictEqual(error.message, new InvalidInput(error).message)
    assert.match(error.message, /samples/)
  })
})

describe("ClopperPearson", () => {
  it("has the known bounds", () => {
    assert.closeTo(ClopperPearson.upper(0, 10, 0.05), 1 - 0.05 ** 0.1, 1e-12)
    assert.closeTo(ClopperPearson.lower(10, 10, 0.05), 0.05 ** 0.1, 1e-12)
    assert.strictEqual(ClopperPearson.lower(0, 10, 0.05), 0)
    // scipy.stats.beta.ppf(0.025, 3, 8) and (0.975, 4, 7)
    assert.closeTo(ClopperPearson.lower(3, 10, 0.025), 0.06673951117773447, 1e-10)
    assert.closeTo(ClopperPearson.upper(3, 10, 0.025), 0.6524528500599972, 1e-10)
    // scipy.stats.beta.ppf(1e-6, 50000, 50001)
    assert.closeTo(ClopperPearson.lower(50_000, 100_000, 1e-6), 0.4924796203372254, 1e-9)
    assert.throws(() => ClopperPearson.lower(3, 2, 0.1), InvalidInput, /failures/)
  })
})
