/** Grid search: all combinations of the values of a sweep. */
import { isList, type TrialSettings, type Sweep } from "./Sweep.ts"

/** Number of configurations in a grid of lists; undefined if there is a range. */
export const count = ({ vary }: Sweep): bigint | undefined =>
  Object.values(vary).reduce<bigint | undefined>(
    (sum, varied) =>
      sum !== undefined && isList(varied) ? sum * BigInt(varied.length) : undefined,
    1n,
  )

/** All combinations: the first setting changes slowest. */
export const configurations = ({ vary }: Sweep): ReadonlyArray<TrialSettings> =>
  Object.entries(vary).reduce<ReadonlyArray<TrialSettings>>(
    (all, [name, varied]) =>
      all.flatMap((settings) =>
        (isList(varied) ? varied : []).map((value) => ({ ...settings, [name]: value })),
      ),
    [{}],
  )
