import { InvalidInput, Seed } from "@nonconvex/numerics"
import { quadratic, scalarFactorisation, type Objective } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { certify } from "../../src/certificate/Certificate.ts"
import { checkHessian, HessianMismatch } from "../../src/certificate/HessianCheck.ts"
import { quadraticModel } from "../../src/evidence/support/QuadraticModel.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import * as Theory from "../../src/theory/Theory.ts"

const seed = Seed.root(1)
const hyperbola = scalarModel()
const options = { lossTolerance: 1e-2, residualTolerance: 0.1, seed }

/** y^2 / 2 + c x^2 / 2, with known curvatures. */
const bowl = (c: number): Objective => ({
  name: "bowl",
  dimension: 2,
  constants: {},
  valueAndGradient: (x, gradient) => {
    gradient[0] = c * x[0]!
    gradient[1] = x[1]!
    return 0.5 * (c * x[0]! ** 2 + x[1]! ** 2)
  },
})

describe("certify", () => {
  it("calls the flat minimum of the hyperbola flat", () => {
    const certificate = certify(hyperbola, Float64Array.of(1, 1), options)
    assert.strictEqual(certificate.verdict, "flat")
    assert.closeTo(certificate.trace.estimate, 2, 1e-9)
    assert.closeTo(certificate.topEigenvalue, 2, 1e-9)
    assert.strictEqual(certificate.rank, 1)
    assert.strictEqual(certificate.lossGapBound, 0)
  })

  it("calls a sharp minimum not flat, with its residual", () => {
    const certificate = certify(hyperbola, Float64Array.of(3, 1 / 3), options)
    assert.strictEqual(certificate.verdict, "not flat")
    assert.closeTo(certificate.residual.estimate, Theory.factorisation.residual(3, 1 / 3), 1e-9)
  })

  it("is not flat where the loss falls by more than its tolerance on the way down", () => {
    const beside = Float64Array.of(3, 1 / 3 + 1e-7)
    const near = certify(hyperbola, beside, options)
    assert.strictEqual(near.verdict, "not flat")
    const bound = near.lossGapBound!
    const { because, fall, verdict } = certify(hyperbola, beside, {
      ...options,
      lossTolerance: bound / 2,
    })
    assert.strictEqual(verdict, "not flat")
    assert.match(because, /^on the descent from here the loss falls by more than/)
    assert.isAbove(fall, bound / 2)
    assert.isAtMost(fall, 1.001 * bound)
    // without a way down nothing is known
    const still = { ...options, lossTolerance: bound / 2, descent: 0 }
    assert.strictEqual(certify(hyperbola, beside, still).verdict, "undetermined")
    assert.match(certify(hyperbola, beside, still).because, /the loss may be/)
  })

  it("judges the minimum below where the Hessian is singular by chance, away from the minima", () => {
    // at x y = 1/3 it is of rank 1, its kernel is no tangent space, and the flow leads to the flat minimum
    const side = 1 / Math.sqrt(3)
    const loose = { ...options, lossTolerance: 0.25, residualTolerance: 0.5 }
    const at = (descent: number) =>
      certify(hyperbola, Float64Array.of(side, side), { ...loose, descent })
    const there = at(0)
    assert.isBelow(there.lossGapBound!, 0.25)
    assert.isAbove(there.residual.estimate, 0.5)
    assert.strictEqual(there.verdict, "undetermined")
    assert.match(there.because, /where the Hessian has no curvature: this is not near a minimum/)
    const below = at(100)
    assert.strictEqual(below.verdict, "flat", below.because)
    assert.strictEqual(below.judgedAt, "the end of the descent")
    assert.strictEqual(below.descent, "minimum")
    assert.closeTo(below.fall, 2 / 9, 1e-12)
    assert.isBelow(below.residual.estimate, 1e-6)
  })

  it("is not flat at a saddle", () => {
    const saddle = certify(bowl(-0.5), Float64Array.of(0, 0), options)
    assert.strictEqual(saddle.verdict, "not flat")
    assert.match(saddle.because, /the eigenvalue -0.500 and the loss falls along it/)
    // nor where all of the loss is within its tolerance
    const between = certify(hyperbola, Float64Array.of(0, 0), { ...options, lossTolerance: 1 })
    assert.strictEqual(between.verdict, "not flat")
    assert.match(between.because, /this is a saddle/)
    // but where the loss has nowhere to fall to
    const low = { ...options, lossTolerance: 1000 }
    assert.strictEqual(certify(hyperbola, Float64Array.of(0, 0), low).verdict, "flat")
  })

  it("is not flat at a saddle whose negative curvature is small beside the largest", () => {
    for (const curvature of [-5e-4, -9e-4, -2e-3]) {
      const saddle = certify(
        quadratic({ spectrum: [1, curvature, 0] }),
        new Float64Array(3),
        options,
      )
      assert.strictEqual(saddle.rank, 2)
      assert.strictEqual(saddle.verdict, "not flat")
      assert.match(saddle.because, /the loss falls/)
      // no curvature of a saddle bounds its loss from below
      assert.isUndefined(saddle.lossGapBound)
    }
    // what is 0 beside the gap has no sign
    const flat = quadratic({ spectrum: [1, -1e-14, 0] })
    assert.strictEqual(certify(flat, new Float64Array(3), options).verdict, "flat")
  })

  it("is undetermined where the residual overflows", () => {
    const model = quadraticModel({ dimension: 6, size: 2, seed })
    const steep: Objective = {
      ...model,
      valueAndGradient: (x, gradient) => {
        const value = model.valueAndGradient(x, gradient)
        for (let j = 0; j < 6; j++) gradient[j]! *= 1e160
        return 1e160 * value
      },
      hessianVector: (x, v, out) => {
        model.hessianVector!(x, v, out)
        for (let j = 0; j < 6; j++) out[j]! *= 1e160
      },
      gaussNewton: {
        rows: 2,
        factor: (x, out) => {
          model.gaussNewton!.factor(x, out)
          for (let j = 0; j < out.length; j++) out[j]! *= 1e80
        },
      },
    }
    const { because, verdict } = certify(steep, model.minimum, { ...options, dense: 5 })
    assert.strictEqual(verdict, "undetermined", because)
  })

  it("takes the square root of the loss tolerance for the residual by default", () => {
    const point = Float64Array.of(3, 1 / 3)
    const residual = Theory.factorisation.residual(3, 1 / 3)
    const at = (lossTolerance: number) => certify(hyperbola, point, { lossTolerance, seed }).verdict
    assert.strictEqual(at(0.99 * residual ** 2), "not flat")
    assert.strictEqual(at(1.01 * residual ** 2), "flat")
  })

  it("bounds the loss by the smallest curvature above the gap", () => {
    const bowls = quadratic({ spectrum: [4, 1, 0] })
    const { lossGapBound, rank } = certify(bowls, Float64Array.of(0, 0.1, 5), options)
    assert.strictEqual(rank, 2)
    // f - min f itself: the gradient lies along that curvature
    assert.closeTo(lossGapBound!, 0.5 * 0.1 ** 2, 1e-12)
  })

  it("is sure only beyond three standard errors of the residual, on either side", () => {
    // beyond the dense dimension the residual is estimated
    const model = quadraticModel({ dimension: 6, size: 2, seed })
    const at = (residualTolerance: number) =>
      certify(model, model.minimum, { ...options, residualTolerance, dense: 5, pairs: 1000 })
    const { estimate, standardError } = at(1).residual
    assert.isAbove(standardError, 0.01 * estimate)
    assert.isBelow(standardError, estimate / 4.5)
    assert.deepStrictEqual(
      [-4, -2, 2, 4].map((errors) => at(estimate + errors * standardError).verdict),
      ["not flat", "undetermined", "undetermined", "flat"],
    )
    assert.match(at(estimate + standardError).because, /the error bar of the flatness residual/)
  })

  it("is flat without a gap where the residual is small along all directions", () => {
    // both curvatures are far from zero in the sense of the gap test, and neither is dropped or kept with certainty
    const certificate = certify(bowl(1e-6), Float64Array.of(0, 0), { ...options, gap: 1e9 })
    assert.strictEqual(certificate.verdict, "flat")
    assert.match(certificate.because, /the flatness residual is at most 0/)
    assert.isUndefined(certificate.gap)
    assert.deepStrictEqual(certificate.residual, { estimate: 0, standardError: 0 })
  })

  it("is not flat without a gap where the directions of no curvature have too much of the residual", () => {
    // of the hyperbola's spectrum the ratio is 1e16 at most
    const sharp = certify(hyperbola, Float64Array.of(3, 1 / 3), { ...options, gap: 1e20 })
    assert.isUndefined(sharp.gap)
    assert.strictEqual(sharp.verdict, "not flat", sharp.because)
    assert.match(sharp.because, /at least .*, above 0\.100/)
    const exact = Theory.factorisation.residual(3, 1 / 3)
    const { estimate, standardError } = sharp.residual
    assert.isAtMost(Math.abs(estimate - exact), 3 * standardError + 1e-6)
  })

  it("takes the directions of at most 1e-5 of the largest curvature for the valley where there is no gap", () => {
    // the curvature 4e-5 is above that, and half of the square of the gradient of the trace lies along it
    const steps = [1, 4e-5, 1e-8]
    const skew: Objective = {
      name: "skew",
      dimension: 3,
      constants: {},
      valueAndGradient: (x, gradient) => {
        let value = 0
        for (let j = 0; j < 3; j++) {
          const cubic = j === 0 ? 0 : 1
          gradient[j] = steps[j]! * x[j]! + (cubic * x[j]! ** 2) / 2
          value += (steps[j]! * x[j]! ** 2) / 2 + (cubic * x[j]! ** 3) / 6
        }
        return value
      },
    }
    const origin = new Float64Array(3)
    const at = (residualTolerance: number, zero = 1e-5) =>
      certify(skew, origin, { ...options, gap: 1e9, zero, residualTolerance })
    assert.strictEqual(at(0.5).verdict, "flat")
    // where the bound by all directions meets the tolerance, it is what is told
    assert.closeTo(
      at(0.5).residual.estimate + 3 * at(0.5).residual.standardError,
      Math.SQRT2 / 3,
      1e-6,
    )
    assert.strictEqual(at(0.4).verdict, "flat")
    assert.closeTo(at(0.4).residual.estimate, 1 / 3, 1e-6)
    assert.strictEqual(at(0.3).verdict, "not flat")
    assert.strictEqual(at(0.4, 1e-4).verdict, "not flat")
  })

  it("tells the largest eigenvalues, each with its residual", () => {
    const many = quadratic({ spectrum: [7, 5, 3, 2, 1.5, 1, 0.5] })
    for (const dense of [1000, 5]) {
      const { topEigenvalue, topEigenvalues } = certify(many, new Float64Array(7), {
        ...options,
        dense,
      })
      assert.closeTo(topEigenvalue, 7, 1e-9)
      topEigenvalues.forEach(({ residual, value }, k) => {
        assert.isAtMost(Math.abs(value - [7, 5, 3, 2, 1.5][k]!), residual + 1e-9)
        assert.isAtMost(residual, 1e-3 * 7)
      })
      assert.strictEqual(topEigenvalues.length, 5)
    }
  })

  it("works in dimension 1", () => {
    const line: Objective = {
      name: "line",
      dimension: 1,
      constants: {},
      valueAndGradient: (x, gradient) => {
        gradient[0] = x[0]!
        return 0.5 * x[0]! ** 2
      },
    }
    const certificate = certify(line, Float64Array.of(0), options)
    assert.strictEqual(certificate.verdict, "flat")
    assert.strictEqual(certificate.rank, 1)
  })

  it("refuses a product that contradicts the gradient", () => {
    const twice: Objective = {
      ...hyperbola,
      hessianVector: (x, v, out) => {
        hyperbola.hessianVector!(x, v, out)
        for (let j = 0; j < out.length; j++) out[j]! *= 2
      },
    }
    assert.throws(
      () => certify(twice, Float64Array.of(1, 1), options),
      HessianMismatch,
      /contradicts its gradient/,
    )
    checkHessian(scalarFactorisation(1), Float64Array.of(1, 2), { seed })
  })

  it("refuses a bad point", () => {
    assert.throws(
      () => certify(hyperbola, Float64Array.of(1), options),
      InvalidInput,
      /the length of \w+ must be 2/,
    )
    assert.throws(
      () => certify(hyperbola, Float64Array.of(1, Number.NaN), options),
      InvalidInput,
      /finite/,
    )
  })
})
