/** Hutchinson's estimate of a trace with probes of three laws: random signs as in the library, the others for comparison. */
import type * as Operator from "@nonconvex/numerics/Operator"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import { type Estimate, meanOf } from "../../flatness/Estimate.ts"

export type Probe = "rademacher" | "gaussian" | "sphere"

const fill = (
  probe: "gaussian" | "sphere",
  stream: RandomStream.RandomStream,
  out: Float64Array,
): void => {
  if (probe === "gaussian") stream.fillNormal(out)
  else {
    stream.fillSphere(out)
    Vector.scale(Math.sqrt(out.length), out)
  }
}

/** The mean of `z' A z` over probes of the given law; see `Theory.probeVariance`. Probe k comes from `seed.child(k)`. */
export const hutchinson = (
  operator: Operator.Operator,
  options: {
    readonly dimension: number
    readonly seed: Seed.Seed
    readonly probes: number
    readonly probe: Probe
  },
): Estimate => {
  const { dimension, probe, probes, seed } = options
  if (probe === "rademacher") return Trace.hutchinson(operator, { dimension, seed, probes })
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  return meanOf(
    Array.from({ length: probes }, (_, k) => {
      fill(probe, RandomStream.make(seed.child(k)), z)
      operator(z, out)
      return Vector.dot(z, out)
    }),
  )
}
