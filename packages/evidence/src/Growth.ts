/**
 * Search over growing sizes and horizons: the same instances with every size, or every horizon, multiplied by 1, 2, 4, 8,
 * ...
 */
import fc from "fast-check"
import type { Attempt, Search } from "./Attempt.ts"
import { attemptOf, pinned } from "./Falsification.ts"
import type { Claim } from "./Claim.ts"
import type { Trial } from "./Trial.ts"
import * as Extent from "./Extent.ts"
import * as Sizes from "./Sizes.ts"
import type { Given } from "./Given.ts"
import * as Margin from "./Margin.ts"

/** Axes along which instances of a claim grow; none if it declares them bounded. */
export const axesOf = (claim: Claim): ReadonlyArray<Sizes.Axis> => {
  if (claim.bounded !== undefined) return []
  const extent = claim.open(({ instances }) => {
    const drawn = fc.sample(instances, { ...pinned(), seed: 1, numRuns: 8 })
    return drawn.map(Sizes.of).reduce(Extent.join, {})
  })
  return (["horizon", "size"] as const).filter((axis) => Sizes.grows(extent, axis))
}

/** A finished size, with its duration in milliseconds. */
interface Done {
  readonly size: NonNullable<Attempt["grown"]>[number]
  readonly took: number
}

/** Instances at one factor; `stopped` if one of them failed, or the time ran out. */
const sizeAt = <Instance extends object>(
  trial: Trial<Instance>,
  search: Search,
  bases: ReadonlyArray<Instance>,
  at: { readonly axis: Sizes.Axis; readonly factor: number; readonly deadline: number },
  given: Given,
): Done | Pick<Attempt, "stopped" | "violation"> => {
  const { axis, deadline, factor } = at
  const started = performance.now()
  let [worst, extent] = [Number.POSITIVE_INFINITY, {} as Extent.Extent]
  for (const [k, base] of bases.entries()) {
    if (performance.now() >= deadline) return { stopped: "the time budget ended" }
    const instance = Sizes.grown(base, axis, factor)
    const path = factor === 1 ? String(k) : `${axis}${factor}:${k}`
    const found = attemptOf(trial, { ...given, instance }, { seed: search.seed, path })
    // an instance that cannot be made so large ends the growth, and is no violation
    if (found.reason !== undefined) return { stopped: found.reason }
    if (Margin.isViolated(found.margin)) return { violation: found }
    worst = Math.min(worst, found.margin)
    extent = Extent.join(extent, Sizes.of(instance))
  }
  return { size: { factor, extent, worst }, took: performance.now() - started }
}

/**
 * Tries the same instances at growing sizes until one violates the trial, cannot be made, or the budget ends. A size is not
 * started if it may exceed the budget. The estimate assumes that its time grows by the same factor as at the last size.
 */
export const grow = <Instance extends object>(
  trial: Trial<Instance>,
  search: Search & { readonly growth: NonNullable<Search["growth"]> },
  given: Given,
): Attempt => {
  const { budget = Number.POSITIVE_INFINITY, growth, runs, seed } = search
  const deadline = performance.now() + budget
  const bases = fc.sample(trial.instances, { ...pinned(), seed, numRuns: runs })
  const grown: Array<Done["size"]> = []
  let [last, before] = [0, 0]
  const end = (more: Pick<Attempt, "stopped" | "violation">): Attempt => ({
    margins: new Float64Array(0),
    interrupted: performance.now() >= deadline || more.stopped === tooLong,
    grown,
    ...more,
  })
  for (let factor = 1; factor <= growth.most; factor *= 2) {
    const expected = last * Math.max(2, before === 0 ? 2 : last / before)
    if (performance.now() + expected >= deadline) return end({ stopped: tooLong })
    const done = sizeAt(trial, search, bases, { axis: growth.axis, factor, deadline }, given)
    if (!("size" in done)) return end(done)
    grown.push(done.size)
    ;[before, last] = [last, done.took]
  }
  return end({})
}

const tooLong = "a larger size would outlast the time budget"
