import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"

/**
 * Integers from 1 to `last`, about `perDecade` in each decade, each once, ascending, with the last one. Throws InvalidInput
 * unless `last` is an integer of at least 1 and `perDecade` is positive.
 */
export const decades = (last: number, perDecade: number): ReadonlyArray<number> => {
  Require.count("decades", "last", last)
  Require.positive("decades", "perDecade", perDecade)
  const found = new Set<number>()
  for (let k = 0; Elementary.pow(10, k / perDecade) < last; k++)
    found.add(Math.round(Elementary.pow(10, k / perDecade)))
  found.add(last)
  return [...found].filter((n) => n <= last)
}
