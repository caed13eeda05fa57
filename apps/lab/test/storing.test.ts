/** Commands that compute take from a store what was computed before, and say so. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { both } from "./support/Toys.ts"

const within = (folder: string) => join(folder, "runs.sqlite")

const taken = (parts: string) =>
  new RegExp(`^${parts} reused from .*; --fresh recomputes them$`, "m")

describe("a store of runs", () => {
  for (const [command, parts] of [
    [["run", "toy/dice"], "[0-9]+ parts? of [0-9]+"],
    [["verify", "toy", "--runs", "20"], "[0-9]+ parts of [0-9]+"],
  ] as const) {
    it.live(`gives ${command[0]} what it computed before`, () =>
      Effect.gen(function* () {
        const store = within(temporary())
        const args = [...command, "--store", store]
        const first = yield* nonconvex(both, args)
        assert.strictEqual(first.code, 0)
        assert.notMatch(first.progress, /reused from/)
        const again = yield* nonconvex(both, args)
        assert.strictEqual(again.stdout, first.stdout)
        assert.match(again.progress, taken(parts))
        const fresh = yield* nonconvex(both, [...args, "--fresh"])
        assert.notMatch(fresh.progress, /reused from/)
      }),
    )
  }

  it.live("gives another setting, seed or kernels nothing", () =>
    Effect.gen(function* () {
      const store = within(temporary())
      yield* nonconvex(both, ["run", "toy/dice", "--store", store])
      for (const change of [
        ["--seed", "2"],
        ["--kernels", "reference"],
        ["--preset", "smoke"],
      ]) {
        const { code, progress } = yield* nonconvex(both, [
          "run",
          "toy/dice",
          "--store",
          store,
          ...change,
        ])
        assert.strictEqual(code, 0)
        assert.notMatch(progress, /reused from/, change.join(" "))
      }
    }),
  )

  it.live("is the same report whether it is computed or taken", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const results = (out: string) => {
        const { provenance: _, ...found } = JSON.parse(
          readFileSync(join(folder, out, "results.json"), "utf8"),
        ) as { readonly provenance: unknown }
        return found
      }
      const args = (out: string) => [
        "reproduce",
        "--preset",
        "smoke",
        "--store",
        within(folder),
        "--out",
        join(folder, out),
      ]
      yield* nonconvex(both, args("first"))
      const again = yield* nonconvex(both, args("again"))
      assert.match(again.progress, /reused from/)
      assert.deepStrictEqual(results("again"), results("first"))
    }),
  )

  it.live("is nothing with --no-store", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { code } = yield* nonconvex(both, [
        "run",
        "toy/dice",
        "--no-store",
        "--store",
        within(folder),
      ])
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(readdirSync(folder), [])
    }),
  )

  it.live("is refused in a line where it cannot be used, before anything is computed", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const damaged = join(folder, "notes.txt")
      writeFileSync(damaged, "these are notes\n".repeat(1000))
      for (const [flags, line] of [
        [
          ["--store", damaged],
          /notes\.txt: is not a database of runs; give another file with --store/,
        ],
        [["--store", folder], /is a folder/],
        [
          ["--store", within(folder), "--database", "postgres://lab@localhost/runs"],
          /--store allows no --database: give only one/,
        ],
        [["--database", "mysql://lab:secret@localhost/runs"], /not of postgres:\/\//],
      ] as const) {
        const { code, stderr, stdout } = yield* nonconvex(both, ["run", "toy/dice", ...flags])
        assert.strictEqual(code, 1)
        assert.strictEqual(stdout, "")
        assert.match(stderr, line)
        assert.notMatch(stderr, /secret|\n./)
      }
      assert.isFalse(existsSync(within(folder)))
    }),
  )

  it.live.skipIf(process.platform !== "linux")(
    "is gone without where nobody named one and the folder takes no files",
    () =>
      Effect.gen(function* () {
        const before = process.cwd()
        yield* Effect.addFinalizer(() => Effect.sync(() => process.chdir(before)))
        // nobody can make a folder here, not even an administrator
        process.chdir("/proc")
        const { code, progress } = yield* nonconvex(both, ["run", "toy/dice"]).pipe(
          Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({})),
        )
        assert.strictEqual(code, 0)
        assert.match(progress, /^\.runs\/runs\.sqlite: cannot be created, so nothing is saved; /m)
      }).pipe(Effect.scoped),
  )

  it.live("of many machines is said to be for this one alone where all is computed again", () =>
    Effect.gen(function* () {
      const database = ["--database", "postgres://lab@127.0.0.1:1/runs"]
      const { code, progress } = yield* nonconvex(both, [
        "sweep",
        "toy/dice",
        "--fresh",
        ...database,
      ])
      // nobody listens there
      assert.strictEqual(code, 1)
      assert.match(progress, /^--fresh computes on this machine only, without workers$/m)
    }),
  )

  it.live("of many machines is refused with a lease that is no time", () =>
    Effect.gen(function* () {
      const args = ["worker", "--database", "postgres://lab@127.0.0.1:1/runs"]
      const { code, stderr } = yield* nonconvex(both, args).pipe(
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ NONCONVEX_LEASE: "soon" }),
        ),
      )
      assert.strictEqual(code, 1)
      assert.match(stderr, /^nonconvex: NONCONVEX_LEASE must be a number of seconds of at least 1 /)
    }),
  )
})
