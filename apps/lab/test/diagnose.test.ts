/** Loss logs from the command line, right ones and wrong ones. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DiagnoseReport } from "../src/data/diagnose/DiagnoseReport.ts"
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
  it.live("tells a catapult of full batches and plain steps, and draws it", () =>
    Effect.gen(function* () {
      const figure = join(temporary(), "losses.svg")
      const said = ["--optimizer", "sgd", "--batch", "full"]
      const { code, stdout } = yield* nonconvex(
        [],
        ["diagnose", log(catapult), ...said, "--figure", figure],
      )
      assert.strictEqual(code, 0)
      assert.match(stdout, /^13 steps, lowest loss 0.7, last loss 0.7$/m)
      assert.match(stdout, /^plain steps, full batches; columns: step, loss$/m)
      assert.match(stdout, /^ {2}catapult \(likely\) at step 4: 33.3 times the loss before$/m)
      assert.match(
        stdout,
        /^ {4}evidence: on full batches, gradient descent below the critical rate/m,
      )
      assert.match(stdout, /^ {4}better evidence: the largest eigenvalue .* at step 3/m)
      assert.match(stdout, /^next: log the learning rate \(--rate\)/m)
      assert.match(readFileSync(figure, "utf8"), /<svg/)
    }),
  )

  it.live("asserts no cause from losses alone, and never a batch of full ones", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["diagnose", log(catapult)])
      assert.match(stdout, /^ {2}unresolved \(guess\) at step 4: 33.3 times the loss before$/m)
      assert.match(
        stdout,
        /^ {4}may be: a bad or unusual batch, or steps above the stability limit/m,
      )
      assert.match(stdout, /^next: set --optimizer and --batch/m)
      const jump = log([3, 2.5, 2, 1.5, 1.2, 1.1, 1, 30, 1, 0.9, 0.8, 0.7])
      for (const optimizer of [[], ["--optimizer", "adam"], ["--momentum", "0.9"]]) {
        const full = yield* nonconvex([], ["diagnose", jump, "--batch", "full", ...optimizer])
        assert.match(full.stdout, /^ {2}unresolved/m)
        assert.notMatch(full.stdout, /(bad|look at the|unusual) batch/)
      }
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
      assert.match(stdout, /unresolved \(guess\) at step 3: the loss was not finite/)
      const longer = yield* nonconvex([], ["diagnose", log([5, 4, 3, 2, 1, "inf"])])
      assert.match(longer.stdout, /numeric failure \(likely\) at step 5: the loss was not finite/)
    }),
  )

  it.live("takes NaN in every column but the step of the last row", () =>
    Effect.gen(function* () {
      const flags = ["--rate", "lr", "--squared-norm", "sq", "--product", "dot"]
      const path = file([
        "step,loss,lr,sq,dot",
        "0,3,0.1,1,nan",
        "1,2.9,0.1,1,0.9",
        "2,2.8,0.1,1,0.9",
        "3,2.7,0.1,1,0.9",
        "4,2.6,0.1,1,0.9",
        "5,nan,nan,nan,nan",
      ])
      const { code, stdout } = yield* nonconvex([], ["diagnose", path, ...flags])
      assert.strictEqual(code, 0)
      assert.match(stdout, /numeric failure \(likely\) at step 5/)
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
        ["diagnose", log([1, 0.5, 0, 0.01, 0]), "--batch", "full", "--json"],
      )
      assert.strictEqual(code, 0)
      const { events } = yield* decode(stdout)
      assert.deepStrictEqual(
        events.map(({ height, kind, onset }) => [kind, height, onset]),
        [["unresolved", Infinity, 3]],
      )
    }),
  )

  it.live("says that there is nothing in a single step", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["diagnose", log([3])])
      assert.match(
        stdout,
        /^1 step, lowest loss 3, last loss 3\n.*\na single loss cannot show a spike$/m,
      )
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
      /entry 2 has no step: number the entries/,
    ],
    ["a word for a loss", () => log([3, "high", 1]), [], /row 3, column "loss": "high" is no/],
    ["no loss at all", () => log(["", "NA"]), [], /column "loss" has no loss in any row/],
    [
      "half a batch",
      () => log([2, 1]),
      ["--batch", "1.5"],
      /--batch needs full, or a positive integer/,
    ],
    [
      "betas of another optimizer",
      () => log([2, 1]),
      ["--optimizer", "sgd", "--betas", "0.9,0.99"],
      /--betas needs --optimizer adam$/,
    ],
    [
      "one beta",
      () => log([2, 1]),
      ["--betas", "0.9"],
      /--betas needs two numbers from 0 to below 1/,
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
      /no column "lr"; the header has "step", "loss": name the right one with --rate$/,
    ],
    [
      "one column that nothing calls the losses",
      () => file(["L", "2", "1"]),
      [],
      /the header has only "L": name the losses with --loss/,
    ],
    [
      "losses without a header",
      () => file(["0.4", "0.3", "0.2"]),
      [],
      /its first line has numbers, such as "0.4", so there is no header: name its columns .* --columns loss$/,
    ],
    [
      "steps, losses and rates without a header",
      () => file(["0,0.4,0.1", "1,0.3,0.1"]),
      [],
      /has numbers, such as "0", so there is no header: .* such as --columns step,loss,lr$/,
    ],
    [
      "a first line with a number twice",
      () => file(["1;1;0,1", "2;0,5;0,1"]),
      [],
      /has numbers, such as "1", so there is no header: .* such as --columns step,loss,lr$/,
    ],
    [
      "names for fewer columns than there are",
      () => file(["0,0.4,0.1", "1,0.3,0.1"]),
      ["--columns", "step,loss"],
      /row 1: --columns has 2 names, but the row has 3 cells: name all columns in order$/,
    ],
    [
      "names beside a header",
      () => log([2, 1]),
      ["--columns", "step,loss"],
      /its first line has names, such as "step": omit --columns/,
    ],
    [
      "a name twice",
      () => file(["0,0.4"]),
      ["--columns", "loss,loss"],
      /--columns needs a different name for each column, such as step,loss,lr$/,
    ],
    [
      "two columns that may be the loss",
      () => file(["it,policy_loss,critic_loss", "0,2,3", "1,1,2"]),
      [],
      /several columns may be the loss, "policy_loss", "critic_loss": choose one with --loss "policy_loss"$/,
    ],
    [
      "the loss of a value beside another, which is no validation",
      () => file(["it,policy_loss,value_loss", "0,2,3", "1,1,2"]),
      [],
      /several columns may be the loss, "policy_loss", "value_loss": choose one with --loss "policy_loss"$/,
    ],
    [
      "the scale of a loss for the loss",
      () => file(["it,loss_scale", "0,2", "1,1"]),
      [],
      /no column of losses; .* if one of them is the loss, name it with --loss$/,
    ],
    [
      "one column for steps and losses",
      () => file(["loss,time", "2,1", "1,2"]),
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
      /10 apart, but products of gradients need every step/,
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
