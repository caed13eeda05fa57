/** Rows of an experiment as a stream that lets other fibers run, so that progress is drawn and Ctrl-C is heard. */
import { Effect, Stream } from "effect"

/** Milliseconds between two pauses. */
const slice = 20

/** One row an item, with a pause before each: for rows that take milliseconds. */
export const each = <Item, Row>(
  items: ReadonlyArray<Item>,
  row: (item: Item) => Row,
): Stream.Stream<Row> =>
  Stream.fromIterable(items).pipe(
    Stream.mapEffect((item) => Effect.map(Effect.yieldNow, () => row(item))),
  )

/**
 * The rows of a generator, which yields `undefined` wherever it may pause, at least every 30 ms: for rows that take longer. What is
 * computed does not depend on the clock. A run that is interrupted ends its generator.
 */
export const stepwise = <Row extends object>(
  begin: () => Generator<Row | undefined, void>,
): Stream.Stream<Row> =>
  Stream.suspend(() => {
    let pause = performance.now() + slice
    const started = begin()
    return Stream.unfold(started, (rows) =>
      Effect.gen(function* () {
        for (;;) {
          if (performance.now() >= pause) {
            yield* Effect.yieldNow
            pause = performance.now() + slice
          }
          const { done, value } = rows.next()
          if (done === true) return undefined
          if (value !== undefined) return [value, rows] as const
        }
      }),
    ).pipe(Stream.ensuring(Effect.sync(() => started.return())))
  })
