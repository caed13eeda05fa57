import { assert, describe, it } from "@effect/vitest"
import { advance } from "@nonconvex/problems/Advance"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { sgd } from "@nonconvex/problems/Sgd"
import * as Recorder from "../src/Recorder.ts"

const subject = { descent: (learningRate: number) => gradientMethod(sgd({ learningRate })) }

/** Steps of `of` on a quadratic. */
const follow = (of: typeof subject, steps: number, learningRate = 0.25): Float64Array => {
  const method = of.descent(learningRate)
  const state = method.init(quadratic({ spectrum: [4, 1] }), Float64Array.of(1, 1))
  for (let t = 0; t < steps; t++) method.step(state)
  return state.point
}

describe("a recorder", () => {
  it("keeps what methods are put on, and each step", () => {
    const recorder = Recorder.make()
    assert.deepStrictEqual(follow(recorder.subject(subject), 2), follow(subject, 2))
    const { more, nonFinite, runs } = recorder.trace()
    assert.isUndefined(nonFinite)
    assert.strictEqual(more, 0)
    assert.lengthOf(runs, 1)
    const [{ method, points, steps, valueAt }] = runs as [Recorder.Run]
    assert.strictEqual(method, "sgd")
    assert.strictEqual(steps, 2)
    assert.strictEqual(valueAt!(Float64Array.of(1, 0)), 2)
    assert.deepStrictEqual(
      points.map(({ loss, point, step }) => ({ step, point, ...(loss !== undefined && { loss }) })),
      [
        { step: 0, point: Float64Array.of(1, 1) },
        { step: 1, point: Float64Array.of(0, 0.75), loss: 2.5 },
        { step: 2, point: Float64Array.of(0, 0.5625), loss: 0.28125 },
      ],
    )
  })

  it("keeps no more than is stepped through, evenly, and counts the runs beyond", () => {
    const recorder = Recorder.make()
    const of = recorder.subject(subject)
    follow(of, 1000)
    for (let run = 1; run < 15; run++) follow(of, 1)
    const { more, runs } = recorder.trace()
    assert.lengthOf(runs, 12)
    assert.strictEqual(more, 3)
    assert.strictEqual(runs[0]!.steps, 1000)
    assert.isAtMost(runs[0]!.points.length, 400)
    const gaps = runs[0]!.points.slice(1).map(({ step }, k) => step - runs[0]!.points[k]!.step)
    assert.lengthOf(new Set(gaps), 1)
  })

  it("names the first step after which a point is no number", () => {
    const naive = {
      descent: () => ({
        name: "naive",
        init: (_: unknown, start: Float64Array) => ({ point: start.slice() }),
        step: ({ point }: { readonly point: Float64Array }) => void (point[0]! *= -1e100),
      }),
    }
    const recorder = Recorder.make()
    const method = recorder.subject(naive).descent()
    const state = method.init(undefined, Float64Array.of(1))
    for (let t = 0; t < 9; t++) method.step(state)
    assert.deepStrictEqual(recorder.trace().nonFinite, { value: Infinity, of: "step", number: 4 })
  })

  it("takes a step without a loss, as of a game, for what its point is", () => {
    const recorder = Recorder.make()
    const { turning } = recorder.subject({
      turning: () => ({
        init: (_: unknown, start: Float64Array) => ({ point: start.slice() }),
        step: ({ point }: { readonly point: Float64Array }) => {
          point.reverse()
          return Number.NaN
        },
      }),
    })
    const method = turning()
    method.step(method.init(undefined, Float64Array.of(1, 2)))
    assert.isUndefined(recorder.trace().nonFinite)
  })

  it("sees every step of many, for what it gives back has no twin", () => {
    const recorder = Recorder.make()
    const method = recorder.subject(subject).descent(0.25)
    const state = method.init(scalarFactorisation(), Float64Array.of(1, 2))
    advance(method, [state], 50)
    assert.strictEqual(recorder.trace().runs[0]!.steps, 50)
  })

  it("names the call of a function, of one that writes to its arguments as well", () => {
    const recorder = Recorder.make()
    const { inPlace, root } = recorder.subject({
      root: Math.sqrt,
      inPlace: (out: Float64Array) => void out.fill(Infinity),
    })
    root(4)
    assert.isUndefined(recorder.trace().nonFinite)
    root(NaN)
    assert.isUndefined(recorder.trace().nonFinite, "what was asked is no number")
    inPlace(new Float64Array(2))
    root(-1)
    assert.deepStrictEqual(recorder.trace().nonFinite, { value: Infinity, of: "call", number: 3 })
  })

  it("takes a function for a subject, and an object with methods of its class", () => {
    class Halving {
      readonly #by = 2
      of(x: number) {
        return x / this.#by
      }
    }
    const recorder = Recorder.make()
    assert.strictEqual(recorder.subject(new Halving()).of(8), 4)
    assert.strictEqual(recorder.subject((x: number) => 2 * x)(8), 16)
  })
})
