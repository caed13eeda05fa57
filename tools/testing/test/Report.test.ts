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
      assertionResults: tests.map((s, test) => ({ status: s, fullName: `test ${test}` })),
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

  it("has files that failed run again alone, and takes for them what they come to then", () => {
    const { counts, line, toRepeat, unsteady, withAgain } = Report
    const first = report(
      [
        { status: "passed", tests: ["passed", "pending"] },
        { status: "failed", tests: ["passed", "failed"] },
        { status: "failed", tests: ["passed"] },
      ],
      false,
    )
    assert.deepStrictEqual(toRepeat(first), ["file 1", "file 2"])
    const alone = (statuses: ReadonlyArray<string>, tests: ReadonlyArray<string>) => {
      const repeated = report(
        statuses.map((status) => ({ status, tests })),
        statuses.every((status) => status === "passed"),
      )
      const testResults = repeated.testResults.map((file, at) => ({
        ...file,
        name: `file ${at + 1}`,
      }))
      return { ...repeated, testResults }
    }
    const well = alone(["passed", "passed"], ["passed", "passed"])
    assert.strictEqual(line(counts(withAgain(first, well))), "5 passed, 0 failed, 1 skipped")
    assert.deepStrictEqual(unsteady(first, well), [
      "file 1: test 1",
      "file 2, which did not load, or its process ended",
    ])
    const badly = alone(["failed", "failed"], ["passed", "failed"])
    assert.strictEqual(line(counts(withAgain(first, badly))), "3 passed, 2 failed, 1 skipped")
    assert.deepStrictEqual(unsteady(first, badly), [])
    const never = alone(["failed", "failed"], [])
    assert.strictEqual(line(counts(withAgain(first, never))), "1 passed, 2 failed, 1 skipped")
  })

  it("has none run again where many failed", () => {
    const files = Array.from({ length: 4 }, () => ({ status: "failed", tests: ["failed"] }))
    const first = report(files, false)
    assert.deepStrictEqual(Report.toRepeat(first), [])
    assert.strictEqual(Report.line(Report.counts(first)), "0 passed, 4 failed")
  })
})
