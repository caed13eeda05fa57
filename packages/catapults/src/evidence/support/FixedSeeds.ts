/**
 * Statistical claims: runs of networks, whose outcome is random in the seed.
 *
 * Each instance is a group of runs with fixed seeds, of which there are few: whatever the number of runs of the verification,
 * each group is computed once, and the claim is about just these seeds. It cannot fail by chance in one verification and hold in
 * the next; each claim says how often another group of seeds would fail.
 */
import { claim, type ClaimDefinition, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"

interface Group {
  readonly group: number
}

const groups = (count: number) => Draw.record<Group>({ group: Draw.integer(0, count - 1) })

/** The same margin for the same group, computed once. */
const once = (margin: (seed: Seed.Seed) => number) => {
  const known = new Map<number, number>()
  return ({ group }: Group): number => {
    const found = known.get(group) ?? margin(Seed.root("catapults/statistics").child(group))
    known.set(group, found)
    return found
  }
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

type Statistical = Pick<ClaimDefinition<Group>, "id" | "statement" | "source">

export const statistical = (
  described: Statistical,
  size: number,
  margin: (seed: Seed.Seed) => number,
  controls: readonly [
    { readonly name: string; readonly margin: (seed: Seed.Seed) => number },
    ...ReadonlyArray<{ readonly name: string; readonly margin: (seed: Seed.Seed) => number }>,
  ],
) => {
  const instances = groups(size)
  const control = (c: (typeof controls)[number]) => ({
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
