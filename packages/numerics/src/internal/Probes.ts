/**
 * Random probes of an operator, each drawn and multiplied only once.
 *
 * Probe i comes from `seed.child(i)`: the same seed gives the same probes across calls, and more probes extend the old ones.
 */
import type { Operator } from "../Operator.ts"
import * as RandomStream from "../RandomStream.ts"
import type { Seed } from "../Seed.ts"
import * as Vector from "../Vector.ts"

export interface Probe {
  readonly vector: Float64Array
  readonly product: Float64Array
}

/** Uniform signs, or uniform on the sphere of radius sqrt(n): both have covariance I. */
export type Law = "signs" | "sphere"

export const draw = (seed: Seed, i: number, law: Law, out: Float64Array): void => {
  const stream = RandomStream.make(seed.child(i))
  if (law === "signs") {
    stream.fillRademacher(out)
  } else {
    stream.fillSphere(out)
    Vector.scale(Math.sqrt(out.length), out)
  }
}

/** Probes with their products, made at the first use. */
export const cached = (
  operator: Operator,
  dimension: number,
  seed: Seed,
  law: Law,
): ((i: number) => Probe) => {
  const probes: Array<Probe> = []
  return (i) => {
    const known = probes[i]
    if (known !== undefined) return known
    const probe = { vector: new Float64Array(dimension), product: new Float64Array(dimension) }
    draw(seed, i, law, probe.vector)
    operator(probe.vector, probe.product)
    probes[i] = probe
    return probe
  }
}
