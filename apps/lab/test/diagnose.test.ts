/** Loss logs from the command line, right ones and wrong ones. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DiagnoseReport } from "../src/index.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(DiagnoseReport)))

const file = (lines: ReadonlyArray<string>): string => {
  const path = join(temporary(), "losses.csv")
  writeFileSync(path, lines.join("\n"))
  return path
}

const log = (losses: ReadonlyArray<number | string>): string =>
  file(["step,loss", ...losses.map((loss, step) => `${step},${loss}`)])

const catapult = [4, 2, 1, 0.9, 1.5, 3.4, 7.7, 17, 30, 12, 2, 0.8, 0.7]

describe("diagnose", () => {
  it.live("tells a catapult, and draws it", () =>
    Effect.gen(function* () {
      const figure = join(temporary(), "losses.svg")
      const { code, stdout } = yield* nonconvex([], ["diagnose", log(catapult), "--figure", figure])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^13 steps, lowest loss 0.7, last loss 0.7$/m)
      assert.match(stdout, /^ {2}catapult \(guess\) at step 4: 33.3 times the minimum before;/m)
      assert.match(stdout, /^next: log \|g_t\|\^2/m)
      assert.match(readFileSync(figure, "utf8"), /<svg/)
    }),
  )

  it.live("is surer with products of gradients and the rate, and says so in JSON", () =>
    Effect.gen(function* () {
      // the top direction alone: multiplied by -1.5 a step, then stable
      const gradients = [1, -1.5, 2.25, -3.375, 0.5, 0.2, 0.1]
      const rows = gradients.map(
        (g, t) => `${t},${t === 6 ? 0.01 : g * g},0.1,${g * g},${g * (gradients[t - 1] ?? 0)}`,
      )
      const path = file(["step,loss,lr,sq,dot", ...rows])
      const { stdout } = yield* nonconvex(
        [],
        ["diagnose", path, "--rate", "lr", "--squared-norm", "sq", "--product", "dot", "--json"],
      )
      const { events, steps } = yield* decode(stdout)
      assert.strictEqual(steps, 7)
      assert.deepStrictEqual(
        events.map(({ confidence, kind, sharpness }) => [kind, confidence, sharpness]),
        [["catapult", "likely", 2.5]],
      )
    }),
  )

  it.live("takes a last row of NaN for the end of the run", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex([], ["diagnose", log([3, 2, 1, "nan"])])
      assert.strictEqual(code, 0)
      assert.match(stdout, /numeric failure \(guess\) at step 3/)
    }),
  )

  it.live("takes NaN in every column but the step of the last row", () =>
    Effect.gen(function* () {
      const flags = ["--rate", "lr", "--squared-norm", "sq", "--product", "dot"]
      const path = file([
        "step,loss,lr,sq,dot",
        "0,3,0.1,1,0",
        "1,2,0.1,1,0.9",
        "2,nan,nan,nan,nan",
      ])
      const { code, stdout } = yield* nonconvex([], ["diagnose", path, ...flags])
      assert.strictEqual(code, 0)
      assert.match(stdout, /numeric failure \(guess\) at step 2/)
    }),
  )

  it.live("goes through a warm-up that begins with a rate of 0", () =>
    Effect.gen(function* () {
      const path = file(["step,loss,lr", "0,3,0", "1,2,0.1", "2,1,0.2"])
      const { code, stdout } = yield* nonconvex([], ["diagnose", path, "--rate", "lr"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^no spikes$/m)
    }),
  )

  it.live("reads parts of an epoch as steps, and other delimiters", () =>
    Effect.gen(function* () {
      const path = file(["step;loss", "0.1;3", "0.2;2", "0.3;1", "0.4;0.5"])
      const { code, stdout } = yield* nonconvex([], ["diagnose", path, "--delimiter", "semicolon"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^4 steps, lowest loss 0.5/m)
    }),
  )

  it.live("says what rose from a loss of 0", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex(
        [],
        ["diagnose", log([1, 0.5, 0, 0.01, 0]), "--json"],
      )
      assert.strictEqual(code, 0)
      const { events } = yield* decode(stdout)
      assert.deepStrictEqual(
        events.map(({ height, kind, onset }) => [kind, height, onset]),
        [["data spike", Infinity, 3]],
      )
    }),
  )

  it.live("says that there is nothing in a single step", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["diagnose", log([3])])
      assert.match(stdout, /^1 step, lowest loss 3, last loss 3\nno spikes$/m)
    }),
  )

  it.live("says that there is nothing", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["diagnose", log([3, 2, 1])])
      assert.match(stdout, /^no spikes$/m)
    }),
  )

  const wrong = [
    ["a missing file", () => join(temporary(), "none.csv"), [], /none.csv/],
    [
      "a negative loss",
      () => log([1, 0.5, -0.2]),
      [],
      /entry 3, column "loss": -0.2 is negative; .* add a constant/,
    ],
    [
      "a negative rate",
      () => file(["step,loss,lr", "0,1,0.1", "1,1,-0.1"]),
      ["--rate", "lr"],
      /entry 2, column "lr": -0.1 is negative; name another column with --rate/,
    ],
    [
      "a last row without a step",
      () => file(["step,loss", "0,1", "nan,nan"]),
      [],
      /row 3, column "step": "nan" is a missing value/,
    ],
    [
      "a gap in parts of an epoch",
      () => file(["step,loss", "0.1,1", "0.2,1", "0.4,1"]),
      [],
      /step 0.4 follows step 0.2, .* fill the gap/,
    ],
    ["NaN within", () => log([3, "nan", 1]), [], /row 3, column "loss": "nan" is a missing value/],
    ["an empty cell", () => log([3, "", 1]), [], /row 3, column "loss"/],
    [
      "a gap",
      () => file(["step,loss", "0,1", "1,1", "5,1"]),
      [],
      /entry 3: step 5 follows step 1, .* fill the gap/,
    ],
    [
      "decreasing steps",
      () => file(["step,loss", "0,1", "2,1", "1,1"]),
      [],
      /step 1 follows step 2: sort the log/,
    ],
    ["a step twice", () => file(["step,loss", "0,1", "0,1"]), [], /step 0 follows step 0: sort/],
    [
      "a column that is not there",
      () => log([1, 2]),
      ["--rate", "lr"],
      /no column "lr"; the header has "step", "loss": say with --rate which it is$/,
    ],
    [
      "losses without steps",
      () => file(["loss", "2", "1"]),
      [],
      /the header has "loss" alone, and a log has a column of the steps and one of the losses/,
    ],
    [
      "one column for steps and losses",
      () => file(["loss", "2", "1"]),
      ["--step", "loss"],
      /column "loss" cannot be both --step and --loss: each needs a column of its own$/,
    ],
    [
      "the losses as the learning rate",
      () => log([2, 1]),
      ["--rate", "loss"],
      /column "loss" cannot be both --loss and --rate/,
    ],
    [
      "products with steps left out",
      () => file(["step,loss,a,b", "0,1,1,1", "10,1,1,1"]),
      ["--squared-norm", "a", "--product", "b"],
      /10 apart, and products of gradients need every step/,
    ],
    ["a threshold of 1", () => log([1, 2]), ["--threshold", "1"], /threshold/],
    ["no rows", () => file(["step,loss"]), [], /no rows below the header/],
  ] as const

  it.live.each(wrong)("refuses %s in one line", ([, make, flags, message]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex([], ["diagnose", make(), ...flags])
      assert.strictEqual(code, 1)
      assert.match(stderr, message)
      assert.strictEqual(stderr.trim().split("\n").length, 1)
    }),
  )
})
