/** Some of many rows, evenly: what a page can draw. */

/**
 * Fractional part of the golden ratio: its multiples are evenly distributed in [0, 1], without a period that rows may share.
 */
const golden = 0.618_033_988_749_894_9

/**
 * At most `most` of the items, in order: the first, the last, and one from each stretch between. Its position within the
 * stretch varies without a period, so that two alternating series of rows are both represented.
 */
export const subsample = <Item>(items: ReadonlyArray<Item>, most: number): ReadonlyArray<Item> => {
  if (items.length <= most) return items
  const stretch = (items.length - 2) / (most - 2)
  const inner = Array.from({ length: most - 2 }, (_, i) => {
    const within = (i * golden) % 1
    return items[1 + Math.floor((i + within) * stretch)]!
  })
  return [items[0]!, ...inner, items.at(-1)!]
}
