/** The cost of a trial beside its own work: the same in a sweep of 1,000 trials and in one of ten times as many. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import process from "node:process"
import { system as brief } from "./fixtures/brief.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

/** Milliseconds of a processor for each trial; other programs on the machine do not add to them. */
const costs = Effect.fnUntraced(function* (args: ReadonlyArray<string>, trials: number) {
  const before = process.cpuUsage()
  const { code, stderr } = yield* nonconvex([brief], [...args, "--quiet"])
  const { system, user } = process.cpuUsage(before)
  assert.strictEqual(code, 0, stderr)
  return (system + user) / 1000 / trials
})

const tasks: Readonly<
  Record<string, (trials: number, at: (name: string) => string) => ReadonlyArray<string>>
> = {
  computed: (trials, at) => [
    ...`sweep busy --set milliseconds=0 --seeds 1..${trials} --store`.split(" "),
    at(`${trials}`),
  ],
  reused: (trials, at) => tasks["computed"]!(trials, at),
  imported: (trials, at) => ["import", at(`${trials}`), "--store", at(`merged-${trials}`)],
}

describe("a trial of a sweep", () => {
  it.live(
    "costs no more among many than among few",
    () =>
      Effect.gen(function* () {
        const folder = temporary()
        const at = (name: string) => join(folder, `${name}.sqlite`)
        const found: Record<string, ReadonlyArray<number>> = {}
        for (const [name, args] of Object.entries(tasks)) {
          // the first sweep starts the threads, and its code is compiled
          const each: Array<number> = []
          for (const trials of [300, 1000, 10_000]) {
            each.push(yield* costs(args(trials, at), trials))
          }
          found[name] = each
        }
        console.info(JSON.stringify(found))
        for (const [name, [, few, many]] of Object.entries(found)) {
          assert.isAtMost(many! / few!, 1.5, name)
        }
      }),
    240_000,
  )
})
