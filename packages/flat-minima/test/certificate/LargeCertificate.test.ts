/** Certificates on known cases, in dimensions where the whole spectrum is not computed. */
import { InvalidInput, Kernels, Seed, Vector } from "@nonconvex/numerics"
import { network, type Objective, quadratic } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { assert, describe, it } from "vitest"
import { certify } from "../../src/certificate/Certificate.ts"
import * as FactoredGap from "../../src/certificate/FactoredGap.ts"
import {
  gradientOfTraceAtMinimum,
  quadraticModel,
} from "../../src/evidence/support/QuadraticModel.ts"
import * as TangentProjection from "../../src/minima/TangentProjection.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { everywhere, interpolating, sideBySide } from "../support/Models.ts"

const seed = Seed.root(1)
const kernels = Kernels.strict()

describe("1,200 parameters of which 600 are free", () => {
  const size = 600
  const model = sideBySide(size)
  const options = { lossTolerance: 1e-4, residualTolerance: 1e-3, seed }

  it("are flat where every factorisation is", () => {
    const certificate = certify(model, everywhere(size, 1, 1), options)
    assert.strictEqual(certificate.basis, "Gauss-Newton factor")
    assert.strictEqual(certificate.verdict, "flat")
    assert.strictEqual(certificate.rank, size)
    assert.isAbove(certificate.gap!, 1e10)
    assert.isBelow(certificate.remainder!, 1e-14)
    assert.closeTo(certificate.trace.estimate, 2, 1e-12)
    assert.closeTo(certificate.topEigenvalue, 2 / size, 1e-12)
  })

  it("are not flat where they are not, with the residual of the closed form", () => {
    const certificate = certify(model, everywhere(size, 3, 1 / 3), {
      ...options,
      residualTolerance: 1e-5,
    })
    assert.strictEqual(certificate.verdict, "not flat")
    // each adds its own |dPhi grad tr| / size, at right angles, and trb divides by the dimension
    const exact = (2 * Theory.factorisation.residual(3, 1 / 3)) / (2 * size) / Math.sqrt(size)
    const { estimate, standardError } = certificate.residual
    assert.isAtMost(Math.abs(estimate - exact), 4 * standardError + 1e-4 * exact)
    assert.isBelow(standardError, 0.1 * exact)
  })

  it("are not flat away from the minimum, where the remainder hides the gap", () => {
    const certificate = certify(model, everywhere(size, 1.2, 1.2), options)
    assert.strictEqual(certificate.verdict, "not flat")
    assert.match(certificate.because, /^on the descent from here the loss falls by more than/)
    assert.isAbove(certificate.fall, options.lossTolerance)
    // tr H is a mean of x_i^2 + y_i^2, and its gradient points at the minima
    const exact = (2 * 1.2 * Math.SQRT2) / Math.sqrt(size) / (2 * size)
    const { estimate, standardError } = certificate.residual
    assert.isAtMost(Math.abs(estimate - exact), 3 * standardError + 0.1 * exact)
    const still = certify(model, everywhere(size, 1.2, 1.2), { ...options, descent: 0 })
    assert.strictEqual(still.verdict, "undetermined")
    assert.match(still.because, /differs from its Gauss-Newton matrix by up to/)
    // H - A'A is 0.44 / size in the off-diagonal of each block
    assert.isAtLeast(certificate.remainder!, 0.44 / size)
    assert.isAtMost(certificate.remainder!, 0.6 / size)
  })

  it("are flat by all directions where the factor is not looked at", () => {
    const all = certify(model, everywhere(size, 1, 1), { ...options, rows: 599 })
    assert.strictEqual(all.basis, "ends of the spectrum")
    assert.strictEqual(all.verdict, "flat")
    // sharp along the hyperbolas, and close to none of the tolerances
    const sharp = certify(model, everywhere(size, 3, 1 / 3), {
      ...options,
      residualTolerance: 1e-5,
      rows: 599,
      descent: 0,
    })
    assert.strictEqual(sharp.verdict, "undetermined")
    assert.match(sharp.because, /1200 parameters and 600 predictions is too large/)
  })

  it("are not flat where a prediction has no gradient", () => {
    // the sample at (0, 0) has the gradient 0 and the remainder 1
    const point = everywhere(size, 1, 1)
    point.fill(0, 0, 2)
    const certificate = certify(model, point, options)
    assert.strictEqual(certificate.verdict, "not flat", certificate.because)
    assert.isAbove(certificate.fall, options.lossTolerance)
  })
})

describe("the ends of a large spectrum", () => {
  it("say when the products ran out before they were found", () => {
    const n = 1001
    const bowl = quadratic({ spectrum: Array.from({ length: n }, (_, i) => 1 + i / n) })
    const status = (skew: number) => {
      // a part that is not symmetric has no eigenvectors to converge to
      const objective: Objective = {
        ...bowl,
        hessianVector: (x, v, out) => {
          bowl.hessianVector(x, v, out)
          for (let j = 1; j < n; j++) {
            out[j]! += skew * v[j - 1]!
            out[j - 1]! -= skew * v[j]!
          }
        },
      }
      return certify(objective, new Float64Array(n), { lossTolerance: 1e-2, seed }).eigenvalueStatus
    }
    assert.deepStrictEqual([status(0), status(5e-4)], ["converged", "budget"])
  })
})

