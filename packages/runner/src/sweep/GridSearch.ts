/** Grid search: all combinations of the values of a sweep. */
import { isList, type Sweep } from "./Sweep.ts"
import type { Settings } from "./Trials.ts"

/** Number of configurations in a grid of lists; undefined if there is a range. */
export const count = ({ vary }: Sweep): bigint | undefined =>
  Object.values(vary).reduce<bigint | undefined>(
    (sum, varied) =>
      sum !== undefined && isList(varied) ? sum * BigInt(varied.length) : undefined,
    1n,
  )

/** All combinations: the first setting changes slowest. */
export const configurations = ({ vary }: Sweep): ReadonlyArray<Settings> =>
  Object.entries(vary).reduce<ReadonlyArray<Settings>>(
    (all, [name, varied]) =>
      all.flatMap((settings) =>
        (isList(varied) ? varied : []).map((value) => ({ ...settings, [name]: value })),
      ),
    [{}],
  )
