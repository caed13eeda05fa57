/** What vectors can do on this machine at most, by their width, measured in the same run. */
import type { CaseResult } from "./Measure.ts"
import type { Case, Limit } from "./Workload.ts"

/** Operations a second, or bytes a second where the limit is reading. */
export type Ceilings = Readonly<Partial<Record<Limit, number>>>

/** Bits of a vector: WebAssembly has 128, processors up to 512. */
export const widths = [128, 256, 512] as const
export type Width = (typeof widths)[number]

/** The ceilings of each width that was measured. */
export type Limits = Readonly<Partial<Record<Width, Ceilings>>>

/** What a case has of that which its limit counts. */
const amount = ({ bytes, limit, operations }: Case): number | undefined =>
  limit === "reading" || limit === "memory" ? bytes : operations

/** The ceilings of a width that the limits workload measured. */
export const ceilings = (limits: ReadonlyArray<CaseResult>, width: Width = 128): Ceilings =>
  Object.fromEntries(
    limits.flatMap((result) => {
      const simd = result.measured.find((each) => each.implementation === `${width}-bit SIMD`)
      const most = amount(result.case)
      const { limit } = result.case
      if (simd === undefined || limit === undefined || most === undefined) return []
      return [[limit, most / simd.seconds.median] as const]
    }),
  )

/** The ceilings of all widths that it measured. */
export const limitsOf = (limits: ReadonlyArray<CaseResult>): Limits =>
  Object.fromEntries(
    widths
      .map((width) => [width, ceilings(limits, width)] as const)
      .filter(([, found]) => Object.keys(found).length > 0),
  )

/** Seconds of a run at the ceiling; undefined where the case has no limit, or none was measured. */
export const secondsAtCeiling = (one: Case, ceiling: Ceilings): number | undefined => {
  const rate = one.limit === undefined ? undefined : ceiling[one.limit]
  const most = amount(one)
  return rate === undefined || most === undefined ? undefined : most / rate
}
