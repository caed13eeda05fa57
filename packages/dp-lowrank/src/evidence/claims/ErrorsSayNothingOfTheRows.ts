/** Errors are typed, and their messages do not depend on private rows. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as LowRank from "../../components/LowRank.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import * as Public from "../../privacy/Public.ts"
import { PrivateScatter, reveal } from "../../release/PrivateScatter.ts"
import { derived } from "../support/Paper.ts"

const bad = Draw.record({
  what: Draw.oneOf("rows", "epsilon", "delta", "bound", "rank"),
  value: Draw.oneOf("NaN", "Infinity", "-1", "0"),
  secret: Draw.linear(0, 1),
  seed: Draw.seed(),
})

type Bad = Draw.Drawn<typeof bad>

const sum = (rows: Float64Array, kernels: Kernels.Kernels): void => {
  const scatter = PrivateScatter.make({ dimension: 2, bound: Public.bound(1), kernels })
  scatter.add(rows)
  // what waits is multiplied
  reveal(scatter)
}

/** Kernels with a requirement on their input, whose message has the numbers that break it. */
const talkative = (kernels: Kernels.Kernels): Kernels.Kernels => ({
  ...kernels,
  gemm: (_transposeA, _transposeB, _m, _n, _k, _alpha, a) =>
    Require.positive("Kernels.gemm", "a[0]", -a[0]!),
})

/** Provokes an error by private rows that are not numbers, or by invalid public numbers. */
const provoke = ({ secret, value, what }: Bad, { kernels }: Given): void => {
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

export const errorsSayNothingOfTheRows = claim({
  id: "dp-lowrank/errors-say-nothing-of-the-rows",
  statement: "Impossible input is a typed error, and its message is the same for all private rows.",
  inFloatingPoint: "program",
  source: derived("errors of private computations"),
  instances: bad,
  margin: ({ instance, kernels }) => {
    const message = messageOf(() => provoke(instance, { kernels }))
    const other = messageOf(() =>
      provoke({ ...instance, secret: 1 - instance.secret }, { kernels }),
    )
    return Margin.holds(message !== undefined && message === other)
  },
  controls: [
    {
      name: "kernels whose errors quote the row",
      margin: ({ instance: { secret }, kernels }) => {
        const [message, other] = [secret, 1 - secret].map((x) =>
          messageOf(() => sum(Float64Array.of(x, 0), talkative(kernels))),
        )
        return Margin.holds(message !== undefined && message === other)
      },
    },
  ],
})
