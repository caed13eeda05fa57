import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, PlatformError } from "effect"
import { spawnSync } from "node:child_process"
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import process from "node:process"
import * as Folder from "../../src/files/Folder.ts"
import { files, temporary } from "../support/Folders.ts"

/** Stages `folder`, writes into it, and publishes unless told not to. */
const write = (folder: string, publishes: boolean) =>
  Effect.gen(function* () {
    const staged = yield* Folder.stage(folder)
    yield* staged.write("index.html", "new")
    yield* staged.write("figures/new.svg", "new")
    if (publishes) yield* staged.publish
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

const reasonOf = (folder: string) =>
  Effect.map(Effect.flip(write(folder, true)), (error) => error.message)

describe("Folder.stage", () => {
  it.live("publishes everything, replaces folders, and keeps what it did not write", () =>
    Effect.gen(function* () {
      const folder = temporary()
      mkdirSync(join(folder, "figures"))
      for (const name of ["index.html", "figures/old.svg", "notes.txt"]) {
        writeFileSync(join(folder, name), "old")
      }
      yield* write(folder, true)
      assert.deepStrictEqual(files(folder), ["figures/new.svg", "index.html", "notes.txt"])
      assert.strictEqual(readFileSync(join(folder, "index.html"), "utf8"), "new")
    }),
  )

  it.live("leaves all as it was where one of the files has no place", () =>
    Effect.gen(function* () {
      const folder = temporary()
      mkdirSync(join(folder, "figures"))
      mkdirSync(join(folder, "index.html"))
      writeFileSync(join(folder, "figures/old.svg"), "old")
      writeFileSync(join(folder, "index.html/inside"), "old")
      assert.strictEqual(
        yield* reasonOf(folder),
        `${join(folder, "index.html")}: cannot be written (a folder of this name exists); choose another place`,
      )
      assert.deepStrictEqual(files(folder), ["figures/old.svg", "index.html/inside"])
    }),
  )

  it.live("leaves a folder as it was where nothing is published", () =>
    Effect.gen(function* () {
      const folder = temporary()
      writeFileSync(join(folder, "index.html"), "old")
      yield* write(folder, false)
      assert.deepStrictEqual(files(folder), ["index.html"])
      assert.strictEqual(readFileSync(join(folder, "index.html"), "utf8"), "old")
    }),
  )

  it.live("makes folders, and takes them back where nothing is published", () =>
    Effect.gen(function* () {
      const folder = temporary()
      yield* write(join(folder, "a/b"), false)
      assert.deepStrictEqual(files(folder), [])
      yield* write(join(folder, "a/b"), true)
      assert.deepStrictEqual(files(folder), ["a/b/figures/new.svg", "a/b/index.html"])
    }),
  )

  it.live("clears up what a program left that was killed, and touches no other", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { pid: dead } = spawnSync(process.execPath, ["--version"])
      const left = (kind: string, pid: number, machine = hostname()) => {
        const name = `.${kind}-${machine}-${pid}-abc123`
        mkdirSync(join(folder, name, "figures"), { recursive: true })
        writeFileSync(join(folder, name, "figures/old.svg"), "old")
        writeFileSync(join(folder, name, "index.html"), "old")
        return name
      }
      writeFileSync(join(folder, "index.html"), "new")
      left("partial", dead)
      left("former", dead)
      const others = [
        left("partial", process.pid),
        left("partial", dead, "elsewhere"),
        left("former", dead, "elsewhere"),
      ]
      yield* write(folder, false)
      assert.deepStrictEqual(readdirSync(folder).toSorted(), [
        ...others.toSorted(),
        "figures",
        "index.html",
      ])
      assert.strictEqual(readFileSync(join(folder, "index.html"), "utf8"), "new")
      assert.strictEqual(readFileSync(join(folder, "figures/old.svg"), "utf8"), "old")
    }),
  )

  it.live("says at once where it cannot write", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "file")
      writeFileSync(file, "")
      const expected = `${file}: cannot be written (a part of the path is not a folder); choose another place`
      assert.strictEqual(yield* reasonOf(file), expected)
      assert.match(yield* reasonOf(join(file, "x")), /a part of the path is not a folder/)
    }),
  )
})

describe("Folder.stageFile", () => {
  it.live("writes a whole file, or leaves what was there", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const file = join(folder, "net.json")
      const staged = (content: string | undefined) =>
        Effect.gen(function* () {
          const place = yield* Folder.stageFile(file, [])
          if (content !== undefined) yield* place.write(content)
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
      yield* staged("one")
      yield* staged(undefined)
      assert.strictEqual(readFileSync(file, "utf8"), "one")
      assert.deepStrictEqual(files(folder), ["net.json"])
    }),
  )

  it.live("does not replace what the command reads, by whatever path", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const input = join(folder, "rows.csv")
      const ledger = join(folder, "not-yet.ledger")
      writeFileSync(input, "private")
      symlinkSync(input, join(folder, "link.csv"))
      const link = join(folder, "link.csv")
      for (const name of [input, `${folder}/./rows.csv`, link, `${folder}/./not-yet.ledger`]) {
        const error = yield* Folder.stageFile(name, [input, ledger]).pipe(
          Effect.flip,
          Effect.scoped,
          Effect.provide(NodeServices.layer),
        )
        assert.match(error.message, /\(the command also reads this file\); choose another place$/)
      }
      assert.strictEqual(readFileSync(input, "utf8"), "private")
    }),
  )

  it.live("refuses a folder", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const error = yield* Folder.stageFile(folder, []).pipe(
        Effect.flip,
        Effect.scoped,
        Effect.provide(NodeServices.layer),
      )
      assert.strictEqual(
        error.message,
        `${folder}: cannot be written (it is a folder); choose another place`,
      )
    }),
  )

  it.live("refuses a device and a pipe, which it would put a file in place of", () =>
    Effect.gen(function* () {
      const pipe = join(temporary(), "pipe")
      spawnSync("mkfifo", [pipe])
      for (const name of ["/dev/null", pipe]) {
        const error = yield* Folder.stageFile(name, []).pipe(
          Effect.flip,
          Effect.scoped,
          Effect.provide(NodeServices.layer),
        )
        assert.match(error.message, /cannot be written \(it is a device or a pipe, not a file\)/)
      }
    }),
  )

  it.live("writes what a link leads to", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const [real, link] = [join(folder, "kept", "rows.csv"), join(folder, "link.csv")]
      mkdirSync(join(folder, "kept"))
      writeFileSync(real, "old")
      symlinkSync(real, link)
      yield* Effect.flatMap(Folder.stageFile(link, []), (file) => file.write("new")).pipe(
        Effect.scoped,
        Effect.provide(NodeServices.layer),
      )
      assert.strictEqual(readFileSync(real, "utf8"), "new")
      assert.strictEqual(readlinkSync(link), real)
    }),
  )

  it.live("says that the disk is full", () =>
    Effect.gen(function* () {
      const full = PlatformError.systemError({
        _tag: "Unknown",
        module: "FileSystem",
        method: "writeFile",
        cause: Object.assign(new Error("no space"), { code: "ENOSPC" }),
      })
      const error = yield* Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const staged = yield* Folder.stage(temporary()).pipe(
          Effect.provideService(FileSystem.FileSystem, {
            ...fs,
            writeFileString: () => Effect.fail(full),
          }),
        )
        return yield* Effect.flip(staged.write("index.html", "new"))
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
      assert.match(error.message, /cannot be written \(the disk is full\); choose another place$/)
    }),
  )
})
