/** Two processes that run `solve`, one of them with float32 products, publish the same bytes. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import type { Solved } from "./fixtures/solveAll.ts"
import { temporary } from "./support/Folders.ts"

const run = promisify(execFile)
const node = (program: string, ...args: ReadonlyArray<string>) =>
  run(process.execPath, ["--conditions=source", join(import.meta.dirname, program), ...args], {
    maxBuffer: 2 ** 26,
  })

/** The advertised setting. */
const setting = { gap: 0.4, deviation: 4e-5, failure: 0.02 }
const flags = Object.entries(setting).flatMap(([name, value]) => [`--${name}`, String(value)])

/** A payoff matrix of 2 to 5 rows and columns, as a file. */
const gameIn = (folder: string, number: number): string => {
  const stream = RandomStream.make(Seed.root(number).child("payoffs"))
  const [rows, columns] = [2 + stream.integer(4), 2 + stream.integer(4)]
  const row = () => Array.from({ length: columns }, () => 2 * stream.uniform() - 1).join(",")
  const path = join(folder, `game-${number}.csv`)
  writeFileSync(path, Array.from({ length: rows }, row).join("\n"))
  return path
}

const precisions = ["float64", "float32"] as const

describe("solve in two processes, one with float32 products", () => {
  it("publishes equal bytes in 1,000 of 1,000 games", { timeout: 120_000 }, async () => {
    const folder = temporary()
    const games = Array.from({ length: 1000 }, (_, k) => gameIn(folder, k))
    const [double, single] = await Promise.all(
      precisions.map(async (products) => {
        const calls = games.map((game, seed) =>
          JSON.stringify({ file: game, ...setting, seed, precision: products }),
        )
        const list = join(folder, `${products}.jsonl`)
        writeFileSync(list, calls.join("\n"))
        const { stdout } = await node("fixtures/solveAll.ts", list)
        return JSON.parse(stdout) as ReadonlyArray<Solved>
      }),
    )
    assert.strictEqual(double!.length, 1000)
    const equal = double!.filter(({ fingerprint }, k) => fingerprint === single![k]!.fingerprint)
    assert.strictEqual(equal.length, 1000)
    // and in at least nine of ten it is not luck: the clearance proves it
    const certain = double!.filter((each, k) => each.certain && single![k]!.certain)
    assert.isAtLeast(certain.length, 900)
  })

  it("prints equal answers as the command that users start", { timeout: 120_000 }, async () => {
    const folder = temporary()
    for (const number of [0, 1]) {
      const game = gameIn(folder, number)
      const published = await Promise.all(
        precisions.map(async (products) => {
          const args = ["solve", game, ...flags, "--products", products, "--json"]
          const { stdout } = await node("../src/main.ts", ...args)
          return (JSON.parse(stdout) as { readonly published: object }).published
        }),
      )
      assert.deepStrictEqual(published[1], published[0])
    }
  })
})
