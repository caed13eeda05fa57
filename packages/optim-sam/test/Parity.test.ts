/** Against formulas of other libraries, written here by hand. */
import { Vector } from "@nonconvex/numerics"
import { leastSquares, type Objective, quadratic, sgd } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { sam, unifiedSam } from "../src/index.ts"
import * as Theory from "../src/theory/Theory.ts"
import { assertClose, run } from "./support/Runs.ts"

describe("optax, the parabola of its test", () => {
  // f(x) = sum (x - target)^2 / 2 has no simple top eigenvalue; a weight per coordinate gives it one
  const target = Float64Array.of(-1, 0, 1)
  const start = [0.3, -0.2, 0.9]

  it("with its adversarial rate of 1e-4, SAM ends within the bounce of the minimum", () => {
    const objective = quadratic({ spectrum: [2, 2, 2], minimiser: target })
    const { point } = run(
      sam({ radius: 1e-4, base: sgd({ learningRate: 0.1 }) }),
      objective,
      start,
      25_000,
    )
    // all eigenvalues are the same: the direction is that of the start, the length is the bounce
    assert.closeTo(Vector.distance(point, target), Theory.bounceAmplitude(0.1, 1e-4, 2), 1e-12)
  })

  it("with a radius of 0.1, SAM ends in the orbit along the top eigenvector, not at the minimum", () => {
    const objective = quadratic({ spectrum: [2, 1, 0.5], minimiser: target })
    const method = sam({ radius: 0.1, base: sgd({ learningRate: 0.1 }) })
    const state = run(method, objective, start, 25_000)
    const amplitude = Theory.bounceAmplitude(0.1, 0.1, 2)
    const offset = state.point.map((w, i) => w - target[i]!)
    assertClose(offset.map(Math.abs), [amplitude, 0, 0], 1e-12)
    method.step(state)
    assertClose(
      state.point,
      target.map((w, i) => w - offset[i]!),
      1e-12,
    )
  })
})

/** The step of davda54/sam over plain SGD: an epsilon in the norm, in-place perturbation, a copy restored. */
const davda54 = (
  objective: Objective,
  w: Float64Array,
  options: { readonly rho: number; readonly rate: number },
): Float64Array => {
  const g = new Float64Array(w.length)
  objective.valueAndGradient(w, g)
  const scale = options.rho / (Math.hypot(...g) + 1e-12)
  objective.valueAndGradient(
    w.map((x, i) => x + scale * g[i]!),
    g,
  )
  return w.map((x, i) => x - options.rate * g[i]!)
}

describe("davda54/sam", () => {
  const objective = quadratic({ spectrum: [4, 1, 0.25] })
  const options = { rho: 0.05, rate: 0.1 }
  const step = (w: Float64Array) =>
    run(sam({ radius: options.rho, base: sgd({ learningRate: options.rate }) }), objective, w).point

  it("agrees to its epsilon where the gradient is of order 1", () => {
    let theirs: Float64Array = Float64Array.of(1, -1, 2)
    for (let t = 0; t < 30; t++) {
      const next = davda54(objective, theirs, options)
      assertClose(step(theirs), next, 1e-12)
      theirs = next
    }
  })

  it("halves the radius where the gradient is 1e-12, and ours does not", () => {
    const w = Float64Array.of(2.5e-13, 0, 0)
    const moved = (point: Float64Array) => (w[0]! - point[0]!) / (options.rate * 4)
    assert.closeTo(moved(davda54(objective, w, options)), options.rho / 2, 1e-9)
    assert.closeTo(moved(step(w)), options.rho, 1e-9)
  })
})

/** Ridge regression `|A w - b|^2 / 2n + r |w|^2 / 2` by its normal equations, as unifiedsam's script has it. */
const ridge = {
  rows: [
    [1, 2],
    [-1, 0.5],
    [0.3, 1],
    [2, -1],
  ],
  targets: [1, -2, 0.5, 3],
  penalty: 0.1,
}

const hessian = [0, 1].map((i) =>
  [0, 1].map(
    (j) =>
      ridge.rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / ridge.rows.length +
      (i === j ? ridge.penalty : 0),
  ),
)
const right = [0, 1].map(
  (i) =>
    ridge.rows.reduce((sum, row, k) => sum + row[i]! * ridge.targets[k]!, 0) / ridge.rows.length,
)

const ridgeGradient = (w: ReadonlyArray<number>): ReadonlyArray<number> =>
  hessian.map((row, i) => row[0]! * w[0]! + row[1]! * w[1]! - right[i]!)

describe("unifiedsam, ridge regression in closed form", () => {
  const model = leastSquares({
    features: Float64Array.from(ridge.rows.flat()),
    dimension: 2,
    targets: Float64Array.from(ridge.targets),
  })
  const objective: Objective = {
    ...model,
    constants: {},
    valueAndGradient: (w, gradient) => {
      const value = model.valueAndGradient(w, gradient)
      Vector.axpy(ridge.penalty, w, gradient)
      return value + 0.5 * ridge.penalty * Vector.dot(w, w)
    },
  }

  it.each([0, 0.25, 0.5, 1])("normalisation %d", (share) => {
    const [rho, rate] = [0.1, 0.2]
    let w: ReadonlyArray<number> = [3, -2]
    for (let t = 0; t < 60; t++) {
      const g = ridgeGradient(w)
      const scale = rho * (1 - share + share / Math.hypot(...g))
      // the gradient is affine: at w + s g it is g + s H g
      const second = hessian.map((row, i) => g[i]! + scale * (row[0]! * g[0]! + row[1]! * g[1]!))
      w = w.map((x, i) => x - rate * second[i]!)
    }
    const method = unifiedSam({
      radius: rho,
      base: sgd({ learningRate: rate }),
      normalisation: share,
    })
    assertClose(run(method, objective, [3, -2], 60).point, w, 1e-12)
  })
})
