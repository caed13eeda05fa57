/** Certificates of losses that a program answers for. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { setTimeout } from "node:timers/promises"
import { CertifyReport } from "../src/data/certify/CertifyReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { errors, start } from "./support/Process.ts"

const root = join(import.meta.dirname, "../../..")
const fixture = join(root, "packages/interchange/test/fixtures/oracleProgram.ts")

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CertifyReport)))

/** The program whose loss is the sum of `a_i x_i^2 / 2 + x_i^4 / 4` with `a_i = 1 / (1 + i)`, at x = a. */
const program = (fault: string, ...rest: ReadonlyArray<string | number>): string =>
  [process.execPath, fixture, fault, ...rest].map((word) => `"${word}"`).join(" ")

/** What its Hessian has on its diagonal. */
const curvatures = (dimension: number): ReadonlyArray<number> =>
  Array.from({ length: dimension }, (_, i) => 1 / (1 + i) + 3 / (1 + i) ** 2)

const traceOf = (dimension: number): number =>
  curvatures(dimension).reduce((sum, value) => sum + value, 0)

const certified = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["certify", "--json", "-q", ...args])
  assert.strictEqual(code, 0, stderr)
  return yield* decode(stdout)
})

describe("certify --oracle", () => {
  it.live("finds the eigenvalues and the trace of the program, with their errors", () =>
    Effect.gen(function* () {
      const { certificate, oracle, traceIsExact } = yield* certified(
        "--oracle",
        program("none", 3000),
      )
      const { smallestEigenvalue, topEigenvalues, trace } = certificate
      curvatures(5).forEach((value, k) => {
        const found = topEigenvalues[k]!
        assert.isAtMost(Math.abs(found.value - value), found.residual + 1e-12)
      })
      assert.closeTo(smallestEigenvalue, curvatures(3000)[2999]!, 1e-3)
      assert.isFalse(traceIsExact)
      assert.isAtMost(Math.abs(trace.estimate - traceOf(3000)), 4 * trace.standardError)
      assert.strictEqual(certificate.verdict, "not flat")
      assert.isBelow(oracle!.check.asymmetry, 1e-12)
      assert.isBelow(oracle!.check.misfit, 1e-6)
      assert.isAtMost(oracle!.gradients, 2 * 1000)
    }),
  )

  it.live("knows the whole spectrum of few parameters, and the same in float32", () =>
    Effect.gen(function* () {
      const found = yield* certified("--oracle", program("none", 12))
      assert.strictEqual(found.certificate.basis, "whole spectrum")
      assert.isTrue(found.traceIsExact)
      assert.closeTo(found.certificate.trace.estimate, traceOf(12), 1e-12)
      const rough = yield* certified("--oracle", program("none", 12, 4))
      assert.strictEqual(rough.oracle!.numbers, "float32")
      assert.closeTo(rough.certificate.trace.estimate, traceOf(12), 1e-5)
    }),
  )

  it.live(
    "says in text what was asked and how far the products are off, and draws the spectrum",
    () =>
      Effect.gen(function* () {
        const figure = join(temporary(), "spectrum.svg")
        const args = ["--oracle", program("none", 300), "--products", "200", "--figure", figure]
        const { code, stdout } = yield* nonconvex([], ["certify", ...args])
        assert.strictEqual(code, 0)
        assert.match(
          stdout,
          /^products {7}asymmetric by [\d.e-]+ \(at most 0\.000001 is allowed\), and different from finite differences of its gradients by [\d.e-]+ \(at most 0\.001 is allowed\);  float64$/m,
        )
        assert.match(
          stdout,
          /^cost {11}\d+ gradients, with a product counted as two; at most 40 vectors in memory, \d+ MiB$/m,
        )
        assert.match(readFileSync(figure, "utf8"), /<svg/)
      }),
  )

  it.live("says where the loss of the program was not finite", () =>
    Effect.gen(function* () {
      const finite = yield* certified("--oracle", program("none", 12))
      assert.strictEqual(finite.oracle!.notFinite, 0)
      for (const quick of [[], ["--measures", "trace,top"]]) {
        const args = ["certify", "-q", "--oracle", program("no loss", 12), ...quick]
        const { code, stderr, stdout } = yield* nonconvex([], args)
        assert.strictEqual(code, 0, stderr)
        assert.match(
          stdout,
          /^losses {9}NOT FINITE at \d+ points? near the certified one, where the program answered NaN or infinity;/m,
        )
      }
    }),
  )

  it.live.each<[string, RegExp]>([
    [
      "twice",
      /its products contradict its gradient: they differ from differences of gradients by 0\.33 relative to their size, where 0\.001 is allowed/,
    ],
    [
      "asymmetric",
      /its products are not those of a symmetric matrix: u'Hv and v'Hu differ by 0\.\d+ relative to their size, where 0\.000001 is allowed/,
    ],
    ["nan", /number 2 of its product is NaN$/],
    ["dies", /it was terminated by SIGKILL, after 4 answers/],
    [
      "print",
      /it wrote text to standard output instead of the greeting: "Loading the model \.\.\."/,
    ],
  ])("refuses in one line a program that goes wrong: %s", ([fault, says]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* nonconvex(
        [],
        ["certify", "-q", "--oracle", program(fault, 40)],
      )
      assert.deepStrictEqual([code, stdout], [1, ""])
      const [line, ...others] = errors(stderr)
      assert.deepStrictEqual(others, [])
      assert.match(line!, says)
    }),
  )

  it.live.each<[ReadonlyArray<string>, RegExp]>([
    [
      [],
      /^nonconvex: certify needs a network and its data, or --oracle with a program; for example: /,
    ],
    [["net.json"], /certify needs a network and its data, or --oracle/],
    [["net.json", "digits", "--products", "5"], /--products needs --oracle$/],
    [["net.json", "digits", "--oracle-timeout", "5"], /--oracle-timeout needs --oracle$/],
    [["net.json", "--oracle", "x"], /--oracle allows no network next to the program$/],
    [["--oracle", "x", "--descend", "5"], /--descend needs a network, and no --oracle$/],
    [["--oracle", "x", "--target", "y"], /--target needs a network, and no --oracle$/],
    [["--oracle", "no-such-program"], /there is no program "no-such-program"; give its path/],
    [["--oracle", "python 'x"], /a quote in it is not closed$/],
    [
      ["--oracle", program("silent"), "--oracle-timeout", "0.2"],
      /then nothing for 0\.2 s; check whether it waits/,
    ],
  ])("says what it needs, of %j", ([args, says]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex([], ["certify", "-q", ...args])
      assert.strictEqual(code, 1)
      assert.match(errors(stderr).join("\n"), says)
    }),
  )
})

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("certify --oracle, interrupted", () => {
  it.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("ends a program that hears nothing after %s", async (signal, code) => {
    const told = join(temporary(), "pid")
    const { child, ended } = start("toy", [
      "certify",
      "--oracle",
      program("stubborn", 200, 8, told),
      "-q",
    ])
    while (!existsSync(told) || readFileSync(told, "utf8") === "") await setTimeout(50)
    const pid = Number(readFileSync(told, "utf8"))
    child.kill(signal)
    const found = await ended
    assert.deepStrictEqual([found.code, isRunning(pid)], [code, false])
  })

  const begun = async (signal: NodeJS.Signals) => {
    const told = join(temporary(), "pid")
    const args = ["--oracle", program("slow", 200, 8, told), "-q"]
    const { child, ended } = start("toy", ["certify", ...args])
    while (!existsSync(told) || readFileSync(told, "utf8") === "") await setTimeout(50)
    const pid = Number(readFileSync(told, "utf8"))
    assert.isTrue(isRunning(pid))
    child.kill(signal)
    const found = await ended
    // the end of its input is what a program sees of a process that was killed
    for (let waited = 0; isRunning(pid) && waited < 40; waited++) await setTimeout(50)
    return { ...found, isRunning: isRunning(pid) }
  }

  it.each<[NodeJS.Signals, number | null]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGKILL", null],
  ])("leaves no program behind after %s", async (signal, code) => {
    const found = await begun(signal)
    assert.strictEqual(found.isRunning, false)
    assert.deepStrictEqual([found.code, found.stdout, errors(found.stderr)], [code, "", []])
  })
})

