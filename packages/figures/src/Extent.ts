/**
 * Smallest and largest of some values; NaN if there are none.
 *
 * @internal
 */
export const extentOf = (values: ReadonlyArray<number>): readonly [least: number, most: number] =>
  values.length === 0
    ? [Number.NaN, Number.NaN]
    : [
        values.reduce((least, value) => Math.min(least, value)),
        values.reduce((most, value) => Math.max(most, value)),
      ]
