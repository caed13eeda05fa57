import { assert, describe, it } from "vitest"
import { type Method, Methods, worstCase } from "../../src/index.ts"
import { apart, of, unit } from "./support.ts"
import {
  InvalidMethod,
  NoInstance,
  NoInterpolation,
  NotSolved,
  TooLarge,
  UnboundedWorstCase,
} from "../../src/method/Failures.ts"

const smooth = { class: "smooth-convex", L: 1 }

/** The error thrown by a call. */
const thrown = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  return assert.fail("nothing was thrown")
}

const gap: Method["measure"] = { gap: "x" }

const invalid: ReadonlyArray<readonly [string, Method, string]> = [
  [
    "a gradient that does not exist yet",
    of(
      smooth,
      [
        { combine: "x", terms: { x: 1, g: -1 } },
        { gradient: "g", of: "f", at: "x" },
      ],
      gap,
    ),
    `steps[0].terms.g: "g" is used before it exists`,
  ],
  [
    "a name that nothing has",
    of(smooth, [{ step: "x", of: "f", rate: 1, at: "y" }], gap),
    `steps[0].at: "y" is not defined in this method; defined are x and x*`,
  ],
  [
    "a function that is not there",
    of(smooth, [{ step: "x", of: "g", rate: 1 }], gap),
    `steps[0].of: "g" is not a function of this method; it has f`,
  ],
  [
    "weights that do not sum to 1",
    of(smooth, [{ combine: "x", terms: { x: "1/2" } }], gap),
    "steps[0].terms: the coefficients of points must sum to 1 (or to 0 for a difference), but sum to 0.5",
  ],
  [
    "a class without its constant",
    of({ class: "smooth-convex" }, [], gap),
    "functions.f: smooth-convex needs L",
  ],
  [
    "a constant that the class does not have",
    of({ class: "convex", L: 1 }, [], gap),
    "functions.f.L: convex has no constant L",
  ],
  [
    "a constant of 0",
    of({ class: "smooth-convex", L: 0 }, [], gap),
    "functions.f.L: must be above 0, but is 0",
  ],
  [
    "strong convexity above smoothness",
    of({ class: "smooth-strongly-convex", L: 1, mu: 2 }, [], gap),
    "functions.f: mu must be below L (got mu = 2, L = 1)",
  ],
  [
    "a stronger condition than there is",
    of({ class: "smooth-lojasiewicz", L: 1, mu: "1/5", alpha: "1/5" }, [], gap),
    "functions.f: alpha must be at most 2 mu / (2 L + mu) = 2/11",
  ],
  [
    "an operator that no one is",
    of({ class: "cocoercive-strongly-monotone", beta: 2, mu: 1 }, [], apart),
    "functions.f: mu must be at most 1 / beta (got mu = 1, beta = 2)",
  ],
  [
    "an epsilon-subgradient of a function that is not convex",
    of({ class: "smooth", L: 1 }, [{ gradient: "g", of: "f", at: "x", epsilon: 0.1 }], gap),
    `steps[0].of: "f" is not a convex function or set`,
  ],
  [
    "a dual of an operator's resolvent",
    of({ class: "monotone" }, [{ prox: "x", of: "f", rate: 1, criterion: "I" }], apart),
    `steps[0].of: "f" is not a convex function or set`,
  ],
  [
    "the inexactness of an exact step",
    of({ class: "convex" }, [{ prox: "x", of: "f", rate: 1 }], { inexactness: "x" }),
    `measure: "x" comes from no inexact proximal step and is no epsilon-subgradient`,
  ],
  [
    "a block that is not there",
    of(
      { class: "block-smooth-convex", blocks: [1, 2] },
      [{ step: "x", of: "f", rate: 1, block: 3 }],
      gap,
    ),
    `steps[0].block: "f" has blocks 1 to 2`,
  ],
  [
    "a block of a function without blocks",
    of(smooth, [{ step: "x", of: "f", rate: 1, block: 1 }], gap),
    `steps[0].block: "f" has no blocks`,
  ],
  [
    "blocks of a smoothness of 0",
    of({ class: "block-smooth-convex", blocks: [1, 0] }, [], gap),
    "functions.f.blocks[1]: must be above 0, but is 0",
  ],
  [
    "a class of blocks without blocks",
    of({ class: "block-smooth-convex" }, [], gap),
    "functions.f: block-smooth-convex needs blocks, the smoothness of each",
  ],
  [
    "a proximal step of blocks",
    of({ class: "block-smooth-convex", blocks: [1, 2] }, [{ prox: "x", of: "f", rate: 1 }], gap),
    "functions.f: block-smooth-convex has gradients at given points only: use step or gradient",
  ],
  [
    "what is no number",
    of(smooth, [{ step: "x", of: "f", rate: "1/0" }], gap),
    `steps[0].rate: "1/0" is not a number: write 0.25 or "1/4"`,
  ],
  [
    "a rate that is not finite",
    of(smooth, [{ step: "x", of: "f", rate: Number.NaN }], gap),
    `steps[0].rate: null is not a number: write 0.25 or "1/4"`,
  ],
  [
    "a smoothness below 0",
    of({ class: "smooth-convex", L: -1 }, [], gap),
    "functions.f.L: must be above 0, but is -1",
  ],
  [
    "a name with a mark of its own",
    { ...of(smooth, [], gap), start: ["x", "y@1"] },
    "y@1: a name must not contain an apostrophe, @ or *",
  ],
  [
    "a name of two lines, which would end a comment of a proof",
    { ...of(smooth, [], gap), start: ["x", "y\naxiom no : False"] },
    "names: a name must be one line of plain text",
  ],
  [
    "a function whose name is not plain",
    { ...of(smooth, [], gap), functions: { f: smooth, "g\u202e": smooth } },
    "names: a name must be one line of plain text",
  ],
  [
    "a point where a gradient is needed",
    of({ class: "convex-set" }, [{ mirror: "x", of: "f", gradient: "x" }], apart),
    `steps[0].gradient: "x" is a point`,
  ],
  [
    "an error below 0",
    of(smooth, [{ step: "x", of: "f", rate: 1, error: { relative: -0.1 } }], gap),
    "steps[0].error.relative: -0.1 is below 0",
  ],
  ["a sum of nothing", of(smooth, [], { sum: [] }), "measure: the sum is empty"],
  [
    "a start that is named twice",
    { ...of(smooth, [], gap), start: ["x", "x"] },
    `start: names "x" twice`,
  ],
  [
    "numbers that multiply beyond doubles",
    of(smooth, [{ step: "x", of: "f", rate: 1e300 }], gap),
    "the method: its numbers overflow double precision: scale them towards 1",
  ],
  [
    "digits without end",
    of(smooth, [{ step: "x", of: "f", rate: "9".repeat(10_000) }], gap),
    `steps[0].rate: "${"9".repeat(39)} is not a number: write 0.25 or "1/4"`,
  ],
  [
    "a search along a point",
    of(smooth, [{ search: "x", of: "f", along: ["x"] }], gap),
    `steps[0].along[0]: "x" is a point`,
  ],
  [
    "a mirror of a map",
    of(
      { class: "nonexpansive" },
      [
        { combine: "d", terms: { x: 1, "x*": -1 } },
        { mirror: "x", of: "f", gradient: "d" },
      ],
      apart,
    ),
    `steps[1].of: "f" maps points to points and has no gradient`,
  ],
  [
    "as many rates as rounds",
    of(smooth, [{ repeat: 2, steps: [{ step: "x", of: "f", rate: [1] }] }], gap),
    "steps[0].steps[0].rate: 1 numbers for 2 rounds: give one per round",
  ],
  [
    "a value of an operator",
    of({ class: "monotone" }, [], gap),
    "measure: operators and sets have no values, so there is no gap",
  ],
  [
    "a deviation of one run",
    of(smooth, [], { deviation: "x" }),
    "measure: a deviation is between two runs: set runs to 2",
  ],
  [
    "an iterate after the last",
    of(smooth, [{ step: "x", of: "f", rate: 1 }], { gap: "x@2" }),
    `measure: "x@2" does not exist: x has the values x@0 to x@1 here`,
  ],
  [
    "an optimum where there is none",
    of(smooth, [], { gap: "x" }, { optimum: "none", given: [] }),
    `measure: there is no x*, since "optimum" is "none"`,
  ],
  [
    "steps without end",
    of(
      smooth,
      Array.from({ length: 3 }, () => ({
        repeat: 1000,
        steps: [{ combine: "x", terms: { x: 1 } }],
      })),
      gap,
    ),
    "steps[2].steps[0]: the method takes more than 2000 steps",
  ],
  [
    "a projection onto a function",
    of(smooth, [{ project: "x", onto: "f" }], gap),
    `steps[0].onto: "f" is not a set`,
  ],
]

