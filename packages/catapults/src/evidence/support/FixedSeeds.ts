/**
 * Statistical claims about runs of networks, whose outcome depends on the seed.
 *
 * The only instance is a group of runs with fixed seeds. It is tried once, however many instances a verification draws,
 * and the claim covers these seeds only. It cannot fail by chance in one verification and hold in the next. Each claim
 * states how often another group of seeds would fail.
 */
import { claim, type Described, Draw, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { remembered } from "./Remembered.ts"

/**
 * Margin of "at least `needed` of `seeds` runs hold"; 1 if all hold. Stops when too many have failed, and then counts
 * the remaining runs as successes.
 */
export const counted = (
  seed: Seed.Seed,
  seeds: number,
  needed: number,
  holds: (seed: Seed.Seed) => boolean,
): Margin.Comparison => {
  let most = seeds
  for (let k = 0; k < seeds && most >= needed; k++) if (!holds(seed.child(k))) most--
  const name =
    most < needed ? "most seeds for which it can hold" : "number of seeds for which it holds"
  return Margin.of(name, Margin.atLeast(most, needed))
}

interface Statistical<Value> extends Described {
  /** Margin of the runs with the seeds of a group. */
  readonly margin: (seed: Seed.Seed, kernels: Kernels.Kernels, value: Value) => Margin.Comparison
  readonly value: Value
  readonly controls: readonly [Changed<Value>, ...Changed<Value>[]]
}

interface Changed<Value> {
  readonly name: string
  readonly value: Value
}

/** A claim about a group of runs with fixed seeds, each margin computed once with each kernels. */
export const statistical = <const Value>({
  controls,
  margin,
  value,
  ...described
}: Statistical<Value>) => {
  const once = (at: Value) =>
    remembered(String, (group: number, kernels) =>
      margin(Seed.root("catapults/statistics").child(group), kernels, at),
    )
  const control = (changed: Changed<Value>) => ({ name: changed.name, value: once(changed.value) })
  const [first, ...rest] = controls
  return claim({
    ...described,
    hasOneInstance: true,
    instances: Draw.record({ group: Draw.integer(0, 0) }),
    value: once(value),
    margin: ({ instance: { group }, kernels, value: ofGroup }) => ofGroup(group, kernels),
    controls: [control(first), ...rest.map(control)],
  })
}
