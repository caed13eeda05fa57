/**
 * Shares with exact intervals (Clopper and Pearson 1934): within [0, 1], and of positive width at both ends.
 *
 * Counts come in clusters, such as the spikes of one seed, and are dependent within a cluster. The count is replaced by the
 * effective one of Korn and Graubard 1998: that of independent counts with the variance between clusters.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import jStat from "jstat"
import * as Student from "./Student.ts"

/** A count of those for which something holds, among all. */
export interface Count {
  readonly holds: number
  readonly of: number
}

export interface Share extends Student.Interval, Count {
  readonly share: number
  /** Number of independent counts with the same information. */
  readonly effective: number
}

const total = (clusters: ReadonlyArray<Count>): Count => ({
  holds: clusters.reduce((sum, { holds }) => sum + holds, 0),
  of: clusters.reduce((sum, { of }) => sum + of, 0),
})

/** Effective count: the full count if clusters differ no more than by chance, or if no variance is observed. */
const effectiveOf = (clusters: ReadonlyArray<Count>): number => {
  const { holds, of } = total(clusters)
  const count = clusters.filter((each) => each.of > 0).length
  const share = holds / of
  // the linearised variance of a ratio of sums over clusters
  const apart = clusters.reduce(
    (sum, each) => sum + Elementary.square(each.holds - share * each.of),
    0,
  )
  if (apart === 0 || count < 2 || of <= count) return of
  const variance = ((count / (count - 1)) * apart) / (of * of)
  const points = Student.point(of - 1) / Student.point(count - 1)
  return Math.min(of, ((share * (1 - share)) / variance) * (points * points))
}

/** The share over all clusters, with its 95 % interval; NaN of none. */
export const of = (clusters: ReadonlyArray<Count>): Share => {
  const { holds, of: all } = total(clusters)
  if (all === 0) {
    const none = Number.NaN
    return { holds, of: all, share: none, effective: 0, low: none, high: none }
  }
  const share = holds / all
  const effective = effectiveOf(clusters)
  const yes = share * effective
  const no = effective - yes
  return {
    holds,
    of: all,
    share,
    effective,
    low: yes === 0 ? 0 : jStat.ibetainv(0.025, yes, no + 1),
    high: no === 0 ? 1 : jStat.ibetainv(0.975, yes + 1, no),
  }
}

/** P-value of a share against `bar`. It is twice the one-sided probability of the nearer side, at most 1. */
export const probability = ({ effective, share }: Share, bar: number): number => {
  const yes = share * effective
  const no = effective - yes
  const atLeast = yes === 0 ? 1 : jStat.ibeta(bar, yes, no + 1)
  const atMost = no === 0 ? 1 : jStat.ibeta(1 - bar, no, yes + 1)
  return Math.min(1, 2 * Math.min(atLeast, atMost))
}
