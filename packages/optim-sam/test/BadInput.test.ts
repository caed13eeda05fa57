/** Options that make no sense are refused where they are given. */
import { InvalidInput } from "@nonconvex/numerics"
import { quadratic, sgd } from "@nonconvex/problems"
import { describe, expect, it } from "vitest"
import {
  asam,
  everyNth,
  latePhase,
  Perturbation,
  pNormSam,
  repeatedAscent,
  sam,
  unifiedSam,
  usam,
} from "../src/index.ts"

describe("bad input", () => {
  const base = sgd({ learningRate: 0.1 })
  const calls: ReadonlyArray<readonly [name: string, call: () => unknown]> = [
    ["a negative radius", () => sam({ radius: -0.1, base })],
    ["a negative radius of USAM", () => usam({ radius: -1e-300, base })],
    ["a radius of NaN", () => sam({ radius: Number.NaN, base })],
    ["an infinite radius", () => asam({ radius: Number.POSITIVE_INFINITY, base })],
    ["a negative offset", () => asam({ offset: -1, base })],
    ["p = 1", () => pNormSam({ p: 1, base })],
    ["p = NaN", () => pNormSam({ p: Number.NaN, base })],
    ["a normalisation of NaN", () => unifiedSam({ normalisation: Number.NaN, base })],
    ["j = 0", () => everyNth(0, 0.1)],
    ["a fractional j", () => everyNth(1.5, 0.1)],
    ["a negative phase", () => latePhase(-1, 0.1)],
    ["a phase that is no number", () => latePhase(Number.NaN, 0.1)],
    ["more than the whole normalisation", () => Perturbation.unified(0.1, 2)],
    ["less than no normalisation", () => Perturbation.unified(0.1, -3)],
    ["no ascent", () => repeatedAscent(Perturbation.normalised(0.1), base, { ascentSteps: 0 })],
    [
      "a start of the wrong length",
      () => sam({ base }).init(quadratic({ spectrum: [3, 1] }), Float64Array.of(1)),
    ],
  ]

  it.each(calls)("%s throws InvalidInput", (_, call) => {
    expect(call).toThrow(InvalidInput)
  })

  it("names the number", () => {
    expect(() => sam({ radius: -0.1, base })).toThrow(
      "Perturbation.normalised: radius must be a finite number of at least 0 (got radius = -0.1)",
    )
  })
})
