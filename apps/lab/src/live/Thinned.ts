/** Some of many rows, evenly: what a page can draw. */

/** The fractional part of the golden ratio: its multiples fall evenly between 0 and 1, and repeat with no period that rows may have. */
const golden = 0.618_033_988_749_894_9

/**
 * At most `most` of the items, in their order: the first, the last, and one of each stretch between. Which one of its stretch goes round without a period,
 * so that of rows that alternate between two series both stay.
 */
export const thinned = <Item>(items: ReadonlyArray<Item>, most: number): ReadonlyArray<Item> => {
  if (items.length <= most) return items
  const stretch = (items.length - 2) / (most - 2)
  const inner = Array.from({ length: most - 2 }, (_, i) => {
    const within = (i * golden) % 1
    return items[1 + Math.floor((i + within) * stretch)]!
  })
  return [items[0]!, ...inner, items.at(-1)!]
}
