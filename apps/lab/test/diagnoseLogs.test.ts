/** Logs as people have them: other names, gaps, blanks, NaN within, many entries; and what is said of the run. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DiagnoseReport } from "../src/data/diagnose/DiagnoseReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(DiagnoseReport)))

const file = (lines: ReadonlyArray<string>): string => {
  const path = join(temporary(), "log.csv")
  writeFileSync(path, lines.join("\n"))
  return path
}

const said = (path: string, ...flags: ReadonlyArray<string>) =>
  Effect.map(nonconvex([], ["diagnose", path, ...flags]), ({ code, stderr, stdout }) => {
    assert.strictEqual(code, 0, stderr)
    return stdout
  })

const reported = (path: string, ...flags: ReadonlyArray<string>) =>
  Effect.flatMap(said(path, ...flags, "--json"), decode)

/** Falls, and is multiplied at some steps. */
const falling = (steps: number, factor: (step: number) => number) =>
  Array.from({ length: steps }, (_, step) => 2 * 0.99 ** step * factor(step))

/** Losses of batches: a scatter of a few tenths that repeats. */
const scatter = (step: number) => Math.exp(0.3 * Math.sin(12.9898 * step * (1 + (step % 7))))

describe("diagnose, on logs as people have them,", () => {
  it.live("finds columns by the names that programs give them, and says so", () =>
    Effect.gen(function* () {
      const path = file([
        "epoch,trainer/global_step,train/loss,val_loss,lr-Adam,Grad Norm",
        ...falling(30, () => 1).map(
          (loss, k) => `0,${k},${loss},${k % 10 === 9 ? loss : ""},0.1,${loss}`,
        ),
      ])
      const { columns, events } = yield* reported(path)
      assert.deepStrictEqual(columns, {
        step: "trainer/global_step",
        loss: "train/loss",
        rate: "lr-Adam",
        gradientNorm: "Grad Norm",
      })
      assert.deepStrictEqual(events, [])
      const stdout = yield* said(path, "--loss", "val_loss")
      assert.match(
        stdout,
        /^steps of Adam \(as the log says\), batch size unknown; columns: loss "val_loss", step/m,
      )
    }),
  )

  it.live("reads what TensorBoard, Weights & Biases and Keras export", () =>
    Effect.gen(function* () {
      const exports = [
        ["Wall time,Step,Value", (t: number, loss: number) => `${1.7e9 + t},${t},${loss}`],
        [
          '"Step","calm-sun-7 - train/loss","calm-sun-7 - train/loss__MIN"',
          (t: number, loss: number) => `"${t}","${loss}","${loss}"`,
        ],
        [
          "epoch,accuracy,loss,learning_rate,val_loss",
          (t: number, loss: number) => `${t},0.5,${loss},0.001,${loss}`,
        ],
      ] as const
      for (const [header, row] of exports) {
        const path = file([header, ...falling(20, () => 1).map((loss, t) => row(t, loss))])
        assert.match(yield* said(path), /^20 steps, lowest loss 1.65, last loss 1.65$/m)
      }
    }),
  )

  it.live(
    "takes the one column that has loss in its name, and numbers the rows of losses alone",
    () =>
      Effect.gen(function* () {
        const named = file(["it,loss_value,loss_scale,lr", "0,3,64,0.1", "1,2,64,0.1"])
        assert.match(
          yield* said(named),
          /columns: step "it", rate "lr", lossScale "loss_scale", loss "loss_value"$/m,
        )
        for (const [header, flags] of [
          ["loss", []],
          ["L", ["--loss", "L"]],
        ] as const) {
          const alone = file([header, "3", "2", "nan"])
          const stdout = yield* said(alone, ...flags)
          assert.match(stdout, /^the file has no step column: its rows are numbered from 0$/m)
          assert.match(stdout, /^ {2}unresolved \(guess\) at step 2: /m)
        }
      }),
  )

  it.live("says once what the losses of single samples cannot show, and not of smooth ones", () =>
    Effect.gen(function* () {
      // squares of a wave that repeats nowhere: as the losses of single samples
      const single = Array.from(
        { length: 300 },
        (_, t) => 2 * Math.sin(12.9898 * t * t) ** 2 + 1e-3,
      )
      const path = file(["step,loss", ...single.map((loss, t) => `${t},${loss}`)])
      const stdout = yield* said(path, "--optimizer", "adam", "--batch", "1")
      assert.match(stdout, /^no spikes$/m)
      assert.lengthOf(stdout.match(/^the losses of single batches scatter so much/gm) ?? [], 1)
      assert.match(stdout.replaceAll(/\s+/g, " "), /log a loss on the same samples at each step/)
      const smooth = file(["step,loss", ...falling(60, () => 1).map((loss, t) => `${t},${loss}`)])
      assert.notMatch(yield* said(smooth), /scatter so much/)
    }),
  )

  it.live("draws letters where there are no colours, and speaks of no colour", () =>
    Effect.gen(function* () {
      const rows = falling(60, (t) => (t < 40 ? 1 : 3 ** (t - 39))).map((loss, t) => `${t},${loss}`)
      const { stdout } = yield* nonconvex([], ["diagnose", file(["step,loss", ...rows])]).pipe(
        Effect.provideService(TerminalCapabilities.TerminalCapabilities, {
          canAnimate: true,
          canColor: false,
          canPrompt: false,
        }),
      )
      assert.match(stdout, /a calm +b divergence/m)
      assert.notMatch(stdout, /colour/)
    }),
  )

  it.live("says to what a rate was raised", () =>
    Effect.gen(function* () {
      const rows = falling(60, (t) => (t < 40 ? 1 : 3 ** (t - 39))).map(
        (loss, t) => `${t},${loss},${t < 38 ? 0.1 : 6}`,
      )
      const stdout = yield* said(file(["step,loss,lr", ...rows]))
      assert.match(
        stdout.replaceAll(/\s+/g, " "),
        /the learning rate was raised by a factor of 60 within ten steps/,
      )
    }),
  )

  it.live("leaves out rows without a loss and takes gaps, but no step that goes back", () =>
    Effect.gen(function* () {
      const path = file([
        "step,loss,val",
        "0,3,",
        "50,2,",
        "50,,2.5",
        "100,1,",
        "199,0.9,",
        "200,NA,1",
      ])
      const stdout = yield* said(path)
      assert.match(stdout, /^4 steps, lowest loss 0.9/)
      assert.match(stdout, /^ignored: 2 entries without a loss$/m)
      const { code, stderr } = yield* nonconvex([], ["diagnose", file(["step,loss", "5,1", "3,1"])])
      assert.strictEqual(code, 1)
      assert.match(stderr, /entry 2: step 3 follows step 5: sort the log by step/)
    }),
  )

  it.live(
    "takes a first product that is empty or NaN, and products that end where steps are missing",
    () =>
      Effect.gen(function* () {
        for (const empty of ["", "nan", "NaN"]) {
          // the top direction alone: multiplied by -1.5 a step, then stable
          const gradients = [1, -1.5, 2.25, -3.375, 5.0625, 0.5, 0.2, 0.1]
          const rows = gradients.map((g, t) => {
            const product = t === 0 ? empty : g * gradients[t - 1]!
            return `${t},${t === 7 ? 0.01 : g * g},0.1,${g * g},${product}`
          })
          const path = file(["step,loss,lr,grad_sq,grad_dot_previous", ...rows])
          const { events } = yield* reported(path, "--optimizer", "sgd", "--batch", "full")
          assert.deepStrictEqual(
            events.map(({ confidence, kind, sharpness }) => [kind, confidence, sharpness]),
            [["catapult", "likely", 2.5]],
          )
        }
        const sparse = file([
          "step,loss,grad_sq,grad_dot_prev",
          "0,2,1,1",
          "10,1,1,1",
          "20,0.5,1,1",
        ])
        assert.match(
          yield* said(sparse),
          /^ignored: gradient products, since the steps are 10 apart$/m,
        )
      }),
  )

  it.live("advises after an explosion what was stable before it, not what its end would need", () =>
    Effect.gen(function* () {
      // curvature 4: critical rate 0.5, in use 0.6, and past a loss of 1 the curvature explodes
      const rows: Array<string> = []
      let [point, before] = [1e-3, 0]
      for (let t = 0; t < 60 && Number.isFinite(point); t++) {
        const gradient = 4 * point + 1e3 * point ** 5
        const loss = 2 * point ** 2 + (1e3 / 6) * point ** 6
        rows.push(`${t},${loss},0.6,${gradient ** 2},${t === 0 ? "" : gradient * before}`)
        point -= 0.6 * gradient
        before = gradient
      }
      const path = file(["step,loss,lr,grad_sq,grad_dot_previous", ...rows])
      const { events } = yield* reported(path, "--optimizer", "sgd", "--batch", "full")
      assert.deepStrictEqual(
        events.map(({ kind }) => kind),
        ["divergence"],
      )
      assert.closeTo(events[0]!.criticalRate!, 0.5, 1e-3)
      assert.isAbove(events[0]!.learningRate!, 0.05)
      assert.isBelow(events[0]!.learningRate!, 0.5)
    }),
  )

  it.live("puts events that are alike on one line, and gives Adam no rate of plain steps", () =>
    Effect.gen(function* () {
      const losses = falling(400, (step) => (step > 100 && step % 20 < 2 ? 6 : 1))
      const path = file(["step,loss,lr", ...losses.map((loss, t) => `${t},${loss},0.001`)])
      const { events } = yield* reported(path, "--optimizer", "adam", "--batch", "full")
      assert.deepStrictEqual(
        events.map(({ count, kind, learningRate }) => [kind, count, learningRate]),
        [["unresolved", 15, null]],
      )
      const stdout = yield* said(path, "--betas", "0.9,0.99", "--eps", "1e-7")
      assert.match(stdout, /^1 event:\n {2}unresolved \(guess\) at 15 steps from 101 to 380: /m)
      assert.match(
        stdout,
        /eigenvalue of the preconditioned Hessian of Adam .* it exceeds 38 only/s,
      )
    }),
  )

  it.live(
    "calls a batch what only its own loss and gradient show, and names what would measure it",
    () =>
      Effect.gen(function* () {
        const rows = falling(200, scatter).map((loss, t) => {
          const bad = t === 150 ? 40 : 1
          return `${t},${loss * bad},0.1,${Math.sqrt(loss) * bad},${falling(200, () => 1)[t]}`
        })
        const path = file(["step,loss,lr,grad_norm,control_loss", ...rows])
        const flags = ["--optimizer", "sgd", "--batch", "32"]
        const measured = yield* reported(path, ...flags)
        const likely = yield* reported(
          file([
            "step,loss,lr,grad_norm",
            ...rows.map((row) => row.slice(0, row.lastIndexOf(","))),
          ]),
          ...flags,
        )
        for (const { events } of [measured, likely]) {
          assert.deepStrictEqual(
            events.map(({ action, kind, onset }) => [kind, onset, action]),
            [["data spike", 150, "inspect the batch"]],
          )
        }
        assert.deepStrictEqual(
          [measured, likely].map(({ events }) => events[0]!.confidence),
          ["measured", "likely"],
        )
        assert.match(likely.events[0]!.better, /one fixed batch at steps 149 and 150 \(--control\)/)
        assert.strictEqual(likely.events[0]!.evidence.gradientBefore, 0)
        assert.isAbove(likely.events[0]!.evidence.gradientAtJump as number, 10)
      }),
  )

  it.live(
    "says of a jump that stays that the later data may have changed, and of one loss nothing",
    () =>
      Effect.gen(function* () {
        // labels that are wrong from step 150 on
        const rows = Array.from({ length: 300 }, (_, t) => {
          const loss = (t < 150 ? 0.05 : 3) * scatter(t)
          return `${t},${loss},0.1,${Math.sqrt(loss)}`
        })
        const stdout = yield* said(file(["step,loss,lr,grad_norm", ...rows]))
        assert.match(stdout, /data spike \(likely\) at step 150/)
        assert.match(
          stdout.replaceAll(/\s+/g, " "),
          /the later data may have changed too, such as their labels/,
        )
        const summary = yield* said(file(["_step,train/loss,lr", "300,0.1,0.1"]))
        assert.match(summary, /^a single loss cannot show a spike$/m)
        assert.notMatch(summary, /no spikes/)
        assert.match(summary, /^next: give the losses of the run step by step/m)
      }),
  )

  it.live("says of NaN within that the run went on, and of swings that they are none", () =>
    Effect.gen(function* () {
      const losses = falling(60, () => 1).map((loss, t) => (t === 40 ? "NaN" : String(loss)))
      const path = file(["step,loss", ...losses.map((loss, t) => `${t},${loss}`)])
      const stdout = yield* said(path, "--batch", "full")
      assert.match(stdout, /^ {2}numeric failure \(likely\) at step 40: the loss was not finite$/m)
      const swings = Array.from({ length: 120 }, (_, t) => 0.02 + 0.97 ** t * Math.cos(t / 8) ** 2)
      const swinging = file(["step,loss", ...swings.map((loss, t) => `${t},${loss}`)])
      const of = ["--optimizer", "momentum", "--momentum", "0.94", "--batch", "full"]
      const { events, overshoots } = yield* reported(swinging, ...of)
      assert.deepStrictEqual(events, [])
      assert.isAtLeast(overshoots.length, 1)
      assert.match(
        yield* said(swinging, ...of),
        /^no spikes\n {2}not counted: \d rises? by an oscillation of momentum/m,
      )
    }),
  )

  it.live("reads and draws a hundred thousand entries, and is silent about their scatter", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 100_000 }, (_, t) => `${t},${0.5 * scatter(t)}`)
      const figure = join(temporary(), "long.svg")
      const stdout = yield* said(file(["step,loss", ...rows]), "--figure", figure)
      assert.match(stdout, /^100 000 steps/)
      assert.match(stdout, /^no spikes$/m)
      assert.isBelow(readFileSync(figure, "utf8").length, 5_000_000)
    }),
  )

  it.live("reads numbers without a header under the names that it is given", () =>
    Effect.gen(function* () {
      const rows = falling(20, () => 1).map((loss, t) => [t, loss, 0.1, "", loss] as const)
      const table = (of: ReadonlyArray<ReadonlyArray<string | number>>, between: string) =>
        file(of.map((cells) => cells.join(between)))
      const found = yield* reported(table(rows, ","), "--columns", "step, loss,lr,eval,grad_norm")
      assert.deepStrictEqual(found.columns, {
        step: "step",
        loss: "loss",
        rate: "lr",
        gradientNorm: "grad_norm",
      })
      assert.strictEqual(found.steps, 20)
      const own = yield* reported(
        table(
          rows.map(([t, loss]) => [t, loss]),
          " ",
        ),
        "--columns",
        "when,what",
        "--step",
        "when",
        "--loss",
        "what",
      )
      assert.deepStrictEqual([own.steps, own.lowestLoss], [20, found.lowestLoss])
      const alone = file(rows.map(([, loss]) => String(loss)))
      assert.match(yield* said(alone, "--columns", "loss"), /^20 steps, lowest loss 1.65/)
    }),
  )

  it.live("reads semicolons with decimal commas", () =>
    Effect.gen(function* () {
      const rows = falling(20, () => 1).map((loss, t) => `${t};${String(loss).replace(".", ",")}`)
      assert.match(yield* said(file(["Step;Train Loss", ...rows])), /^20 steps, lowest loss 1.65/)
    }),
  )
})
