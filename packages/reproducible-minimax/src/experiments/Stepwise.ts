import { Kernels, type Workspace } from "@nonconvex/numerics"
import { Effect, Stream } from "effect"

/** Milliseconds after which a run lets other fibers run. */
const slice = 20

/**
 * The rows of a generator, which yields `undefined` wherever it may pause: other fibers run at least every 50 ms. What is computed
 * does not depend on the clock. A run that is interrupted ends its generator.
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

/** What `begin` yields, with a workspace in the memory of the strict kernels that is given back when the generator ends. */
export const inKernels = function* <Row>(
  begin: (workspace: Pick<Workspace, "f64">) => Generator<Row, void>,
): Generator<Row, void> {
  const { arena } = Kernels.strict()
  const held: Array<Float64Array> = []
  const f64 = (length: number) => {
    const array = arena.f64(length)
    held.push(array)
    return array
  }
  try {
    yield* begin({ f64 })
  } finally {
    for (const array of held) arena.release(array)
  }
}

/** Whole numbers from 1 to `last`, about `perDecade` in each decade, each once, with the last one. */
export const decades = (last: number, perDecade: number): ReadonlyArray<number> => {
  const found = new Set<number>()
  for (let k = 0; 10 ** (k / perDecade) < last; k++) found.add(Math.round(10 ** (k / perDecade)))
  found.add(last)
  return [...found].filter((n) => n <= last)
}

/** The slope of the line of least squares through (log x, log y). */
export const logSlope = (points: ReadonlyArray<readonly [x: number, y: number]>): number => {
  const [xs, ys] = [points.map(([x]) => Math.log(x)), points.map(([, y]) => Math.log(y))]
  const mean = (values: ReadonlyArray<number>) => values.reduce((a, b) => a + b, 0) / values.length
  const [mx, my] = [mean(xs), mean(ys)]
  const top = xs.reduce((sum, x, k) => sum + (x - mx) * (ys[k]! - my), 0)
  return top / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
}
