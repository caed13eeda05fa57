/** What 128-bit vectors can do on this machine at most, measured in the same run. */
import type { CaseResult } from "./Measure.ts"
import type { Case, Limit } from "./Workload.ts"

/** Operations a second, or bytes a second where the limit is reading. */
export type Ceilings = Readonly<Partial<Record<Limit, number>>>

/** What a case has of that which its limit counts. */
const amount = ({ bytes, limit, operations }: Case): number | undefined =>
  limit === "reading" ? bytes : operations

/** The ceilings that the limits workload measured. */
export const ceilings = (limits: ReadonlyArray<CaseResult>): Ceilings =>
  Object.fromEntries(
    limits.flatMap((result) => {
      const simd = result.measured.find(({ implementation }) => implementation === "128-bit SIMD")
      const most = amount(result.case)
      const { limit } = result.case
      if (simd === undefined || limit === undefined || most === undefined) return []
      return [[limit, most / simd.seconds.median] as const]
    }),
  )

/** Seconds of a run at the ceiling; undefined where the case has no limit, or none was measured. */
export const secondsAtCeiling = (one: Case, ceiling: Ceilings): number | undefined => {
  const rate = one.limit === undefined ? undefined : ceiling[one.limit]
  const most = amount(one)
  return rate === undefined || most === undefined ? undefined : most / rate
}
