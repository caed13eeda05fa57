/**
 * Statistical claims: runs of networks, whose outcome is random in the seed.
 *
 * The instance is a group of runs with fixed seeds, and there is one: whatever the number of runs of the verification, it is tried once, and
 * the claim is about just these seeds. It cannot fail by chance in one verification and hold in the next; each claim says how often
 * another group of seeds would fail.
 */
import { type Described, Draw, Margin, parametrised } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { remembered } from "./Remembered.ts"

/** Margin of "at least `needed` of `seeds` runs hold": 1 where all do. */
export const counted = (
  seed: Seed.Seed,
  seeds: number,
  needed: number,
  holds: (seed: Seed.Seed) => boolean,
): number => {
  let count = 0
  for (let k = 0; k < seeds; k++) if (holds(seed.child(k))) count++
  return Margin.atLeast(count, needed)
}

interface Statistical<Value> extends Described {
  /** Of the runs with the seeds of a group. */
  readonly margin: (seed: Seed.Seed, kernels: Kernels.Kernels, value: Value) => number
  readonly holds: Value
  readonly fails: readonly [readonly [string, Value], ...(readonly [string, Value])[]]
}

/** A claim about a group of runs with fixed seeds, each margin computed once with each kernels; `holds` and `fails` as in `parametrised`. */
export const statistical = <const Value>({
  fails,
  holds,
  margin,
  ...described
}: Statistical<Value>) => {
  const once = (value: Value) =>
    remembered(String, (group: number, kernels) =>
      margin(Seed.root("catapults/statistics").child(group), kernels, value),
    )
  const control = ([name, value]: readonly [string, Value]) => [name, once(value)] as const
  const [first, ...rest] = fails
  return parametrised({
    ...described,
    hasOneInstance: true,
    instances: Draw.record({ group: Draw.integer(0, 0) }),
    margin: ({ group }, { kernels }, ofGroup) => ofGroup(group, kernels),
    holds: once(holds),
    fails: [control(first), ...rest.map(control)],
  })
}
