import { assert, describe, it } from "vitest"
import * as Report from "../src/Report.ts"

const report = (
  files: ReadonlyArray<{ readonly status: string; readonly tests: ReadonlyArray<string> }>,
  success: boolean,
): Report.Report => {
  const count = (status: string) =>
    files.flatMap((file) => file.tests).filter((s) => s === status).length
  return {
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: count("pending"),
    numTodoTests: count("todo"),
    success,
    testResults: files.map(({ status, tests }, at) => ({
      name: `file ${at}`,
      status,
      assertionResults: tests.map((s) => ({ status: s })),
    })),
  }
}

describe("Report", () => {
  it("counts tests", () => {
    const { counts, line } = Report
    const ok = counts(report([{ status: "passed", tests: ["passed", "passed"] }], true))
    assert.strictEqual(line(ok), "2 passed, 0 failed")
  })

  it("says how many were skipped", () => {
    const some = report([{ status: "passed", tests: ["passed", "pending", "todo"] }], true)
    assert.strictEqual(Report.line(Report.counts(some)), "1 passed, 0 failed, 2 skipped")
  })

  it("counts a file that does not load as a failure", () => {
    const broken = report(
      [
        { status: "failed", tests: [] },
        { status: "failed", tests: ["failed", "passed"] },
      ],
      false,
    )
    assert.strictEqual(Report.line(Report.counts(broken)), "1 passed, 2 failed")
  })

  it("counts an error outside of any test as a failure", () => {
    const stray = report([{ status: "passed", tests: ["passed"] }], false)
    assert.strictEqual(Report.line(Report.counts(stray)), "1 passed, 1 failed")
  })

  it("names files that failed without a failed test, and takes for them what they come to alone", () => {
    const { brokenFiles, counts, line, withAgain } = Report
    const first = report(
      [
        { status: "passed", tests: ["passed", "pending"] },
        { status: "failed", tests: ["passed", "pending"] },
      ],
      false,
    )
    assert.deepStrictEqual(brokenFiles(first), ["file 1"])
    const well = report([{ status: "passed", tests: ["passed", "passed"] }], true)
    assert.strictEqual(line(counts(withAgain(first, well))), "3 passed, 0 failed, 1 skipped")
    const badly = report([{ status: "failed", tests: ["passed", "failed"] }], false)
    assert.strictEqual(line(counts(withAgain(first, badly))), "2 passed, 1 failed, 1 skipped")
    const never = report([{ status: "failed", tests: [] }], false)
    assert.strictEqual(line(counts(withAgain(first, never))), "1 passed, 1 failed, 1 skipped")
  })

  it("forgives no other file", () => {
    const first = report(
      [
        { status: "failed", tests: ["failed"] },
        { status: "failed", tests: [] },
      ],
      false,
    )
    const well = report([{ status: "passed", tests: ["passed"] }], true)
    assert.deepInclude(Report.counts(Report.withAgain(first, well)), { passed: 1, failed: 1 })
  })
})
