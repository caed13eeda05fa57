/** Proofs without superfluous conditions. */
import * as Rational from "@nonconvex/numerics/Rational"
import type { PerformanceEstimation } from "../estimation/PerformanceEstimation.ts"
import type { Face } from "./Face.ts"
import * as Proof from "./Proof.ts"

type Multipliers = ReadonlyMap<number, Rational.Rational>

/**
 * Multipliers that prove the same bound, none of which can be set to 0: neither as it is, nor if others take its place in the
 * equations of the values and of the kernel. Small multipliers are tried first, by halves while that succeeds.
 */
export const minimal = (
  model: PerformanceEstimation<Rational.Rational>,
  kernel: Face["kernel"],
  bound: Rational.Rational,
  multipliers: Multipliers,
): Multipliers => {
  const isProof = (candidate: Multipliers): boolean => {
    const combined = Proof.combine(model, candidate)
    return Rational.compare(combined.bound, bound) <= 0 && Proof.squares(combined) !== undefined
  }
  const without = (from: Multipliers, dropped: ReadonlySet<number>): Multipliers | undefined => {
    const rest = new Map([...from].filter(([k]) => !dropped.has(k)))
    if (isProof(rest)) return rest
    const restored = Proof.restore(model, rest, kernel)
    return restored !== undefined && isProof(restored) ? restored : undefined
  }
  let found = new Map([...multipliers].filter(([, value]) => !Rational.isZero(value)))
  let needed = new Set<number>()
  let size = Math.ceil(found.size / 2)
  for (;;) {
    const candidates = [...found]
      .filter(([k]) => !needed.has(k))
      .toSorted(([, a], [, b]) => Rational.compare(a, b))
      .slice(0, size)
      .map(([k]) => k)
    if (candidates.length === 0) return found
    const next = without(found, new Set(candidates))
    if (next !== undefined) {
      found = new Map([...next].filter(([, value]) => !Rational.isZero(value)))
      // with other multipliers, what was needed may be needed no more
      needed = new Set()
      size = Math.max(1, Math.min(size, Math.ceil(found.size / 2)))
    } else if (candidates.length === 1) needed.add(candidates[0]!)
    else size = Math.floor(candidates.length / 2)
  }
}
