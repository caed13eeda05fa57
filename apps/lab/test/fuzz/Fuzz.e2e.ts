/**
 * What strangers send, to every reader: each input gives an answer that is one, or one clear error, and never a defect. `NONCONVEX_SEED` draws
 * others, and `NONCONVEX_FUZZ` more of them. `npm run fuzz` sets the other variables.
 */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Cause, Effect, Exit, ManagedRuntime, Predicate } from "effect"
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { afterAll } from "vitest"
import { temporary } from "../support/Folders.ts"
import { broken } from "./Broken.ts"
import * as Changes from "./Changes.ts"
import { corpus } from "./Corpus.ts"
import { readers } from "./Documents.ts"
import * as Lane from "./Lane.ts"
import { bytesOf, hold, layer, type Reader } from "./Reader.ts"

const seed = Number(process.env["NONCONVEX_SEED"])
const inputs = Number(process.env["NONCONVEX_FUZZ"] ?? 1000)

/** The reader that is asked for, and the seconds for all that are. */
const asked = process.env["NONCONVEX_FUZZ_READER"] ?? "all"
const budget = Number(process.env["NONCONVEX_FUZZ_SECONDS"] ?? Infinity)
/** Folder for the last input of each reader, which a process that was ended cannot tell, and for the number of its inputs. */
const folder = process.env["NONCONVEX_FUZZ_FOLDER"]

/** Seconds of the processor that an input of kilobytes may take: a thousand times of what it does, and more than the ten in which Parquet is given up. */
const patience = 15

const runtime = ManagedRuntime.make(layer)
afterAll(() => Promise.all([runtime.dispose(), Lane.close()]))

/** Puts an input where its reader finds it. */
const placed = ({ isOnDisk = false }: Reader, input: string | Uint8Array): string => {
  if (!isOnDisk) return hold("/held/input", input)
  const path = join(temporary(), "input")
  writeFileSync(path, input)
  return path
}

/** Milliseconds of the clock in which no machine has so many of the processor: to ask for these takes longer than most inputs. */
const short = 1000

/** Seconds of the processor that a reader takes for an input. */
const secondsOf = async ({ read }: Reader, path: string): Promise<number> => {
  const before = process.cpuUsage()
  await runtime.runPromiseExit(read(path))
  const { system, user } = process.cpuUsage(before)
  return (system + user) / 1e6
}

/** Messages of the JavaScript engine, which name nothing that a user can act on. */
const ofEngine =
  /Cannot (?:read|set|destructure|convert|mix)|is not (?:a function|iterable)|outside the bounds|Maximum call stack|Invalid (?:array|typed array|DataView) length/

/** How a reader took an input: with what it failed, and what is wrong with that; `fault` is undefined where it answered, or refused clearly. */
interface Taken {
  readonly fault?: string
  readonly failure?: unknown
}

const taken = async (reader: Reader, path: string): Promise<Taken> => {
  const before = performance.now()
  const exit = await runtime.runPromiseExit(reader.read(path))
  if (performance.now() - before > short) {
    const seconds = await secondsOf(reader, path)
    if (seconds > patience) return { fault: `took ${seconds} s` }
  }
  if (Exit.isSuccess(exit)) return {}
  const failure = exit.cause.reasons.find(Cause.isFailReason)?.error
  if (failure === undefined) return { fault: Cause.pretty(exit.cause) }
  const isClear =
    failure instanceof Error && Predicate.hasProperty(failure, "_tag") && failure.message !== ""
  return isClear && failure.message.length < 3000 && !ofEngine.test(failure.message)
    ? { failure }
    : { failure, fault: `says ${Cause.pretty(exit.cause)}` }
}

/** Of inputs whose thread lasts, the one that goes through the whole reader as well: it starts a thread. */
const sampled = 100

const all = await Effect.runPromise(readers)
const named = asked === "all" ? all : [...all, ...broken].filter(({ name }) => name === asked)
const open = named.filter(({ name }) => folder === undefined || !existsSync(join(folder, name)))

describe("what once went wrong", () => {
  it.each(corpus)("is refused: $name", async ({ input, reader: name, says }) => {
    const reader = all.find((each) => each.name === name)!
    const path = placed(reader, input())
    const { failure, fault } = await taken(reader, path)
    assert.isUndefined(fault)
    assert.match((failure as Error).message, says)
  })
})

describe(`of seed ${seed}`, () => {
  it("knows the reader", () => {
    if (named.length > 0) return
    assert.fail(
      `no reader is called ${asked}; the readers are ${all.map(({ name }) => name).join(", ")}`,
    )
  })

  it.each(open)("$name takes what strangers send", async (reader) => {
    const { change, inThread, seeds } = reader
    const stream = RandomStream.make(Seed.root(seed).child(reader.name))
    const path = placed(reader, "")
    const put = (input: string | Uint8Array) => {
      if (reader.isOnDisk !== true) return hold(path, input)
      // a disk waits for what takes the place of a content, and not for a file that is new
      rmSync(path)
      return writeFileSync(path, input)
    }
    for (const whole of seeds) {
      put(whole)
      assert.isUndefined((await taken(reader, path)).fault, "whole")
    }
    const end = performance.now() + (1000 * budget) / named.length
    let k = 0
    for (; k < inputs && performance.now() < end; k++) {
      const input = change(stream, Changes.one(stream, seeds) as never)
      if (folder !== undefined) writeFileSync(join(folder, reader.name), input)
      let wrong = inThread && (await Lane.fault(inThread, bytesOf(input)))
      if (inThread === undefined || k % sampled === sampled - 1) {
        put(input)
        wrong = (await taken(reader, path)).fault
      }
      if (wrong === undefined) continue
      const shown =
        typeof input === "string" ? input : `base64 ${Buffer.from(input).toString("base64")}`
      assert.fail(`input ${k}: ${wrong.slice(0, 2000)}\n${shown}`)
    }
    if (folder !== undefined) writeFileSync(join(folder, `${reader.name}.count`), String(k))
  })
})