/** Ends well where there is PyTorch, without the seconds in which it is loaded. */
const looks = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"

/** A Python that has PyTorch; undefined where none is. */
const python = [join(root, "tools/peers/.venv/bin/python"), "python3"].find(
  (each) => spawnSync(each, ["-c", looks]).status === 0,
)

describe("examples/python", () => {
  it.live("answers for a model in PyTorch as the formula does", ({ skip }) =>
    Effect.gen(function* () {
      if (python === undefined) return skip("there is no Python with PyTorch")
      const model = join(temporary(), "a model.py")
      writeFileSync(
        model,
        `import sys
sys.path.insert(0, ${JSON.stringify(join(root, "examples/python"))})
from oracle_torch import serve
import torch
print("on standard error")
a = 1 / (1 + torch.arange(40, dtype=torch.float64))
x = torch.nn.Parameter(a.clone())
unused = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
serve(lambda: (a * x**2 / 2 + x**4 / 4).sum(), [x, unused], least=0.0)
`,
      )
      const { certificate } = yield* certified("--oracle", `${python} "${model}"`)
      assert.strictEqual(certificate.dimension, 42)
      assert.closeTo(certificate.trace.estimate, traceOf(40), 1e-10)
      assert.closeTo(certificate.topEigenvalue, 4, 1e-10)
    }),
  )
})
