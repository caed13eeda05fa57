/** Lists from many counts: found better than by popularity, within a time, and ended before they are done. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { RecommendReport } from "../src/data/complete/RecommendReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.toCodecJson(RecommendReport)),
)

/** A folder with plays of 1,500 listeners and 1,000 artists of ten genres, both with a long tail. */
const folderWithPlays = (): string => {
  const folder = temporary()
  const stream = RandomStream.make(Seed.root(3))
  const plays = new Map<string, number>()
  for (let event = 0; event < 120_000; event++) {
    const listener = Math.floor(1500 * stream.uniform() ** 2)
    const genre = stream.uniform() < 0.7 ? listener % 10 : Math.floor(10 * stream.uniform())
    const artist = 10 * Math.floor(100 * stream.uniform() ** 2) + genre
    const pair = `u${listener},a${artist}`
    plays.set(pair, (plays.get(pair) ?? 0) + 1)
  }
  const lines = Array.from(plays, ([pair, count]) => `${pair},${count}`)
  writeFileSync(join(folder, "plays.csv"), ["listener,artist,plays", ...lines].join("\n"))
  return folder
}

describe("complete --implicit, of many counts", () => {
  it.live("finds the genre of each listener, and ends near its time", () =>
    Effect.gen(function* () {
      const file = join(folderWithPlays(), "plays.csv")
      const flags = ["--implicit", "--time", "10", "--json"]
      const { code, stdout } = yield* nonconvex([], ["complete", file, ...flags])
      assert.strictEqual(code, 0)
      const { heldOut, lists, noBetterThan, observed } = yield* decode(stdout)
      assert.isAbove(observed, 50_000)
      assert.deepStrictEqual(noBetterThan, [])
      const { model, baseline } = heldOut.found!.precision
      assert.isAbove(model.mean, 1.5 * baseline.mean)
      const isOwn = (row: string, column: string) =>
        Number(row.slice(1)) % 10 === Number(column.slice(1)) % 10
      const first = lists.filter(({ columns, row }) => isOwn(row, columns[0]!.column))
      assert.isAbove(first.length, 0.8 * lists.length)
    }),
  )

  it.live("ends with 130 at an interruption, and leaves no file", () =>
    Effect.gen(function* () {
      const folder = folderWithPlays()
      const args = ["complete", join(folder, "plays.csv"), "--implicit"]
      const { code, stdout } = yield* nonconvex(
        [],
        [...args, "--save", join(folder, "lists.csv")],
        Effect.sleep("3 seconds"),
      )
      assert.deepStrictEqual([code, stdout], [130, ""])
      assert.deepStrictEqual(readdirSync(folder), ["plays.csv"])
    }),
  )
})
