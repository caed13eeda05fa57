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

/** y^2 / 2 + c x^2 / 2: its two curvatures are known. */
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
    assert.closeTo(certificate.residual!.estimate, Theory.factorisation.residual(3, 1 / 3), 1e-9)
  })

  it("is undetermined where the loss may be above its minimum, however sharp the point", () => {
    const beside = Float64Array.of(3, 1 / 3 + 1e-7)
    const near = certify(hyperbola, beside, options)
    assert.strictEqual(near.verdict, "not flat")
    const bound = near.lossGapBound!
    const { because, verdict } = certify(hyperbola, beside, {
      ...options,
      lossTolerance: bound / 2,
    })
    assert.strictEqual(verdict, "undetermined")
    assert.match(because, /the loss may be/)
  })

  it("is undetermined where the Hessian is singular by chance, away from the minima", () => {
    // at x y = 1/3 it is of rank 1, its kernel is no tangent space, and the flow leads to the flat minimum
    const side = 1 / Math.sqrt(3)
    const certificate = certify(hyperbola, Float64Array.of(side, side), {
      ...options,
      lossTolerance: 0.25,
      residualTolerance: 0.5,
    })
    assert.isBelow(certificate.lossGapBound!, 0.25)
    assert.isAbove(certificate.residual!.estimate, 0.5)
    assert.strictEqual(certificate.verdict, "undetermined")
    assert.match(certificate.because, /where the Hessian has none: this is not near a minimum/)
  })

  it("is undetermined at a saddle", () => {
    const saddle = certify(bowl(-0.5), Float64Array.of(0, 0), options)
    assert.strictEqual(saddle.verdict, "undetermined")
    assert.match(saddle.because, /the eigenvalue -0.500: this is not near a minimum/)
  })

  it("is undetermined at a saddle whose negative curvature is small beside the largest", () => {
    for (const curvature of [-5e-4, -9e-4, -2e-3]) {
      const saddle = certify(
        quadratic({ spectrum: [1, curvature, 0] }),
        new Float64Array(3),
        options,
      )
      assert.strictEqual(saddle.rank, 2)
      assert.strictEqual(saddle.verdict, "undetermined")
      assert.match(saddle.because, /^the Hessian has the eigenvalue -0\.\d+: this is not near/)
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

  it("takes the root of the loss tolerance for the residual by default", () => {
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
    const { estimate, standardError } = at(1).residual!
    assert.isAbove(standardError, 0.01 * estimate)
    assert.isBelow(standardError, estimate / 4.5)
    assert.deepStrictEqual(
      [-4, -2, 2, 4].map((errors) => at(estimate + errors * standardError).verdict),
      ["not flat", "undetermined", "undetermined", "flat"],
    )
    assert.match(at(estimate + standardError).because, /the error bar of the flatness residual/)
  })

  it("never says flat without a gap", () => {
    // both curvatures are far from zero in the sense of the gap test, and neither is dropped or kept with certainty
    const certificate = certify(bowl(1e-6), Float64Array.of(0, 0), { ...options, gap: 1e9 })
    assert.strictEqual(certificate.verdict, "undetermined")
    assert.match(certificate.because, /no gap/)
    assert.isUndefined(certificate.residual)
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
