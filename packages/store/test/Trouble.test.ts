/** What is wrong with a file of runs is said in a line that says what to do, and spoils nothing. */
import { RunStore } from "@nonconvex/runner"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { FileSystemType, MostPages, Patience } from "../src/internal/Environment.ts"
import { Runs } from "../src/index.ts"
import { type Opening, rows, shown, storedBy, subjectOf, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const keepOne = Effect.gen(function* () {
  const run = yield* (yield* RunStore).open(system, subjectOf(1, 2))
  yield* run.keep(0, rows({ n: 1 }))
  yield* run.keep(1, rows({ n: 2 }))
  yield* run.end(shown)
  return run
})

const look = Effect.flatMap(Runs, ({ list }) => list())

/** What a program says that opens the file and does some work with it. */
const refusal = <A, E extends { readonly message: string }>(
  file: string,
  work: Effect.Effect<A, E, Runs>,
  opening?: Opening,
) =>
  work.pipe(
    Effect.provide(storedBy(file, opening)),
    Effect.flip,
    Effect.map(({ message }) => message),
  )

const alter = (file: string, sql: string): unknown => {
  const database = new DatabaseSync(file)
  const found = database.prepare(sql).all()
  database.close()
  return found
}

const prepared = Effect.fnUntraced(function* () {
  const file = scratchFile()
  yield* Effect.provide(keepOne, storedBy(file))
  return file
})

const elsewhere = "give another file with --store FILE"

describe("a file that is none of ours", () => {
  it.effect("is no database", () =>
    Effect.gen(function* () {
      const file = scratchFile()
      writeFileSync(file, "what somebody wrote\n".repeat(100))
      assert.strictEqual(
        yield* refusal(file, look),
        `${file}: is not a database of runs; ${elsewhere}`,
      )
      assert.strictEqual(readFileSync(file, "utf8"), "what somebody wrote\n".repeat(100))
    }),
  )
  it.effect("is a database of another program", () =>
    Effect.gen(function* () {
      const file = scratchFile()
      alter(file, "CREATE TABLE bookmarks (url text)")
      assert.strictEqual(
        yield* refusal(file, look),
        `${file}: is a database of another program, with a table bookmarks; ${elsewhere}`,
      )
    }),
  )
  it.effect("is a store of a newer version", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      alter(file, "INSERT INTO nonconvex_migrations (migration_id, name) VALUES (7, 'later')")
      assert.strictEqual(
        yield* refusal(file, look),
        `${file}: has version 7, but this nonconvex reads up to version 1; use a newer nonconvex, or ${elsewhere}`,
      )
    }),
  )
  it.effect("is empty, and only read", () =>
    Effect.gen(function* () {
      const file = scratchFile()
      writeFileSync(file, "")
      assert.strictEqual(
        yield* refusal(file, look, { readOnly: true }),
        `${file}: has no runs yet, and is opened for reading only`,
      )
    }),
  )

  it.effect("is a device", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal("/dev/null", look),
        `/dev/null: is a device or a pipe, but runs are saved in a file; ${elsewhere}`,
      )
    }),
  )

  it.effect("is a folder, or lies where none can be made", () =>
    Effect.gen(function* () {
      const file = scratchFile()
      mkdirSync(file)
      assert.strictEqual(
        yield* refusal(file, look),
        `${file}: is a folder, but runs are saved in a file; ${elsewhere}`,
      )
      const below = join(dirname(file), "text", "runs.sqlite")
      writeFileSync(dirname(below), "")
      assert.match(
        yield* refusal(below, look),
        /its folder cannot be created \(.*\); give another file with --store FILE$/u,
      )
    }),
  )
})

describe("a file that is damaged", () => {
  it.effect("says so where its pages are", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      const opened = openSync(file, "r+")
      for (let at = 4096; at < readFileSync(file).length; at += 4096) {
        writeSync(opened, Buffer.alloc(64, 0xff), 0, 64, at)
      }
      assert.strictEqual(
        yield* refusal(file, look),
        `${file}: is damaged; move it away to start a new one, or ${elsewhere}`,
      )
    }),
  )
  it.effect("loses one part where its bytes are, which is computed again", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      alter(file, "UPDATE parts SET content = substr(content, 2) WHERE place = 1")
      const said: Array<string> = []
      const known = yield* Effect.gen(function* () {
        const run = yield* keepOne
        const again = yield* (yield* RunStore).open(system, subjectOf(1, 2))
        return [[...run.parts.keys()], [...again.parts.keys()]]
      }).pipe(Effect.provide(storedBy(file, { said })))
      assert.deepStrictEqual(known, [[0], [0, 1]])
      assert.match(
        said.join("\n"),
        /^[^\n]*: part 1 of run [0-9a-f]{12} is damaged and skipped; repeat the command that computed it$/u,
      )
    }),
  )
})

