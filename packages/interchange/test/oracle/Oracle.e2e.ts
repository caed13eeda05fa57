/** A program behind a pipe, correct and faulty. */
import { assert, describe, it } from "@effect/vitest"
import { type Oracle, openOracle } from "@nonconvex/interchange/node"
import { OracleFailed } from "../../src/node/Oracle.ts"
import { Duration, Effect, Fiber } from "effect"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"

const fixture = join(import.meta.dirname, "../fixtures/oracleProgram.ts")

const commandOf = (fault: string, dimension = 4, width = 8): string =>
  `"${process.execPath}" "${fixture}" '${fault}' ${dimension} ${width}`

/** Products with three vectors: at the point, at twice the point, and at the point again. */
const converse = Effect.fnUntraced(function* ({ ask, dimension, point }: Oracle) {
  const out = new Float64Array(dimension)
  const loss = yield* ask("gradient", point, out)
  const gradient = out.slice()
  const products: Array<Float64Array> = []
  for (const scale of [1, 2, 1]) {
    yield* ask(
      "gradient",
      point.map((value) => scale * value),
      out,
    )
    yield* ask("product", new Float64Array(dimension).fill(1), out)
    products.push(out.slice())
  }
  return { gradient, loss, products }
})

const conversation = (command: string, seconds = 20) =>
  Effect.scoped(Effect.flatMap(openOracle(command, Duration.seconds(seconds)), converse))

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("openOracle", () => {
  it.live("hears dimension, point, losses, gradients and products", () =>
    Effect.gen(function* () {
      const found = yield* Effect.scoped(
        Effect.gen(function* () {
          const oracle = yield* openOracle(commandOf("none"), Duration.seconds(20))
          const { dimension, least, point, width } = oracle
          assert.deepStrictEqual({ dimension, least, width }, { dimension: 4, least: 0, width: 8 })
          assert.deepStrictEqual([...point], [1, 1 / 2, 1 / 3, 1 / 4])
          return yield* converse(oracle)
        }),
      )
      const x = [1, 1 / 2, 1 / 3, 1 / 4]
      assert.deepStrictEqual(
        [...found.gradient],
        x.map((a) => a * a + a ** 3),
      )
      assert.closeTo(
        found.loss,
        x.reduce((sum, a) => sum + a ** 3 / 2 + a ** 4 / 4, 0),
        1e-15,
      )
      const products = [1, 2, 1].map((scale) => x.map((a) => a + 3 * (scale * a) * (scale * a)))
      assert.deepStrictEqual(
        found.products.map((product) => [...product]),
        products,
      )
    }),
  )

  it.live(
    "speaks float32 with a program that computes in it, of more numbers than a pipe holds",
    () =>
      Effect.gen(function* () {
        const { gradient } = yield* conversation(commandOf("none", 100_000, 4))
        const last = Math.fround(1 / 100_000)
        assert.strictEqual(gradient[99_999], Math.fround((1 / 100_000) * last + last ** 3))
      }),
  )

  it.live("starts programs whose paths have spaces", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(tmpdir(), "oracle-"))
      const place = join(folder, "my models")
      mkdirSync(place)
      copyFileSync(fixture, join(place, "a model.ts"))
      const command = `'${process.execPath}' "${join(place, "a model.ts")}" none 3`
      const { products } = yield* conversation(command)
      rmSync(folder, { recursive: true })
      assert.strictEqual(products[0]!.length, 3)
    }),
  )

  it.live.each<[string, RegExp]>([
    [
      "print",
      /wrote text to standard output instead of the greeting: "Loading the model \.\.\."; print to standard error/,
    ],
    ["prints later", /wrote text to standard output instead of an answer: "step 3"; print/],
    ["bytes", /wrote other bytes instead of an answer \(00 00 00 00\); see docs\/oracle\.md/],
    ["version", /uses version 7 of the protocol, but version 1 is required/],
    ["width", /its numbers have 2 bytes; they must have 4 or 8/],
    ["huge", /it has 1000000000000 parameters; the limit is 33554432/],
    ["least", /its lower bound on the loss is NaN; use -Infinity if no bound is known/],
    ["point", /parameter 1 of its point is NaN/],
    ["ends", /it exited with code 5, before it answered anything; see its standard error/],
    ["dies", /it was terminated by SIGKILL, after 4 answers; see its standard error/],
    ["says", /it says: CUDA out of memory\nTried to allocate/],
    ["dimension", /it answered with 3 numbers, but has 4 parameters/],
    ["other", /it answered GRAD to a request for PROD/],
    ["short", /it exited with code 0, after 4 answers, 12 bytes into one/],
    ["nan", /number 2 of its product is NaN/],
  ])("says what is wrong with a program that goes wrong: %s", ([fault, says]) =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(conversation(commandOf(fault)))
      assert.instanceOf(failure, OracleFailed)
      assert.match(failure.message, says)
    }),
  )

  it.live.each<[string, RegExp]>([
    ["", /it does not name a program; give one, as in "python model\.py"/],
    [`python "model.py`, /a quote in it is not closed/],
    [
      "no-such-program model.py",
      /there is no program "no-such-program"; give its path, then its arguments/,
    ],
    [fixture, /is not executable; put its interpreter before it/],
  ])("says why %s cannot be started", ([command, says]) =>
    Effect.gen(function* () {
      assert.match((yield* Effect.flip(conversation(command))).message, says)
    }),
  )

  it.live("loses patience with a program that is silent, and ends it", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(conversation(commandOf("silent"), 0.3))
      assert.match(
        failure.message,
        /it wrote 0 of 4 bytes, then nothing for 0\.3 s; check whether it waits/,
      )
    }),
  )

  it.live("ends a program that reads no more and hears no signal, within two seconds", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(tmpdir(), "oracle-"))
      const told = join(folder, "pid")
      const fiber = yield* Effect.forkChild(
        conversation(`${commandOf("stubborn", 100_000)} "${told}"`),
      )
      while (!existsSync(told)) yield* Effect.sleep("50 millis")
      const pid = Number(readFileSync(told, "utf8"))
      assert.isTrue(isRunning(pid))
      yield* Effect.timeout(Fiber.interrupt(fiber), "2 seconds")
      yield* Effect.sleep("100 millis")
      assert.isFalse(isRunning(pid))
      rmSync(folder, { recursive: true })
    }),
  )
})
