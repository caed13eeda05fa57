/** What an error says, in a line that a terminal only shows. */
import { assert, describe, it } from "@effect/vitest"
import { CaseFailed } from "@nonconvex/evidence/Experiment"
import { NoMinimumNearby } from "@nonconvex/flat-minima"
import { Diverged } from "@nonconvex/problems/Diverged"
import { JobCrashed, NotPortable, ThreadEnded, WrongSystem } from "@nonconvex/runner/JobFailure"
import { Cause, Exit } from "effect"
import * as CliError from "effect/cli/CliError"
import { Contradicted, exitCode, Misfit, oneLine, RunFailed } from "../src/cli/Failure.ts"
import { NotPrivate } from "../src/data/audit/AuditReport.ts"

const job = { job: "a/claim", reason: "it ended" }
const unknown = new CliError.UnrecognizedOption({ option: "--rediculous", suggestions: [] })

describe("exitCode", () => {
  it.for([
    ["a success", Exit.void, 0],
    [
      "help that was asked for",
      Exit.fail(new CliError.ShowHelp({ commandPath: [], errors: [] })),
      0,
    ],
    ["wrong usage", Exit.fail(new CliError.ShowHelp({ commandPath: [], errors: [unknown] })), 1],
    ["a flag that says nothing", Exit.fail(new Misfit({ flag: "rank", needs: "a fit" })), 1],
    ["an error of no class", Exit.fail("no"), 1],
    ["a contradiction", Exit.fail(new Contradicted({ ids: ["a"], total: 2 })), 2],
    [
      "a mechanism that is not private",
      Exit.fail(new NotPrivate({ mechanism: "noise", epsilon: 1, shown: 2 })),
      2,
    ],
    ["a failed run", Exit.fail(new RunFailed({ reasons: ["a"] })), 3],
    ["a thread that ended", Exit.fail(new ThreadEnded(job)), 3],
    ["a job that crashed", Exit.fail(new JobCrashed(job)), 3],
    ["a case that failed", Exit.fail(new CaseFailed({ experiment: "a", case: 0, reason: "b" })), 3],
    ["work that cannot leave", Exit.fail(new NotPortable({ subject: "a", reason: "b" })), 3],
    ["another version", Exit.fail(new WrongSystem({ module: "a", reason: "b" })), 3],
    ["a divergence", Exit.fail(new Diverged({ method: "sam", step: 1, loss: Infinity })), 3],
    [
      "no minimum",
      Exit.fail(
        new NoMinimumNearby({ operation: "a", gradientNorm: 1, tolerance: 0.1, evaluations: 9 }),
      ),
      3,
    ],
    ["a defect", Exit.die(new Error("no")), 3],
    ["an interruption", Exit.failCause(Cause.interrupt()), 130],
  ] as const)("of %s is %i", ([, exit, code]) => {
    assert.strictEqual(exitCode(exit), code)
  })
})

describe("oneLine", () => {
  it("joins the lines of a message", () => {
    assert.strictEqual(oneLine(" first\n    second\n"), "first second")
  })

  it("escapes what steers a terminal, and leaves words of any language", () => {
    const name = "a\u001B[31m\u0007\u202Eb\u009B größe ⟨x⟩ 数"
    assert.strictEqual(oneLine(name), String.raw`a\u001b[31m\u0007\u202eb\u009b größe ⟨x⟩ 数`)
  })
})