describe("a file that cannot be written", () => {
  const works = Effect.gen(function* () {
    const [kept] = yield* look
    const before = yield* keepOne
    const other = yield* (yield* RunStore).open(system, subjectOf(2, 1))
    yield* other.keep(0, rows({ n: 1 }))
    return { kept, known: before.parts.size, runs: (yield* look).length }
  })
  it.effect("is read, and what is computed is kept nowhere, as it says once", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      const said: Array<string> = []
      const { kept, known, runs } = yield* Effect.provide(
        works,
        storedBy(file, { said, readOnly: true }),
      )
      assert.deepStrictEqual([kept?.kept, known, runs], [2, 2, 1])
      assert.deepStrictEqual(said, [`${file}: is read-only: these results are not saved`])
      const refused = yield* refusal(
        file,
        Effect.flatMap(Runs, ({ remove }) => remove([kept!.id])),
        { readOnly: true },
      )
      assert.strictEqual(
        refused,
        `${file}: cannot be written; change its permissions, or ${elsewhere}`,
      )
    }),
  )
  it.effect("has to be there", () =>
    Effect.gen(function* () {
      const file = scratchFile()
      assert.strictEqual(
        yield* refusal(file, look, { readOnly: true }),
        `${file}: does not exist; ${elsewhere}`,
      )
      assert.isFalse(existsSync(file))
    }),
  )
  it.effect.skipIf(process.getuid?.() === 0)(
    "gets no file beside it that locks its owner out",
    () =>
      Effect.gen(function* () {
        const file = yield* prepared()
        chmodSync(file, 0o400)
        const { kept, known } = yield* Effect.provide(works, storedBy(file, { said: [] }))
        assert.deepStrictEqual([kept?.kept, known], [2, 2])
        assert.deepStrictEqual(
          [existsSync(`${file}-shm`), existsSync(`${file}-wal`)],
          [false, false],
        )
      }),
  )
  it.effect.skipIf(process.getuid?.() === 0)("is found to be so, with its folder", () =>
    Effect.gen(function* () {
      const file = yield* prepared()
      chmodSync(dirname(file), 0o500)
      const said: Array<string> = []
      const { kept, known } = yield* Effect.provide(works, storedBy(file, { said }))
      chmodSync(dirname(file), 0o700)
      assert.deepStrictEqual([kept?.kept, known, said.length], [2, 2, 1])
    }),
  )
})

it.effect("a disk that is full is said, and what was kept stays", () =>
  Effect.gen(function* () {
    const file = yield* prepared()
    const large = Array.from({ length: 50_000 }, (_, n) => ({ n }))
    const fill = Effect.gen(function* () {
      const run = yield* (yield* RunStore).open(system, subjectOf(2, 1))
      yield* run.keep(0, rows(...large))
    })
    const message = yield* refusal(file, fill).pipe(Effect.provideService(MostPages, 60))
    assert.strictEqual(message, `${file}: the disk is full; free some space, or ${elsewhere}`)
    const kept = yield* Effect.provide(look, storedBy(file))
    assert.strictEqual(kept.find(({ key }) => key.subject === "numbers/1")?.kept, 2)
  }),
)

it.live("a file that another program keeps busy is waited for, and then said to be", () =>
  Effect.gen(function* () {
    const file = yield* prepared()
    const other = new DatabaseSync(file)
    other.exec("BEGIN IMMEDIATE")
    const remove = Effect.flatMap(Runs, (runs) =>
      Effect.flatMap(runs.list(), (list) => runs.remove(list.map(({ id }) => id))),
    )
    const message = yield* refusal(file, remove).pipe(Effect.provideService(Patience, 300))
    assert.strictEqual(message, `${file}: another program is using it; try again later`)
    setTimeout(() => other.exec("COMMIT"), 200)
    assert.strictEqual(yield* Effect.provide(remove, storedBy(file)), 1)
    other.close()
  }),
)

it.effect("a file that machines share is written without shared memory, as it says", () =>
  Effect.gen(function* () {
    const file = scratchFile()
    const said: Array<string> = []
    yield* Effect.provide(keepOne, storedBy(file, { said })).pipe(
      Effect.provideService(FileSystemType, () => Effect.succeed(0x6969)),
    )
    assert.deepStrictEqual(said.length, 1)
    assert.match(said[0]!, /is on NFS, which other machines may share/u)
    assert.deepStrictEqual(
      [...(alter(file, "PRAGMA journal_mode") as ReadonlyArray<object>)].map((row) => ({ ...row })),
      [{ journal_mode: "delete" }],
    )
  }),
)
