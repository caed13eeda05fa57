// The statistical laws at full size: one sample each, fixed seeds. Claims test them a thousand times on smaller samples.
import type { Margin } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { advantageMargin } from "../../src/evidence/claims/ComplexNoiseDoesNotHelp.ts"
import { errorMargin } from "../../src/evidence/claims/FirstOrderError.ts"
import { dominanceMargin, pairedGaps } from "../../src/evidence/claims/GapDominance.ts"
import { gapsOfTwo, twoMargin } from "../../src/evidence/claims/GapLawOfTwo.ts"
import { slopeMargin, slopes } from "../../src/evidence/claims/RepulsionExponents.ts"
import { tailMargin } from "../../src/evidence/claims/GapTail.ts"
import { discreteMargin } from "../../src/evidence/claims/DiscreteGaussianLaw.ts"
import { edgeMargin } from "../../src/evidence/claims/LargestEigenvalueOfTheNoise.ts"
import { momentMargin } from "../../src/evidence/claims/NoiseMoments.ts"

const given = { kernels: Kernels.strict() }

/** Margins as the law is, and after the change that its claim names as a control. */
const signs = (right: Margin.Comparison, wrong: Margin.Comparison) => [
  right.margin >= 0 ? "holds" : right,
  wrong.margin < 0 ? "caught" : wrong,
]
const sound = ["holds", "caught"]

const noises = [1, 2] as const

describe("the noise", () => {
  it("has the moments of its scale in 2e5 draws", () => {
    const instance = { scale: 3, seed: 1 }
    assert.deepStrictEqual(
      signs(
        momentMargin(instance, given, Math.SQRT1_2, 200_000),
        momentMargin(instance, given, 0.72, 200_000),
      ),
      sound,
    )
  })

  it.each(noises)("has no eigenvalue beyond its limit in 1e4 spectra, beta = %d", (beta) => {
    const instance = { dimension: 40, beta, seed: 2 }
    assert.deepStrictEqual(
      signs(edgeMargin(instance, given, 1, 10_000), edgeMargin(instance, given, 0.5, 10_000)),
      sound,
    )
  })

  it("is a discrete Gaussian by 41 cells and 1e6 integers", () => {
    const instance = { t: 8, seed: 3 }
    assert.deepStrictEqual(
      signs(
        discreteMargin(instance, 1, 1_000_000, 20, 1),
        discreteMargin(instance, 1.01, 1_000_000, 20, 1),
      ),
      sound,
    )
  })
})

describe.each(noises)("gaps, beta = %d", (beta) => {
  it.each([0, 1, 5])("have the exact law of two eigenvalues in 1e5 pairs, m = %d", (m) => {
    const instance = { dimension: 2, beta, m, seed: 4 }
    const sample = gapsOfTwo(instance, given, 100_000)
    assert.deepStrictEqual(
      signs(twoMargin(instance, sample, 1), twoMargin(instance, sample, 1.1)),
      sound,
    )
  })

  it("are wider over a matrix in 4e4 spectra of d = 12", () => {
    const instance = { dimension: 12, beta, m: 1, seed: 5 }
    const sample = pairedGaps(instance, given, 40_000)
    assert.deepStrictEqual(
      signs(dominanceMargin(sample, false), dominanceMargin(sample, true)),
      sound,
    )
  })

  it.each([5, 10, 20])("are as rare as Lemma 4 has it in 4e5 spectra of d = %d", (dimension) => {
    const instance = { dimension, beta, m: 0, seed: 6 }
    assert.isAtLeast(tailMargin(instance, given, beta, beta, 400_000).margin, 0)
  })
})

it("small gaps have the exponents 3 and 2 in 4e5 spectra of d = 10", () => {
  const instance = { dimension: 10, beta: 2, m: 0, seed: 7 } as const
  const sample = slopes(instance, given, 400_000)
  assert.deepStrictEqual(signs(slopeMargin(sample, 0), slopeMargin(sample, 0.4)), sound)
})

describe("errors", () => {
  const instance = { dimension: 20, rank: 2, gap: 8, ratio: 1, seed: 8 }

  it("are those of first order in 200 trials", () => {
    assert.deepStrictEqual(
      signs(errorMargin(instance, given, 2, 200), errorMargin(instance, given, 1, 200)),
      sound,
    )
  })

  it("of Y are those of the real mechanism in 400 trials", () => {
    assert.deepStrictEqual(
      signs(
        advantageMargin(instance, given, "real", 400),
        advantageMargin(instance, given, "complex", 400),
      ),
      sound,
    )
  })
})
