import { Effect, Stream } from "effect"

/** One row an item, other fibers running in between. */
export const each = <Item, Row>(
  items: ReadonlyArray<Item>,
  row: (item: Item) => Row,
): Stream.Stream<Row> =>
  Stream.fromIterable(items).pipe(
    Stream.mapEffect((item) => Effect.map(Effect.yieldNow, () => row(item))),
  )

/** Every combination of two lists. */
export const pairs = <A, B>(
  first: ReadonlyArray<A>,
  second: ReadonlyArray<B>,
): ReadonlyArray<readonly [A, B]> => first.flatMap((a) => second.map((b) => [a, b] as const))

export const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
