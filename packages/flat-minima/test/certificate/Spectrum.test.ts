/** Error bars behind a certificate and a monitor: their composition and their coverage. */
import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Trace from "@nonconvex/numerics/Trace"
import { exactTrace, type Objective, quadratic, valleyAlong } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import { assert, describe, it } from "vitest"
import { meanOf } from "../../src/flatness/Estimate.ts"
import * as FactoredGap from "../../src/certificate/FactoredGap.ts"
import * as Flatness from "../../src/flatness/Flatness.ts"
import { checkHessian, HessianMismatch } from "../../src/certificate/HessianCheck.ts"
import { monitor } from "../../src/monitor/Monitor.ts"
import { quadraticModel } from "../../src/evidence/support/QuadraticModel.ts"
import * as Spectrum from "../../src/certificate/Spectrum.ts"
import * as TangentProjection from "../../src/minima/TangentProjection.ts"
import * as Theory from "../../src/theory/Theory.ts"

const seed = Seed.root(5)

/** An exact projection that claims a tilt. */
const tilted = (projection: TangentProjection.Projection, tilt: number) => ({
  _tag: "Gap" as const,
  projection,
  smallestKept: 1,
  tilt,
})

describe("the error of the residual", () => {
  const model = quadraticModel({ dimension: 6, size: 2, seed })
  const projection = TangentProjection.fromJacobian(model, model.minimum)
  const whole = Vector.norm(Flatness.gradientOfTrace(model, model.minimum, { step: 0.1 })) / 6

  it("is what the tilt of the projection can do, where the trace has a formula", () => {
    const exact: Objective = {
      ...model,
      hessianTrace: {
        value: () => 0,
        gradient: (x, out) => out.set(Flatness.gradientOfTrace(model, x, { step: 0.1 })),
      },
    }
    const { standardError } = Spectrum.residual(exact, model.minimum, tilted(projection, 0.25), {
      pairs: 2,
      seed,
      everyDirection: false,
    })
    assert.closeTo(standardError, 0.25 * whole, 1e-9)
  })

  it("has the tilt added to that of the probes", () => {
    const at = (tilt: number) =>
      Spectrum.residual(model, model.minimum, tilted(projection, tilt), {
        pairs: 4000,
        seed,
        everyDirection: false,
      })
    const [without, with_] = [at(0), at(0.25)]
    assert.strictEqual(with_.estimate, without.estimate)
    // the gradient of the whole trace is estimated from ten pairs
    assert.closeTo((with_.standardError - without.standardError) / (0.25 * whole), 1, 0.5)
  })

  it("covers that of the differences, where the trace is no quadratic", () => {
    const valley = valleyAlong({
      value: (x) => 2 + Math.sin(3 * x),
      derivative: (x) => 3 * Math.cos(3 * x),
      secondDerivative: (x) => -9 * Math.sin(3 * x),
    })
    // turned by 45 degrees: along the valley's own axes there is no error
    const turn = (x: Float64Array, sign: number) =>
      Float64Array.of(Math.SQRT1_2 * (x[0]! - sign * x[1]!), Math.SQRT1_2 * (sign * x[0]! + x[1]!))
    const turned: Objective = {
      name: "turned valley",
      dimension: 2,
      constants: {},
      valueAndGradient: (x, gradient) => {
        const value = valley.valueAndGradient(turn(x, 1), gradient)
        gradient.set(turn(gradient, -1))
        return value
      },
      hessianVector: (x, v, out) => {
        valley.hessianVector!(turn(x, 1), turn(v, 1), out)
        out.set(turn(out, -1))
      },
    }
    const point = turn(Float64Array.of(0.2, 0), -1)
    const test = TangentProjection.fromHessian(turned, point)
    assert(test._tag === "Gap")
    const { estimate, standardError } = Spectrum.residual(turned, point, test, {
      pairs: 2,
      seed,
      everyDirection: true,
    })
    const error = Math.abs(estimate - Theory.valley.residual(3 * Math.cos(0.6), 1, 2))
    assert.isAbove(error, 1e-6)
    assert.isAtMost(error, standardError)
  })
})

describe("the bound on the remainder", () => {
  it("is its norm over the root of what a random start can miss, where Lanczos has converged", () => {
    const model = quadraticModel({ dimension: 12, size: 3, seed })
    const point = model.minimum.map((value, j) => value + 0.01 * Math.sin(j))
    const { remainder } = FactoredGap.fromFactor(model, model.gaussNewton!, point, {
      seed,
      kernels: Kernels.strict(),
    })
    const rest = TangentProjection.denseHessian(model, point)
    const factor = new Float64Array(36)
    model.gaussNewton!.factor(point, factor)
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 12; j++) {
        for (let k = 0; k < 3; k++) rest[i * 12 + j]! -= factor[k * 12 + i]! * factor[k * 12 + j]!
      }
    }
    const norm = Vector.maxAbs(SymmetricEigen.eigenvalues(rest, 12))
    const missed = Theory.lanczosShortfall(12, 20, FactoredGap.failure)
    assert.closeTo((remainder / norm) * Math.sqrt(1 - missed), 1, 1e-9)
  })
})

