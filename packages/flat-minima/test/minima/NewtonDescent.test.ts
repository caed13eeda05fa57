/** The descent: it reaches a minimum, out of saddles and along kinks, or reports why it does not. */
import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { network, type Objective, quadratic } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { assert, describe, it } from "vitest"
import { alongKinks } from "../../src/minima/AlongKinks.ts"
import { descend } from "../../src/minima/NewtonDescent.ts"
import { denseHessian } from "../../src/minima/TangentProjection.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"

const seed = Seed.root(7)
const hyperbola = scalarModel()

const small = (
  activation: "relu" | "tanh" | "softplus" | "sigmoid",
  outputs: number,
  size: number,
) => {
  const stream = RandomStream.make(seed.child(activation))
  const features = new Float64Array(3 * size)
  stream.fillNormal(features)
  const values = new Float64Array(outputs * size)
  stream.fillNormal(values)
  const architecture = Architecture.make({ widths: [3, 6, outputs], activation })
  const labels = Int32Array.from({ length: size }, () => stream.integer(outputs))
  const loss = outputs === 1 ? Loss.squared(values) : Loss.crossEntropy(labels)
  const objective = network({ features, dimension: 3, architecture, loss })
  return { objective, start: Initialisation.glorot(architecture, seed.child("start")) }
}

describe("descend", () => {
  it("comes to a minimum whose curvatures are none of them negative, whatever the network", () => {
    for (const activation of ["tanh", "softplus", "sigmoid"] as const) {
      for (const outputs of [1, 3]) {
        const { objective, start } = small(activation, outputs, 12)
        const steps: Array<number> = []
        const found = descend(objective, start, {
          gradients: 20_000,
          seed,
          onStep: ({ loss }) => steps.push(loss),
        })
        assert.strictEqual(found.end, "minimum", `${activation} ${outputs}`)
        assert.isAtMost(found.gradientNorm, 1e-6)
        const gradient = new Float64Array(objective.dimension)
        assert.strictEqual(objective.valueAndGradient(found.point, gradient), found.loss)
        assert.strictEqual(Vector.norm(gradient), found.gradientNorm)
        const hessian = denseHessian(objective, found.point)
        const values = SymmetricEigen.eigenvalues(hessian, objective.dimension)
        // or the loss falls by next to nothing along it, twice 1e-7 for what Lanczos leaves of the eigenvalue
        const reach = 0.1 * Math.max(1, Vector.norm(found.point))
        const fall = -0.5 * values[0]! * reach * reach
        assert.isTrue(values[0]! > -1e-5 * values.at(-1)! || fall < 2e-7, `${fall}`)
        // no step goes up, but for what rounding hides
        steps.forEach((loss, k) => {
          if (k > 0) assert.isAtMost(loss, steps[k - 1]! * (1 + 1e-12))
        })
      }
    }
  })

  it("leaves a saddle where the gradient is 0", () => {
    const { end, loss } = descend(hyperbola, Float64Array.of(0, 0), { gradients: 300, seed })
    assert.strictEqual(end, "minimum")
    assert.isBelow(loss, 1e-12)
  })

  it("meets the solution of a system with eigenvalues over eight decades", () => {
    const bowl = quadratic({ spectrum: Array.from({ length: 40 }, (_, i) => 10 ** (-i / 5)) })
    const start = Float64Array.from({ length: 40 }, () => 1)
    const { end, gradientNorm } = descend(bowl, start, { gradients: 2000, tolerance: 1e-12, seed })
    assert.strictEqual(end, "minimum")
    assert.isAtMost(gradientNorm, 1e-12)
  })

  it("ends where the loss has fallen by enough, and where the gradients run out", () => {
    const { objective, start } = small("tanh", 1, 12)
    const gradient = new Float64Array(objective.dimension)
    const before = objective.valueAndGradient(start, gradient)
    const enough = descend(objective, start, { gradients: 5000, enough: before / 3, seed })
    assert.strictEqual(enough.end, "enough")
    assert.isAbove(before - enough.loss, before / 3)
    for (const gradients of [1, 2, 3, 30]) {
      const short = descend(objective, start, { gradients, seed })
      assert.strictEqual(short.end, "budget")
      assert.isAtMost(short.gradients, gradients)
    }
  })

  it("says where the loss has no bottom", () => {
    const slope = quadratic({ spectrum: [1, -1] })
    const far = descend(slope, Float64Array.of(1, 1), { gradients: 500, seed })
    assert.strictEqual(far.end, "budget")
    assert.isBelow(far.loss, -1e6)
    const beyond = descend(slope, Float64Array.of(1e200, 1), { gradients: 500, seed })
    assert.strictEqual(beyond.end, "not finite")
  })

  it("comes down to the kinks of a ReLU network that cannot meet its targets, and says so", () => {
    const { objective, start } = small("relu", 1, 60)
    const found = descend(objective, start, { gradients: 60_000, negligible: 1e-3, seed })
    assert.include(["kink", "minimum"], found.end)
    const gradient = new Float64Array(objective.dimension)
    assert.isBelow(found.loss, objective.valueAndGradient(start, gradient))
  })

  it("finds the kink of max(|x|, |y|) + x^2, where every gradient has the length 1", () => {
    const roof: Objective = {
      name: "roof",
      dimension: 2,
      constants: {},
      valueAndGradient: ([x, y], gradient) => {
        gradient.fill(0)
        const first = Math.abs(x!) > Math.abs(y!)
        gradient[first ? 0 : 1] = Math.sign(first ? x! : y!)
        gradient[0]! += 2 * x!
        return Math.max(Math.abs(x!), Math.abs(y!)) + x! * x!
      },
    }
    const found = descend(roof, Float64Array.of(0.7, -0.3), { gradients: 20_000, seed })
    assert.strictEqual(found.end, "kink")
    assert.isBelow(found.loss, 1e-3)
  })

  it("refuses a bad start and bad options", () => {
    const at = (start: Float64Array, gradients: number) => () =>
      descend(hyperbola, start, { gradients, seed })
    assert.throws(at(Float64Array.of(1), 10), InvalidInput, /length/)
    assert.throws(at(Float64Array.of(1, Number.NaN), 10), InvalidInput, /finite/)
    assert.throws(at(Float64Array.of(1, 1), 0), InvalidInput, /gradients/)
  })
})

describe("alongKinks", () => {
  it("goes down a crease that gradients cross from side to side", () => {
    // |x| + 0.1 |y - 1|: from the crease x = 0 on
    const crease = ([x, y]: Float64Array, gradient: Float64Array): number => {
      gradient[0] = x! >= 0 ? 1 : -1
      gradient[1] = 0.1 * (y! >= 1 ? 1 : -1)
      return Math.abs(x!) + 0.1 * Math.abs(y! - 1)
    }
    const point = Float64Array.of(0, 0)
    const gradient = new Float64Array(2)
    const before = crease(point, gradient)
    const loss = alongKinks(crease, point, gradient, before, 2000)
    assert.isBelow(loss, 0.01 * before)
    assert.strictEqual(crease(point, new Float64Array(2)), loss)
  })
})
