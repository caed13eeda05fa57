/** A store of many runs beside one of few: the page asks both the same, and waits no longer. */
import { canonical } from "@nonconvex/runner/RunKey"
import { Runs } from "@nonconvex/store/Runs"
import { DateTime, Effect } from "effect"
import { createHash } from "node:crypto"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { system as toy } from "../fixtures/toy.ts"
import { temporary } from "../support/Folders.ts"
import { keptRun } from "../support/Kept.ts"
import { keeping } from "../support/KeptToys.ts"
import { type Opened, opened } from "../support/Opened.ts"

/** Runs of two experiments, of which the second has four, whatever the store has beside. */
const filled = (count: number): Promise<string> => {
  const file = join(temporary(), `${count}.sqlite`)
  const at = (second: number) =>
    DateTime.formatIso(DateTime.makeUnsafe(Date.UTC(2026, 0, 1) + 1000 * second))
  const runOf = (n: number) =>
    keptRun(
      n < count - 4
        ? { subject: "toy/dice", config: { rolls: n, radius: 0.5 }, seed: n }
        : { subject: "toy/rare", config: { rolls: n % 2, radius: 0.5 }, seed: n },
      { startedAt: at(n), endedAt: at(n + 1) },
    )
  const rows = (n: number) =>
    Array.from({ length: 20 }, (_, k) => ({ roll: k, mean: (k * n) % 7, dice: "fair" }))
  return Effect.gen(function* () {
    const { insert } = yield* Runs
    for (let n = 0; n < count; n++) {
      yield* insert(runOf(n), new Map([[0, { _tag: "Rows", seconds: 0.5, rows: rows(n) }]]))
    }
    return file
  }).pipe(Effect.provide(keeping(file)), Effect.runPromise)
}

/** The id that the store of `count` runs has of its last but `back`. */
const rare = (count: number, back: number): string =>
  createHash("sha256")
    .update(
      canonical({
        ...keptRun({
          subject: "toy/rare",
          config: { rolls: (count - 1 - back) % 2, radius: 0.5 },
          seed: count - 1 - back,
        }).key,
      }),
    )
    .digest("hex")

const questions: Readonly<Record<string, (count: number) => string>> = {
  "the first page of the list": () => "/api/runs",
  "a page in its middle": (count) => `/api/runs?page=${count / 100}`,
  "the runs of an experiment": () => "/api/runs?where=experiment%3Dtoy%2Frare",
  "two runs compared": (count) =>
    `/api/compare?run=${rare(count, 0)}&run=${rare(count, 1)}&metric=last(mean)`,
  "a filter compared": () => "/api/compare?where=experiment%3Drare&by=rolls&metric=last(mean)",
}

const few = 500
const many = 10_000

/** Milliseconds of an answer. */
const timed = async (page: Opened, path: string): Promise<number> => {
  const begun = performance.now()
  await page.get(path)
  return performance.now() - begun
}

describe("a store of 10,000 runs", () => {
  it("answers within twice the time of one of 500", async () => {
    const open = async <A>(count: number, use: (page: Opened) => Promise<A>) =>
      opened([toy], ["--store", await filled(count)], use)
    const ratios = await open(few, (small) =>
      open(many, async (large) => {
        const found: Record<string, number> = {}
        for (const [name, of] of Object.entries(questions)) {
          // what else the machine does only adds to a time, so the least of each is that of the answer alone
          let [least, leastOfMany] = [Infinity, Infinity]
          for (let k = 0; k < 31; k++) {
            least = Math.min(least, await timed(small, of(few)))
            leastOfMany = Math.min(leastOfMany, await timed(large, of(many)))
          }
          found[name] = leastOfMany / least
        }
        return found
      }),
    )
    console.info(JSON.stringify(ratios))
    for (const [name, ratio] of Object.entries(ratios)) assert.isAtMost(ratio, 2, name)
  }, 120_000)
})
