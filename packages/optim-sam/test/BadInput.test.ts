/** Options that make no sense are refused where they are given. */
import { InvalidInput } from "@nonconvex/numerics"
import { quadratic, sgd } from "@nonconvex/problems"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { describe, expect, it } from "vitest"
import {
  asam,
  everyNth,
  latePhase,
  momentum,
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

  it("says in one line what is allowed, also to callers without types", () => {
    const objective = quadratic({ spectrum: [3, 1] })
    const untyped = (value: unknown) => value as never
    const refusals: ReadonlyArray<readonly [() => unknown, string]> = [
      [
        () => momentum({ learningRate: 0.1, momentum: 2 }),
        "momentum: momentum must be at least 0 and below 1 (got momentum = 2)",
      ],
      [
        () => sgd({ learningRate: -1 }),
        "sgd: learningRate must be a finite number of at least 0, or a function of the step (got learningRate = -1)",
      ],
      [
        () => sgd({ learningRate: untyped("a") }),
        'sgd: learningRate must be a finite number of at least 0, or a function of the step (got learningRate = "a")',
      ],
      [
        () => sam(untyped({ radius: 0.1 })),
        "sharpnessAware: base must be an object with init and apply (got base = undefined)",
      ],
      [
        () => sam({ base }).init(objective, untyped([1, 2])),
        "sgd: start must be a Float64Array of length 2 (got start = a plain array of length 2)",
      ],
      [
        () => Minibatch.shuffled(untyped({ size: 4 }), { batchSize: 2, seed: untyped(1) }),
        "RandomStream.make: seed must be a Seed, such as Seed.root(42) (got seed = 1)",
      ],
    ]
    for (const [call, message] of refusals) {
      expect(call).toThrow(InvalidInput)
      expect(call).toThrow(message)
    }
  })

  it("names the number", () => {
    expect(() => sam({ radius: -0.1, base })).toThrow(
      "Perturbation.normalised: radius must be a finite number of at least 0, or a function of the step (got radius = -0.1)",
    )
  })
})
