/** Trace and top eigenvalue without a verdict: of PyTorch's checkpoints, of a program, and until the time ends. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import * as TestClock from "effect/testing/TestClock"
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { MeasureReport } from "../src/data/certify/MeasureReport.ts"
import * as TimeLimit from "../src/data/certify/TimeLimit.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

/** Written by fixtures/checkpoints/make.py. */
const fixtures = fileURLToPath(new URL("fixtures/checkpoints/", import.meta.url))
const data = `${fixtures}digits.npz`
const truth = Object.entries(
  JSON.parse(readFileSync(`${fixtures}truth.json`, "utf8")) as Readonly<
    Record<string, { readonly loss: number; readonly trace: number; readonly top: number }>
  >,
)

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(MeasureReport)))

const measured = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["certify", ...args, "--json", "-q"])
  assert.strictEqual(code, 0, stderr)
  return yield* decode(stdout)
})

describe("certify of a folder", () => {
  it.live(
    "has each checkpoint in the order of its number, within its errors of PyTorch's Hessian",
    () =>
      Effect.gen(function* () {
        const figure = join(temporary(), "curve.svg")
        const { checkpoints, missing, verdict } = yield* measured(
          `${fixtures}run`,
          data,
          "--figure",
          figure,
        )
        assert.deepStrictEqual(
          checkpoints.map(({ name }) => name),
          truth.map(([name]) => name),
        )
        assert.deepStrictEqual([missing, verdict], [0, "not asked for"])
        for (const [k, [, expected]] of truth.entries()) {
          const { loss, topEigenvalue, topEigenvalueResidual, trace } = checkpoints[k]!
          assert.closeTo(loss, expected.loss, 1e-6)
          assert.closeTo(trace!.estimate, expected.trace, 4 * trace!.standardError + 1e-5)
          assert.isAtMost(trace!.standardError, 0.05 * trace!.estimate)
          assert.closeTo(topEigenvalue!, expected.top, topEigenvalueResidual! + 1e-5)
          assert.isAtMost(topEigenvalueResidual!, 0.01 * expected.top)
        }
        const [before, after] = truth.map(([, each]) => each.trace)
        const { change } = checkpoints[1]!
        assert.closeTo(change!.estimate, after! - before!, 4 * change!.standardError)
        assert.include(readFileSync(figure, "utf8"), "<svg")
      }),
  )

  it.live(
    "finds networks in folders of their own, and refuses one of another size and none at all",
    () =>
      Effect.gen(function* () {
        const folder = temporary()
        for (const step of [10, 9]) {
          mkdirSync(join(folder, `checkpoint-${step}`))
          copyFileSync(
            `${fixtures}run/step-20.onnx`,
            join(folder, `checkpoint-${step}`, "model.onnx"),
          )
          writeFileSync(join(folder, `checkpoint-${step}`, "config.json"), "{}")
        }
        const { checkpoints } = yield* measured(folder, data)
        assert.deepStrictEqual(
          checkpoints.map(({ name }) => name),
          ["checkpoint-9", "checkpoint-10"],
        )
        const empty = temporary()
        writeFileSync(join(empty, "step-1.pt"), "")
        const none = yield* nonconvex([], ["certify", empty, data])
        assert.notStrictEqual(none.code, 0)
        assert.include(
          none.stderr,
          "no checkpoint is a network in a supported format (it has step-1.pt)",
        )
        assert.include(none.stderr, "safetensors")
      }),
  )
})

describe("certify --measures", () => {
  it.live("says no verdict, and what it reached", () =>
    Effect.gen(function* () {
      const args = [
        "certify",
        `${fixtures}run/step-200.onnx`,
        data,
        "--measures",
        "trace,top",
        "-q",
      ]
      const { stdout } = yield* nonconvex([], args)
      assert.notInclude(stdout, "verdict        ")
      assert.match(stdout, /^precision {6}trace to .* %, top eigenvalue to .* %$/m)
      const misfit = yield* nonconvex([], [...args, "--descend", "10"])
      assert.include(misfit.stderr, "--descend")
      assert.notStrictEqual(misfit.code, 0)
    }),
  )

  it.live("is exact for a program of few parameters", () =>
    Effect.gen(function* () {
      const fixture = fileURLToPath(
        new URL("../../../packages/interchange/test/fixtures/oracleProgram.ts", import.meta.url),
      )
      const n = 232
      const { checkpoints, oracle } = yield* measured(
        "--oracle",
        `"${process.execPath}" "${fixture}" none ${n}`,
        "--measures",
        "trace,top",
      )
      const { topEigenvalue, trace } = checkpoints[0]!
      // on its diagonal: 1 / (1 + i) + 3 / (1 + i)^2
      const diagonal = Array.from({ length: n }, (_, i) => 1 / (1 + i) + 3 / (1 + i) ** 2)
      assert.strictEqual(trace!.standardError, 0)
      assert.closeTo(
        trace!.estimate,
        diagonal.reduce((sum, value) => sum + value, 0),
        1e-10,
      )
      assert.closeTo(topEigenvalue!, diagonal[0]!, 1e-10)
      assert.isAtMost(oracle!.gradients, 2 * n + 60)
    }),
  )
})

describe("certify --time", () => {
  it.effect("takes what is known when it ends, and counts from the start of the command", () =>
    Effect.gen(function* () {
      const within = yield* TimeLimit.start(10)
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual(yield* within(Effect.succeed(1)), 1)
      const quick = Effect.succeed("quick" as const)
      const slow = yield* Effect.forkChild(
        TimeLimit.first(10, quick, within(Effect.as(Effect.sleep("7 seconds"), "whole" as const))),
      )
      yield* TestClock.adjust("6 seconds")
      assert.strictEqual(yield* Fiber.join(slow), "quick")
    }),
  )

  it.live(
    "of a second names itself where nothing was known, and has the verdict where there is room",
    () =>
      Effect.gen(function* () {
        const args = ["certify", `${fixtures}run/step-200.onnx`, data, "-q"]
        const short = yield* nonconvex([], [...args, "--time", "0.000001"])
        assert.notStrictEqual(short.code, 0)
        assert.include(short.stderr, "--time ended before the first number was known")
        const wide = ["--loss-tolerance", "100", "--residual-tolerance", "100"]
        const long = yield* nonconvex([], [...args, ...wide, "--time", "500"])
        assert.match(long.stdout, /^verdict {8}flat/m)
      }),
  )
})
