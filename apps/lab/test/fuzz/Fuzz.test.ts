/**
 * What strangers send, to every reader: each input gives an answer that is one, or one clear error, and never a defect. `NONCONVEX_SEED` draws
 * others, and `NONCONVEX_FUZZ` more of them.
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Cause, Effect, Exit, Predicate } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { temporary } from "../support/Folders.ts"
import * as Changes from "./Changes.ts"
import { corpus } from "./Corpus.ts"
import { readers } from "./Documents.ts"
import type { Reader } from "./Reader.ts"

const seed = Number(process.env["NONCONVEX_SEED"])
const inputs = Number(process.env["NONCONVEX_FUZZ"] ?? 1000)

/** Seconds of the processor that an input of kilobytes may take: a thousand times of what it does, and more than the ten in which Parquet is given up. */
const patience = 15

/** What is wrong with how a reader took an input; undefined where it answered, or refused clearly. */
const fault = Effect.fnUntraced(function* ({ read }: Reader, path: string) {
  const before = process.cpuUsage()
  const exit = yield* Effect.exit(Effect.provide(read(path), NodeServices.layer))
  const { system, user } = process.cpuUsage(before)
  if ((system + user) / 1e6 > patience) return `took ${(system + user) / 1e6} s`
  if (Exit.isSuccess(exit)) return undefined
  const failure = exit.cause.reasons.find(Cause.isFailReason)?.error
  if (failure === undefined) return Cause.pretty(exit.cause)
  const isClear =
    failure instanceof Error && Predicate.hasProperty(failure, "_tag") && failure.message !== ""
  return isClear && failure.message.length < 3000 ? undefined : `says ${Cause.pretty(exit.cause)}`
})

const all = await Effect.runPromise(readers)

describe("what once went wrong", () => {
  it.live.each(corpus)("is refused: $name", ({ input, reader: name, says }) =>
    Effect.gen(function* () {
      const reader = all.find((each) => each.name === name)!
      const path = join(temporary(), "input")
      writeFileSync(path, input())
      assert.isUndefined(yield* fault(reader, path))
      const failure = yield* Effect.flip(Effect.provide(reader.read(path), NodeServices.layer))
      assert.match((failure as Error).message, says)
    }),
  )
})

describe(`of seed ${seed}`, () => {
  it.live.each(all)("$name takes what strangers send", (reader) =>
    Effect.gen(function* () {
      const stream = RandomStream.make(Seed.root(seed).child(reader.name))
      const path = join(temporary(), "input")
      let made = 0
      for (const whole of reader.seeds) {
        writeFileSync(path, whole)
        const wrong = yield* fault(reader, path)
        assert.isUndefined(wrong, `whole: ${wrong}`)
      }
      for (let k = 0; k < inputs; k++) {
        const input = reader.change(stream, Changes.one(stream, reader.seeds) as never)
        made++
        if (k % (reader.every ?? 1) !== 0) continue
        writeFileSync(path, input)
        const wrong = yield* fault(reader, path)
        const shown =
          typeof input === "string" ? input : `base64 ${Buffer.from(input).toString("base64")}`
        if (wrong !== undefined) assert.fail(`input ${k}: ${wrong.slice(0, 2000)}\n${shown}`)
      }
      assert.strictEqual(made, inputs)
    }),
  )
})
