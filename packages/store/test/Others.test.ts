/** Other programs that take a file of runs away or damage it while it is open. */
import { RunStore } from "@nonconvex/runner"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  chmodSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Runs } from "../src/index.ts"
import { rows, shown, storedBy, subjectOf, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const keep = (index: number) =>
  Effect.gen(function* () {
    const run = yield* (yield* RunStore).open(system, subjectOf(index, 1))
    yield* run.keep(0, rows({ n: index }))
    yield* run.end(shown)
  })

const list = Effect.flatMap(Runs, (runs) => runs.list())

/** A file with one run. */
const prepared = Effect.fnUntraced(function* () {
  const file = scratchFile()
  yield* Effect.provide(keep(1), storedBy(file))
  return file
})

describe("a file that is taken away while it is open", () => {
  for (const [how, take] of [
    ["removed", (file: string) => rmSync(file)],
    [
      "replaced",
      (file: string) => {
        renameSync(file, `${file} before`)
        writeFileSync(file, "")
      },
    ],
  ] as const) {
    it.effect(`is missed where it is ${how}`, () =>
      Effect.gen(function* () {
        const file = yield* prepared()
        const { message } = yield* Effect.gen(function* () {
          yield* keep(2)
          take(file)
          yield* keep(3)
        }).pipe(Effect.provide(storedBy(file)), Effect.flip)
        assert.strictEqual(
          message,
          `${file}: was removed or replaced while it was open, so its new results are lost; run the command again`,
        )
      }),
    )
  }
})

describe("a file that is only read", () => {
  it.effect("is all that is there afterwards", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      const look = Effect.provide(list, storedBy(file, { readOnly: true }))
      assert.strictEqual((yield* look).length, 1)
      assert.deepStrictEqual(readdirSync(dirname(file)), ["runs.sqlite"])
    }),
  )

  it.effect.skipIf(process.getuid?.() === 0)("is not said to be missing in a closed folder", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      chmodSync(dirname(file), 0)
      const { message } = yield* Effect.flip(Layer.build(storedBy(file, { readOnly: true })))
      chmodSync(dirname(file), 0o700)
      assert.strictEqual(
        message,
        `${file}: this user may not read its folder; give another file with --store FILE`,
      )
    }).pipe(Effect.scoped),
  )

  it.effect("is not said to be missing where nobody can look", () =>
    Effect.gen(function* () {
      const loop = join(dirname(scratchFile()), "loop")
      symlinkSync(loop, loop)
      const { message } = yield* Effect.flip(
        Layer.build(storedBy(join(loop, "runs.sqlite"), { readOnly: true })),
      )
      assert.match(message, /: cannot be read \(ELOOP: .*\); give another file with --store FILE$/u)
      assert.isFalse(existsSync(loop))
    }).pipe(Effect.scoped),
  )
})

it.effect("a run whose text is damaged is named by what can be done, and can be removed", () =>
  Effect.gen(function* () {
    const file = yield* prepared()
    const [{ id } = { id: "" }] = yield* Effect.provide(list, storedBy(file))
    const database = new DatabaseSync(file)
    database.exec("UPDATE runs SET config = '{'")
    database.close()
    const said: Array<string> = []
    yield* Effect.gen(function* () {
      const runs = yield* Runs
      assert.deepStrictEqual(yield* runs.list(), [])
      const name = id.slice(0, 12)
      const { message } = yield* Effect.flip(runs.find(name))
      const removes = `remove it with nonconvex rm ${name}`
      assert.strictEqual(
        message,
        `${file}: run ${name} is damaged; ${removes}, and repeat the command that computed it`,
      )
      assert.deepStrictEqual(said, [`${file}: run ${name} is damaged and skipped; ${removes}`])
      assert.strictEqual(yield* runs.remove([yield* runs.idOf(name)]), 1)
    }).pipe(Effect.provide(storedBy(file, { said })))
  }),
)