describe("the check of a Hessian", () => {
  const shallow = quadratic({ spectrum: [1e-7, 1e-7, 1e-7] })

  it("sees a factor of 2 in curvatures of 1e-7", () => {
    const doubled: Objective = {
      ...shallow,
      hessianVector: (x, v, out) => {
        shallow.hessianVector(x, v, out)
        Vector.scale(2, out)
      },
    }
    assert.throws(() => checkHessian(doubled, Float64Array.of(1, 2, 3), { seed }), HessianMismatch)
    checkHessian(shallow, Float64Array.of(1, 2, 3), { seed })
  })

  it("does not blame a product beside a kink that every step crosses", () => {
    // |x|, smooth within 1e-40 of 0 and of curvature 1e40 there
    const kink: Objective = {
      name: "kink",
      dimension: 1,
      constants: {},
      valueAndGradient: (x, gradient) => {
        gradient[0] = Math.tanh(1e40 * x[0]!)
        return Math.abs(x[0]!)
      },
      hessianVector: (_, v, out) => {
        out[0] = 1e40 * v[0]!
      },
    }
    const check = () => checkHessian(kink, Float64Array.of(0), { seed })
    assert.throws(check, HessianMismatch, /cannot be checked .* depend on their step/)
  })

  it("looks along two directions", () => {
    let calls = 0
    const second: Objective = {
      ...shallow,
      hessianVector: (x, v, out) => {
        shallow.hessianVector(x, v, out)
        if (++calls === 2) Vector.scale(2, out)
      },
    }
    assert.throws(() => checkHessian(second, Float64Array.of(1, 2, 3), { seed }), HessianMismatch)
  })
})

describe("the error of a mean", () => {
  it("is the standard deviation over the root of the number, with one degree of freedom less", () => {
    assert.deepStrictEqual(meanOf([10, 2]), { estimate: 6, standardError: 4 })
    assert.deepStrictEqual(meanOf([6, 6, 6]), { estimate: 6, standardError: 0 })
    assert.deepStrictEqual(meanOf([6]), { estimate: 6, standardError: Number.POSITIVE_INFINITY })
  })
})

describe("changes between readings", () => {
  const n = 40
  const basis = Orthogonal.haar(n, RandomStream.make(seed.child("basis")))

  /** A rotated spectrum times `1 + x_0`. */
  const scaling = (spectrum: ReadonlyArray<number>): Objective => {
    const base = quadratic({ spectrum, basis })
    return {
      ...base,
      hessianVector: (x, v, out) => {
        base.hessianVector(x, v, out)
        Vector.scale(1 + x[0]!, out)
      },
    }
  }
  const at = (first: number): Float64Array => {
    const point = new Float64Array(n)
    point[0] = first
    return point
  }
  const flat = Array.from({ length: n }, (_, i) => 1 + (i % 7))
  const steep = Array.from({ length: n }, (_, i) => 1 / (1 + i) ** 2)
  const sum = (values: ReadonlyArray<number>) => values.reduce((a, b) => a + b)

  it("come from the probes in common where little has changed", () => {
    const watch = monitor(scaling(flat), { seed, relativeError: 0.02 })
    watch.read(at(0))
    const { change, trace } = watch.read(at(1e-3))
    assert.isAbove(trace.standardError, 0)
    assert.isAtMost(change!.standardError, 0.002 * trace.standardError)
    assert.isAtMost(Math.abs(change!.estimate - 1e-3 * sum(flat)), 4 * change!.standardError)
  })

  it("come from the two traces where those are better known", () => {
    const watch = monitor(scaling(steep), { seed, relativeError: 1e-3 })
    const before = watch.read(at(0))
    const { change, trace } = watch.read(at(5))
    const apart = Math.hypot(before.trace.standardError, trace.standardError)
    assert.isAtMost(change!.standardError, apart)
    assert.isAtMost(Math.abs(change!.estimate - 5 * sum(steep)), 4 * apart)
  })

  it("and a sketch replaces probes only where its error is smaller", () => {
    let kept = 0
    for (let k = 0; k < 20; k++) {
      const own = seed.child(k)
      const objective = scaling(flat)
      // eight probes, and eight products left that are not enough for either
      const { products, trace } = monitor(objective, {
        seed: own,
        relativeError: 1e-6,
        maxProducts: 16,
      }).read(at(0))
      assert.strictEqual(products, 16)
      const probes = Trace.hutchinson((v, out) => objective.hessianVector!(at(0), v, out), {
        dimension: n,
        seed: own.child("probe"),
        probes: 8,
      })
      assert.isAtMost(trace.standardError, probes.standardError * (1 + 1e-12))
      if (Math.abs(trace.standardError - probes.standardError) < 1e-12) kept++
    }
    assert.isAbove(kept, 0)
    assert.isBelow(kept, 20)
  })
})

describe("exactTrace", () => {
  it("refuses an activation that is not piecewise linear", () => {
    const architecture = Architecture.make({ widths: [1, 2, 2], activation: "tanh" })
    assert.throws(
      () =>
        exactTrace({
          features: Float64Array.of(1),
          dimension: 1,
          architecture,
          loss: "squared",
        }),
      InvalidInput,
      /tanh is not piecewise linear/,
    )
  })
})
