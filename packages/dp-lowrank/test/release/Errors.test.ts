/** Errors are typed, and their messages do not depend on private rows. */
import { Draw } from "@nonconvex/evidence"
import { InvalidInput, Kernels } from "@nonconvex/numerics"
import * as Require from "@nonconvex/numerics/Require"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { GaussianPrivacy, LowRank, PrivateScatter, Public } from "../../src/index.ts"
import { reveal } from "../../src/release/PrivateScatter.ts"

const bad = Draw.record({
  what: Draw.oneOf("rows", "epsilon", "delta", "bound", "rank"),
  value: Draw.oneOf("NaN", "Infinity", "-1", "0"),
  secret: Draw.linear(0, 1),
})

const kernels = Kernels.strict()

const sum = (rows: Float64Array, by: Kernels.Kernels): void => {
  const scatter = PrivateScatter.make({ dimension: 2, bound: Public.bound(1), kernels: by })
  scatter.add(rows)
  // what waits is multiplied
  reveal(scatter)
}

/** Provokes an error by private rows that are not numbers, or by invalid public numbers. */
const provoke = ({ secret, value, what }: Draw.Drawn<typeof bad>): void => {
  const number = Number(value)
  const target = { epsilon: 1, delta: 1e-6 }
  if (what === "epsilon" || what === "delta") {
    GaussianPrivacy.noiseMultiplier({ ...target, [what]: number })
  } else if (what === "bound") Public.bound(number)
  else if (what === "rank") {
    LowRank.topK({ dimension: 2, matrix: new Float64Array(4) }, number === 0 ? 3 : number, kernels)
  } else {
    sum(Float64Array.of(secret, number === 0 ? Number.NaN : number / 0), kernels)
  }
}

/** The message of the typed error; none where nothing or something else is thrown. */
const messageOf = (run: () => void): string | undefined => {
  try {
    run()
  } catch (error) {
    return error instanceof InvalidInput ? error.message : undefined
  }
  return undefined
}

/** The message of an impossible input is the same for the secret and for its mirror image. */
const saysNothing = (run: (instance: Draw.Drawn<typeof bad>) => void) =>
  fc.property(bad, (instance) => {
    const message = messageOf(() => run(instance))
    const other = messageOf(() => run({ ...instance, secret: 1 - instance.secret }))
    return message !== undefined && message === other
  })

describe("errors", () => {
  it("of impossible input are typed, with the same message for all private rows", () => {
    fc.assert(saysNothing(provoke))
  })

  it("would not be, with kernels whose errors quote the row", () => {
    const talkative: Kernels.Kernels = {
      ...kernels,
      gemm: (_transposeA, _transposeB, _m, _n, _k, _alpha, a) =>
        Require.positive("Kernels.gemm", "a[0]", -a[0]!),
    }
    const quoted = saysNothing(({ secret }) => sum(Float64Array.of(secret, 0), talkative))
    assert.isTrue(fc.check(quoted).failed)
  })
})
