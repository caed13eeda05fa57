/** The lower bounds on the problems that attain them. */
import { assert, describe, it } from "vitest"
import * as LowerBounds from "../../src/theory/LowerBounds.ts"

/** `A = diag(s)` and the weights of a solution of norm 1 that no combination of n gradients comes near to. */
const worst = (n: number) => {
  const points = Array.from({ length: n + 1 }, (_, k) => Math.cos((k * Math.PI) / (2 * n + 1)))
  const raw = points.map((s, k) => (k === 0 ? 0.5 : 1) / s ** 2)
  const sum = raw.reduce((all, weight) => all + weight, 0)
  return { points, solution: raw.map((weight) => Math.sqrt(weight / sum)) }
}

/** `|A (x - solution)|` of the best combination x of `A A b`, ...: conjugate gradients on the normal equations. */
const best = (n: number, steps: number): number => {
  const { points, solution } = worst(n)
  const of = (x: ReadonlyArray<number>) => points.map((s, k) => s * x[k]!)
  const dot = (a: ReadonlyArray<number>, b: ReadonlyArray<number>) =>
    a.reduce((sum, value, k) => sum + value * b[k]!, 0)
  let rest = of(solution)
  let gradient = of(rest)
  let direction = gradient
  for (let t = 0; t < steps; t++) {
    const moved = of(direction)
    const size = dot(gradient, gradient)
    const step = size / dot(moved, moved)
    rest = rest.map((value, k) => value - step * moved[k]!)
    gradient = of(rest)
    const turn = dot(gradient, gradient) / size
    direction = gradient.map((value, k) => value + turn * direction[k]!)
  }
  return Math.sqrt(dot(rest, rest))
}

const counts = [1, 2, 3, 5, 8]

describe("lower bounds", () => {
  it.each(counts)("are what the best combination of %i gradients leaves", (n) => {
    const left = best(n, n)
    assert.closeTo(left, 1 / (2 * n + 1), 1e-9)
    // minimisation with l = D = 1: the objective is half its square
    assert.closeTo(LowerBounds.minimisationGradientsAtLeast(2 / left ** 2), n, 1e-6)
    // a game on balls of radius 1: one player has n gradients after 2 n evaluations, and 2 n + 1 bring it none
    assert.isAtMost(LowerBounds.minimaxGradientsAtLeast(4 / left), 2 * n + 1e-6)
    assert.isAbove(LowerBounds.minimaxGradientsAtLeast(4 / left), 2 * n - 1)
  })

  it.each(counts)("are of problems of enough dimensions: one gradient more than %i ends", (n) => {
    assert.isBelow(best(n, n + 1), 1e-6)
  })

  it("are those of GD in its last step", () => {
    const [l, n, delta] = [2, 6, 0.5]
    // l D^2 / (4 n + 2) = eps; a constant error moves n steps of 1 / l
    const apart = (2 * n * delta) / l
    assert.closeTo(LowerBounds.deviationOfGradientAtLeast(4 * n + 2, delta, l), apart ** 2, 1e-12)
    assert.strictEqual(LowerBounds.deviationOfStartAtLeast(0.5), 0.25)
  })

  it("ask for nothing where the start is good enough", () => {
    assert.strictEqual(LowerBounds.minimisationGradientsAtLeast(1), 0)
    assert.strictEqual(LowerBounds.minimaxGradientsAtLeast(1), 0)
    assert.strictEqual(LowerBounds.deviationOfGradientAtLeast(1, 1, 1), 0)
  })
})
