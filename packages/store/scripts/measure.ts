/** Times of a store, by hand: `node --conditions=source scripts/measure.ts`. */
import type { Row } from "@nonconvex/evidence"
import { type Part, RunStore } from "@nonconvex/runner"
import { Effect } from "effect"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Runs } from "../src/index.ts"
import { shown, storedBy, subjectOf, system } from "../test/support/Numbers.ts"

const folder = mkdtempSync(join(tmpdir(), "nonconvex-store-"))

const timed = <A, E, R>(name: string, work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const [started, before] = [performance.now(), process.cpuUsage()]
    const value = yield* work
    const { system: kernel, user } = process.cpuUsage(before)
    const seconds = [(performance.now() - started) / 1e3, (kernel + user) / 1e6]
    console.log(`${name}: ${seconds.map((each) => each.toFixed(2)).join(" s, of a processor ")} s`)
    return value
  })

const rowAt = (n: number) => ({
  method: n % 2 === 0 ? "sam" : "sgd",
  radius: (n % 7) / 70,
  step: n,
  loss: Math.sqrt(n),
  escaped: n % 3 === 0,
})

const part = (rows: ReadonlyArray<Row>): Part => ({ _tag: "Rows", rows, seconds: 0.001 })

/** Keeps `parts` parts of a run, of as many rows each as a million has for it. */
const million = Effect.fnUntraced(function* (index: number, parts: number) {
  const size = 1e6 / parts
  const all = Array.from({ length: parts }, (_, k) =>
    part(Array.from({ length: size }, (__, n) => rowAt(k * size + n))),
  )
  const run = yield* (yield* RunStore).open(system, subjectOf(index, parts))
  yield* timed(
    `1e6 rows written, ${parts} parts`,
    Effect.forEach(all, (each, place) => run.keep(place, each), { concurrency: 64 }),
  )
  yield* run.end(shown)
})

const read = Effect.gen(function* () {
  const { list, rowsOf } = yield* Runs
  for (const { id, parts } of yield* list()) {
    const found = yield* timed(`1e6 rows read, ${parts} parts`, rowsOf(id))
    const sum = found.reduce((all, row) => all + Number(row["loss"]), 0)
    console.log(`${found.length} rows, mean loss ${sum / found.length}`)
  }
})

const trials = 10_000

const short = Effect.gen(function* () {
  const store = yield* RunStore
  yield* timed(
    `${trials} runs of one part, 128 at a time`,
    Effect.forEach(
      Array.from({ length: trials }).keys(),
      Effect.fnUntraced(function* (index: number) {
        const run = yield* store.open(system, subjectOf(index, 1))
        yield* run.keep(0, part([rowAt(index)]))
        yield* run.end(shown)
      }),
      { concurrency: 128, discard: true },
    ),
  )
})

const looked = Effect.gen(function* () {
  const runs = yield* Runs
  const store = yield* RunStore
  const list = yield* timed(`${trials} runs listed`, runs.list())
  yield* timed(
    "rows of each",
    Effect.forEach(list, ({ id }) => runs.rowsOf(id)),
  )
  yield* timed("seconds before", runs.secondsBefore)
  yield* timed(
    "each opened again",
    Effect.forEach(Array.from({ length: trials }).keys(), (index) =>
      store.open(system, subjectOf(index, 1)),
    ),
  )
})

const opened = (name: string) => storedBy(join(folder, name))

await Effect.runPromise(
  Effect.gen(function* () {
    yield* million(1, 1000).pipe(Effect.provide(opened("rows")))
    yield* million(2, 1).pipe(Effect.provide(opened("rows")))
    yield* read.pipe(Effect.provide(opened("rows")))
    console.log(`${(statSync(join(folder, "rows")).size / 1e6).toFixed(1)} MB`)
    yield* timed("opened and closed", Effect.provide(Effect.void, opened("rows")))
    yield* short.pipe(Effect.provide(opened("short")))
    yield* looked.pipe(Effect.provide(opened("short")))
    console.log(`${(statSync(join(folder, "short")).size / 1e6).toFixed(1)} MB`)
  }),
)
rmSync(folder, { recursive: true })
