/** Tables that come through a pipe, which has no positions to read at. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Table from "../src/Table.ts"

/** A pipe into which the text goes, for as long as the scope lasts. */
const pipeOf = (text: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const folder = mkdtempSync(join(tmpdir(), "nonconvex-pipe-"))
      const path = join(folder, "numbers.csv")
      execFileSync("mkfifo", [path])
      const writer = spawn("sh", ["-c", 'printf "%s" "$1" > "$0"', path, text])
      return { folder, path, writer }
    }),
    ({ folder, writer }) =>
      Effect.sync(() => {
        writer.kill()
        rmSync(folder, { recursive: true })
      }),
  )

describe.skipIf(process.platform === "win32")("a pipe", () => {
  it.live("is read where its content is read once", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 6000 }, (_, i) => `${i},${2 * i},0.5`)
      const { path } = yield* pipeOf("1,2,3\n4,5,6\n")
      const { values } = yield* Table.read(path)
      assert.deepStrictEqual([...values], [1, 2, 3, 4, 5, 6])
      // more than a pipe holds at once, and less than a command line may have
      const { path: long } = yield* pipeOf(rows.join("\n"))
      const table = yield* Table.read(long)
      assert.deepStrictEqual([table.rows, table.columns], [6000, 3])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )

  it.live("is refused where it is private, with what to do", () =>
    Effect.gen(function* () {
      const { path } = yield* pipeOf("a,b\n1,2\n")
      const error = yield* Effect.flip(
        Table.readPrivateInto(path, { needs: "table" }, () => Effect.succeed(() => Effect.void)),
      )
      assert.strictEqual(error.message, `${path}: pipes are not supported: write to a file first`)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )

  it.live("is named where someone says -", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Table.read("-"))
      assert.strictEqual(error.message, "-: no such file; standard input is /dev/stdin")
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
