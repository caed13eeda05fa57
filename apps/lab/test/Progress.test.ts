import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Quiet } from "../src/cli/Flags.ts"
import * as Progress from "../src/cli/Progress.ts"

const track = (animates: boolean, quiet: boolean) =>
  Effect.gen(function* () {
    const written: Array<string> = []
    const fiber = yield* Progress.track({ label: "work", total: 10, unit: "steps" }, (meter) =>
      Effect.gen(function* () {
        for (let i = 1; i <= 10; i++) {
          yield* Effect.sleep("1 second")
          meter.done(i)
        }
        return "done"
      }),
    ).pipe(
      Effect.provideService(Progress.Progress, {
        animates,
        columns: () => 40,
        rows: () => 24,
        write: (text) => written.push(text),
      }),
      Effect.provideService(Quiet, quiet),
      Effect.forkChild,
    )
    yield* TestClock.adjust("11 seconds")
    assert.strictEqual(yield* Fiber.join(fiber), "done")
    return written
  })

describe("Progress.track", () => {
  it.effect("writes a plain line every five seconds, and one at the end", () =>
    Effect.gen(function* () {
      const written = yield* track(false, false)
      assert.strictEqual(written.length, 3)
      assert.isTrue(written.every((line) => line.endsWith("\n")))
      assert.match(written[0]!, /^work \[.*\] [45]\/10 steps/)
      assert.strictEqual(written[2], "work [####################] 10/10 steps, 1/s, in 10 s\n")
    }),
  )

  it.effect("redraws one line on a terminal, within its width, and leaves it clear", () =>
    Effect.gen(function* () {
      const written = yield* track(true, false)
      assert.isAtLeast(written.length, 90)
      assert.isTrue(written.every((text) => text.startsWith("\r\u001B[J")))
      assert.isTrue(written.every((text) => text.replaceAll("\r", "").length - 3 < 40))
      assert.strictEqual(written.at(-1), "\r\u001B[J")
    }),
  )

  it.effect("is silent when told so", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* track(true, true), [])
    }),
  )
})

/** A terminal that knows what progress uses: what it shows, and where the cursor is. */
const terminal = (size: { columns: number; rows: number }) => {
  let lines: Array<string> = [""]
  let [row, column] = [0, 0]
  const put = (character: string) => {
    if (column === size.columns) {
      row++
      column = 0
      lines[row] ??= ""
    }
    const line = lines[row]!.padEnd(column)
    lines[row] = line.slice(0, column) + character + line.slice(column + 1)
    column++
  }
  const write = (text: string) => {
    // oxlint-disable-next-line no-control-regex -- what a terminal is told begins with one
    for (const [token] of text.matchAll(/\u001B\[\d*[AJ]|[\s\S]/g)) {
      if (token === "\r") column = 0
      else if (token === "\n") {
        row++
        column = 0
        lines[row] ??= ""
      } else if (token === "\u001B[J") {
        lines = lines.slice(0, row + 1)
        lines[row] = lines[row]!.slice(0, column)
      } else if (token.endsWith("A") && token.startsWith("\u001B"))
        row -= Number(token.slice(2, -1))
      else put(token)
    }
  }
  return { write, shown: () => lines, cursor: () => [row, column] }
}

/** Work on two threads, seen on a terminal after some seconds and after its end. */
const nested = Effect.fnUntraced(function* (
  size: { columns: number; rows: number },
  end: Effect.Effect<void> = Effect.void,
) {
  const { cursor, shown, write } = terminal(size)
  write("before\n")
  const fiber = yield* Progress.track({ label: "work", total: 3, unit: "jobs" }, (meter) =>
    Effect.gen(function* () {
      const first = meter.running("toy/dice, case 1 of 3")
      yield* Effect.sleep("1 second")
      const second = meter.running("toy/at-most-nine")
      yield* Effect.sleep("1 second")
      first()
      meter.running("toy/dice, case 2 of 3")
      yield* Effect.sleep("2 seconds")
      second()
      yield* Effect.sleep("2 seconds")
      yield* end
    }),
  ).pipe(
    Effect.provideService(Progress.Progress, {
      animates: true,
      columns: () => size.columns,
      rows: () => size.rows,
      write,
    }),
    Effect.provideService(Quiet, false),
    Effect.forkChild,
  )
  const seen: Array<ReadonlyArray<string>> = []
  for (const seconds of [0.55, 1, 1, 2]) {
    yield* TestClock.adjust(`${seconds} seconds`)
    seen.push([...shown()])
  }
  return { cursor, fiber, seen, shown }
})

describe("what runs now", () => {
  it.effect("has a line of its own, in which it stays, under the line of progress", () =>
    Effect.gen(function* () {
      const { cursor, fiber, seen, shown } = yield* nested({ columns: 60, rows: 24 })
      assert.deepStrictEqual(
        seen.map((lines) => lines.slice(2)),
        [
          ["  toy/dice, case 1 of 3, 0.5 s"],
          ["  toy/dice, case 1 of 3, 1.5 s", "  toy/at-most-nine, 0.5 s"],
          ["  toy/dice, case 2 of 3, 0.5 s", "  toy/at-most-nine, 1.5 s"],
          ["  toy/dice, case 2 of 3, 2.5 s", ""],
        ],
      )
      assert.isTrue(seen.every((lines) => lines[0] === "before"))
      assert.isTrue(seen.every((lines) => /^work \[-{20}\] 0\/3 jobs/.test(lines[1]!)))
      assert.deepStrictEqual(cursor(), [1, 0])
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(shown(), ["before", ""])
    }),
  )

  it.effect("fits a narrow terminal and a low one", () =>
    Effect.gen(function* () {
      const narrow = yield* nested({ columns: 20, rows: 24 })
      assert.deepStrictEqual(narrow.seen[1]!.slice(1), [
        "work [------------…",
        "  toy/dice, case 1…",
        "  toy/at-most-nine…",
      ])
      const low = yield* nested({ columns: 60, rows: 3 })
      assert.strictEqual(low.seen[1]!.length, 3)
      for (const { fiber } of [narrow, low]) yield* Fiber.interrupt(fiber)
    }),
  )

  it.effect("follows the width of the window", () =>
    Effect.gen(function* () {
      const size = { columns: 60, rows: 24 }
      const { fiber, shown } = yield* nested(size, Effect.never)
      size.columns = 12
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(shown().slice(1), ["work [----…", "  toy/dice…", ""])
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(shown(), ["before", ""])
    }),
  )

  it.effect("is gone after an interruption", () =>
    Effect.gen(function* () {
      const { cursor, fiber, shown } = yield* nested({ columns: 60, rows: 24 }, Effect.never)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(shown(), ["before", ""])
      assert.deepStrictEqual(cursor(), [1, 0])
    }),
  )
})
