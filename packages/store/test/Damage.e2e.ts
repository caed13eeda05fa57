/** Bytes that change on a disk never come back as a result, and never end the program with a bug. */
import { type Part, RunStore, StoreFailed } from "@nonconvex/runner"
import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import fc from "fast-check"
import { readFileSync, writeFileSync } from "node:fs"
import * as Parts from "../src/internal/Parts.ts"
import { Runs } from "../src/index.ts"
import { rows, searched, shown, storedBy, subjectOf, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const subjects = [0, 1, 2].map((index) => subjectOf(index, 2))

const partOf = (index: number, place: number) =>
  place === 0
    ? rows(
        ...Array.from({ length: 30 }, (_, n) => ({
          n,
          value: Math.sqrt(n + index),
          method: "sam",
        })),
      )
    : searched(Array.from({ length: 30 }, (_, n) => Math.cbrt(n - index)))

const keepAll = Effect.gen(function* () {
  const store = yield* RunStore
  for (const [index, subject] of subjects.entries()) {
    const run = yield* store.open(system, subject)
    for (const place of [0, 1]) {
      yield* run.leave(place, { seconds: 1, snapshot: { version: 1, state: "half" } })
      yield* run.keep(place, partOf(index, place))
    }
    yield* run.end(shown)
  }
  yield* (yield* Runs).keepSweep({
    id: "sweep",
    experiment: "numbers/0",
    spec: { seeds: [1, 2] },
    startedAt: "2026-01-01T00:00:00.000Z",
    trials: ["trial"],
  })
})

/** Everything that a store gives. */
const lookAtAll = Effect.gen(function* () {
  const runs = yield* Runs
  const store = yield* RunStore
  const found: Array<Part> = []
  for (const { id } of yield* runs.list()) {
    for (const part of (yield* runs.partsOf(id)).values()) found.push(part)
    yield* runs.rowsOf(id)
    yield* runs.differences(id)
  }
  yield* runs.sweeps
  yield* runs.secondsBefore
  for (const [index, subject] of subjects.entries()) {
    const run = yield* store.open(system, subject)
    for (const part of run.parts.values()) found.push(part)
    for (const place of [0, 1]) yield* run.keep(place, partOf(index, place))
    yield* run.end(shown)
  }
  return found
})

const text = (part: Part) => Buffer.from(Parts.write(part)).toString("base64")

it("bytes that change are left out or refused", { timeout: 120_000 }, async () => {
  const whole = scratchFile()
  await Effect.runPromise(Effect.provide(keepAll, storedBy(whole)))
  const bytes = readFileSync(whole)
  const originals = new Set(
    subjects.flatMap((_, index) => [0, 1].map((place) => text(partOf(index, place)))),
  )
  const outcomes = { looked: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 30,
      }),
      async (changes) => {
        const file = scratchFile()
        const changed = Buffer.from(bytes)
        for (const [at, bits] of changes) changed[at]! ^= bits
        writeFileSync(file, changed)
        const exit = await Effect.runPromise(Effect.exit(Effect.provide(lookAtAll, storedBy(file))))
        if (Exit.isSuccess(exit)) {
          outcomes.looked += 1
          for (const part of exit.value) assert.isTrue(originals.has(text(part)))
        } else {
          outcomes.refused += 1
          assert.instanceOf(Cause.squash(exit.cause), StoreFailed, Cause.pretty(exit.cause))
        }
      },
    ),
    { numRuns: 100 },
  )
  assert.isAbove(Math.min(outcomes.looked, outcomes.refused), 0)
})
