import type { Count } from "./Proportion.ts"
import type { Interval } from "./Student.ts"

/** Wilson's interval of 1927 for a share of independent counts, which is narrower than the exact one and correct on average. */
export const wilson = ({ holds, of: all }: Count): Interval => {
  const z = 1.959963984540054
  const share = holds / all
  const centre = (share + (z * z) / (2 * all)) / (1 + (z * z) / all)
  const reach =
    (z / (1 + (z * z) / all)) * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) }
}