describe("both ways agree", () => {
  it("on a quadratic model, with the known residual", () => {
    const model = quadraticModel({ dimension: 60, size: 4, seed })
    const point = model.minimum
    const factored = certify(model, point, { lossTolerance: 1e-4, seed, dense: 10, pairs: 400 })
    const whole = certify(model, point, { lossTolerance: 1e-4, seed })
    assert.strictEqual(factored.basis, "Gauss-Newton factor")
    assert.strictEqual(whole.basis, "whole spectrum")
    assert.strictEqual(factored.rank, whole.rank)
    assert.strictEqual(factored.verdict, whole.verdict)
    assert.closeTo(factored.trace.estimate, whole.trace.estimate, 1e-10)
    assert.closeTo(factored.topEigenvalue, whole.topEigenvalue, 1e-6)
    const gradient = gradientOfTraceAtMinimum(model)
    TangentProjection.fromJacobian(model, point).apply(gradient)
    const exact = Vector.norm(gradient) / 60
    assert.closeTo(whole.residual.estimate, exact, 1e-6 * exact)
    const { estimate, standardError } = factored.residual
    assert.isAtMost(Math.abs(estimate - exact), 4 * standardError)
  })

  it("on a ReLU network that meets its targets, where trace and residual are exact", () => {
    const { objective, point } = interpolating("relu")
    const options = { lossTolerance: 1e-4, residualTolerance: 1e-3, seed }
    const factored = certify(objective, point, { ...options, dense: 100 })
    const whole = certify(objective, point, options)
    assert.isBelow(factored.loss, 1e-20)
    assert.strictEqual(factored.basis, "Gauss-Newton factor")
    assert.strictEqual(factored.rank, 15)
    assert.strictEqual(whole.rank, 15)
    assert.strictEqual(factored.verdict, "not flat")
    assert.strictEqual(whole.verdict, "not flat")
    assert.strictEqual(factored.trace.standardError, 0)
    assert.strictEqual(factored.trace.estimate, objective.exactTrace!(point).trace)
    assert.closeTo(factored.residual.estimate / whole.residual.estimate, 1, 1e-8)
  })

  it("on a tanh network, where they have error bars", () => {
    const { objective, point } = interpolating("tanh")
    const options = { lossTolerance: 1e-4, seed, pairs: 200 }
    const factored = certify(objective, point, { ...options, dense: 100 })
    const whole = certify(objective, point, options)
    assert.strictEqual(factored.rank, whole.rank)
    assert.closeTo(factored.trace.estimate, whole.trace.estimate, 1e-8)
    const { estimate, standardError } = factored.residual
    assert.isAtMost(Math.abs(estimate - whole.residual.estimate), 4 * standardError)
  })
})

describe("a network before its minimum", () => {
  it("is not flat: its loss falls", () => {
    const architecture = Architecture.make({ widths: [3, 300, 1], activation: "relu" })
    const objective = network({
      features: Float64Array.from({ length: 30 }, (_, i) => Math.sin(3 * i)),
      dimension: 3,
      architecture,
      loss: Loss.squared(Float64Array.from({ length: 10 }, (_, i) => Math.cos(i))),
    })
    const certificate = certify(objective, Initialisation.he(architecture, seed), {
      lossTolerance: 1e-2,
      seed,
    })
    assert.strictEqual(certificate.dimension, 1501)
    assert.strictEqual(certificate.verdict, "not flat", certificate.because)
    assert.isAbove(certificate.fall, 1e-2)
  })
})

describe("FactoredGap", () => {
  it("keeps the whole space where nothing is free, and finds nothing where all is 0", () => {
    const model = quadraticModel({ dimension: 3, size: 3, seed })
    const options = { seed, zero: 1e-8, kernels }
    const { test } = FactoredGap.fromFactor(model, model.gaussNewton!, model.minimum, options)
    assert.strictEqual(test._tag, "Gap")
    if (test._tag === "Gap") {
      assert.strictEqual(test.projection.gap, Number.POSITIVE_INFINITY)
      const v = Float64Array.of(1, 2, 3)
      test.projection.apply(v)
      assert.isBelow(Vector.norm(v), 1e-12)
    }
    const nothing = sideBySide(2)
    const zero = { rows: 2, factor: (_: Float64Array, out: Float64Array) => out.fill(0) }
    const none = FactoredGap.fromFactor(nothing, zero, everywhere(2, 1, 1), { seed, kernels })
    assert.strictEqual(none.test._tag, "NoGap")
  })

  it("refuses bad numbers", () => {
    const model = sideBySide(2)
    const at = (point: Float64Array, gap: number) => () =>
      FactoredGap.fromFactor(model, model.gaussNewton!, point, { seed, gap, kernels })
    assert.throws(at(new Float64Array(3), 10), InvalidInput, /the length of \w+ must be 4/)
    assert.throws(at(new Float64Array(4), -1), InvalidInput, /gap/)
  })
})
