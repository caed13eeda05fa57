import { RandomStream, Seed } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import { curvatureError, slopeError } from "../support/Slopes.ts"

/** A network of any shape as a small structure; everything else follows from the seed. */
const shapes = fc.record({
  inputs: fc.integer({ min: 1, max: 5 }),
  hidden: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
  outputs: fc.integer({ min: 2, max: 4 }),
  size: fc.integer({ min: 1, max: 20 }),
  activation: fc.constantFrom("tanh" as const, "softplus" as const, "sigmoid" as const),
  bias: fc.boolean(),
  classify: fc.boolean(),
  seed: fc.nat({ max: 1e6 }),
})

const expand = (shape: typeof shapes extends fc.Arbitrary<infer Shape> ? Shape : never) => {
  const { activation, bias, classify, hidden, inputs, outputs, size } = shape
  const seed = Seed.root(shape.seed)
  const normal = (label: string, length: number): Float64Array => {
    const out = new Float64Array(length)
    RandomStream.make(seed.child(label)).fillNormal(out)
    return out
  }
  const architecture = Architecture.make({ widths: [inputs, ...hidden, outputs], activation, bias })
  const stream = RandomStream.make(seed.child("labels"))
  const objective = network({
    features: normal("features", size * inputs),
    dimension: inputs,
    architecture,
    loss: classify
      ? Loss.crossEntropy(Int32Array.from({ length: size }, () => stream.integer(outputs)))
      : Loss.squared(normal("targets", size * outputs)),
  })
  return {
    objective,
    x: Initialisation.normal(architecture, seed, 1),
    v: normal("direction", architecture.dimension),
  }
}

describe("networks of any shape", () => {
  it("the gradient is the slope of the value along any direction", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        assert.isAtMost(slopeError(expand(shape), 1e-5), 1e-7)
      }),
    )
  })

  it("the Hessian-vector product is the slope of the gradient", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        assert.isAtMost(curvatureError(expand(shape), 1e-5), 1e-7)
      }),
    )
  })
})
