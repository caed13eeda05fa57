/** Hutchinson's estimate with any of the three laws of probes; estimators that sketch are in `Trace` of @nonconvex/numerics. */
import { type Operator, RandomStream, Require, type Seed, Vector } from "@nonconvex/numerics"

/** An estimate, one standard deviation of it, and from how many probes that comes. */
export interface TraceEstimate {
  readonly estimate: number
  readonly standardError: number
  readonly probes: number
}

export type Probe = "rademacher" | "gaussian" | "sphere"

const fill = (probe: Probe, stream: RandomStream.RandomStream, out: Float64Array): void => {
  if (probe === "rademacher") stream.fillRademacher(out)
  else if (probe === "gaussian") stream.fillNormal(out)
  else {
    stream.fillSphere(out)
    Vector.scale(Math.sqrt(out.length), out)
  }
}

const summary = (samples: ReadonlyArray<number>): TraceEstimate => {
  const count = samples.length
  let mean = 0
  let squares = 0
  samples.forEach((sample, k) => {
    const delta = sample - mean
    mean += delta / (k + 1)
    squares += delta * (sample - mean)
  })
  return {
    estimate: mean,
    standardError: count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (count - 1) / count),
    probes: count,
  }
}

/** The mean of `z' A z` over probes of the given law; see `Theory.probeVariance`. Probe k comes from `seed.child(k)`. */
export const hutchinson = (
  operator: Operator.Operator,
  options: {
    readonly dimension: number
    readonly seed: Seed.Seed
    readonly probes: number
    readonly probe?: Probe
  },
): TraceEstimate => {
  const { dimension, probe = "rademacher", probes, seed } = options
  Require.count("Traces.hutchinson", "dimension", dimension)
  Require.count("Traces.hutchinson", "probes", probes)
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  return summary(
    Array.from({ length: probes }, (_, k) => {
      fill(probe, RandomStream.make(seed.child(k)), z)
      operator(z, out)
      return Vector.dot(z, out)
    }),
  )
}