describe("what is refused", () => {
  it.each(invalid)("%s", (_, method, message) => {
    const error = thrown(() => worstCase(method))
    assert.instanceOf(error, InvalidMethod)
    assert.strictEqual(error.message, message)
  })

  it("a class without interpolation conditions, by name", () => {
    const error = thrown(() => worstCase(of({ class: "quasi-convex" }, [], gap)))
    assert.instanceOf(error, NoInterpolation)
    assert.match(
      error.message,
      /no interpolation conditions for the class "quasi-convex"; use one of convex, /,
    )
  })

  it("a class whose name every object has", () => {
    assert.instanceOf(
      thrown(() => worstCase(of({ class: "constructor" }, [], gap))),
      NoInterpolation,
    )
  })

  it("an unbounded worst case, with a direction", () => {
    const method = of(smooth, [{ step: "x", of: "f", rate: 1 }], gap, { given: [] })
    const error = thrown(() => worstCase(method))
    assert.instanceOf(error, UnboundedWorstCase)
    assert.include(
      error.growing.map(({ name }) => name),
      "|x@0 - x*|^2",
    )
    assert.match(
      error.message,
      /the worst case is unbounded, or too large for double precision: f\(x\) - f\(x\*\) grows by 1/,
    )
  })

  it("a gap that grows as the root of a subgradient that nothing bounds", () => {
    const method = Methods.proximalPoint({
      steps: 1,
      rate: 1,
      class: { class: "convex" },
      measure: { gap: "x@0" },
    })
    const error = thrown(() => worstCase(method))
    assert.instanceOf(error, UnboundedWorstCase)
    assert.include(
      error.growing.map(({ name }) => name),
      "<x@0 - x*, f'(x@0)>",
    )
  })

  it("a worst case that grows with the steps, and is not unbounded", () => {
    const method = Methods.gradientDescent({ steps: 10, rate: 3, class: smooth })
    assert.instanceOf(
      thrown(() => worstCase(method)),
      NotSolved,
    )
  })

  it("conditions that contradict one another, by name", () => {
    const method = of(smooth, [], gap, {
      given: [...unit, { bound: { gap: "x" }, atMost: -1 }],
    })
    const error = thrown(() => worstCase(method))
    assert.instanceOf(error, NoInstance)
    assert.include(error.conditions, "f(x) - f(x*) <= -1")
  })

  it("a problem that is too large, with its size", () => {
    const method = Methods.gradientDescent({ steps: 200, rate: 1, class: smooth })
    const error = thrown(() => worstCase(method))
    assert.instanceOf(error, TooLarge)
    assert.deepInclude(error, { order: 202, largestOrder: 64, mostConditions: 1200 })
  })
})
