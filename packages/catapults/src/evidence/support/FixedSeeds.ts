/**
 * Statistical claims: runs of networks, whose outcome is random in the seed.
 *
 * Each instance is a group of runs with fixed seeds, of which there are few: whatever the number of runs of the verification,
 * each group is computed once, and the claim is about just these seeds. It cannot fail by chance in one verification and hold in
 * the next; each claim says how often another group of seeds would fail.
 */
import { claim, type ClaimDefinition, Draw, type Given, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { remembered } from "./Remembered.ts"

interface Group {
  readonly group: number
}

const groups = (count: number) => Draw.record<Group>({ group: Draw.integer(0, count - 1) })

/** A margin of runs with fixed seeds. */
export type SeedMargin = (seed: Seed.Seed, kernels: Kernels.Kernels) => number

/** The same margin for the same group, computed once with each kernels. */
const once = (margin: SeedMargin) => {
  const ofGroup = remembered(String, (group: number, kernels) =>
    margin(Seed.root("catapults/statistics").child(group), kernels),
  )
  return ({ group }: Group, { kernels }: Given): number => ofGroup(group, kernels)
}

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

interface SeedControl {
  readonly name: string
  readonly margin: SeedMargin
}

type Statistical = Pick<ClaimDefinition<Group>, "id" | "statement" | "source">

/** A claim about `size` groups of runs with fixed seeds. */
export const statistical = (
  described: Statistical,
  size: number,
  margin: SeedMargin,
  controls: readonly [SeedControl, ...ReadonlyArray<SeedControl>],
) => {
  const instances = groups(size)
  const control = (c: SeedControl) => ({
    name: c.name,
    instances,
    margin: once(c.margin),
  })
  const [first, ...rest] = controls
  return claim<Group>({
    ...described,
    instances,
    margin: once(margin),
    controls: [control(first), ...rest.map(control)],
  })
}
