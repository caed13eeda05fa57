/** Counts from the JSON report that vitest writes. */

/** The part of the report that counts need. */
export interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly success: boolean
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly status: string
    readonly assertionResults: ReadonlyArray<{ readonly status: string; readonly fullName: string }>
  }>
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

type File = Report["testResults"][number]

const isBroken = ({ assertionResults, status }: File): boolean =>
  status === "failed" && assertionResults.every((test) => test.status !== "failed")

/** Files that failed without a failed test: they could not be loaded, or the process that ran them ended. */
const brokenFiles = (report: Report): ReadonlyArray<File> => report.testResults.filter(isBroken)

const failedFiles = (report: Report): ReadonlyArray<File> =>
  report.testResults.filter(({ status }) => status === "failed")

/** As many files as that fail together are no accident. */
const most = 3

/** Files to run again, alone: those that failed, where they are few. */
export const toRepeat = (report: Report): ReadonlyArray<string> => {
  const failed = failedFiles(report)
  return failed.length > most ? [] : failed.map(({ name }) => name)
}

/** What failed and did not when its file ran alone, to be told: a test that depends on what runs beside it is a defect still. */
export const unsteady = (report: Report, again: Report): ReadonlyArray<string> => {
  const failed = new Set(failedFiles(again).map(({ name }) => name))
  return failedFiles(report)
    .filter(({ name }) => !failed.has(name))
    .flatMap(({ assertionResults, name }) => {
      const tests = assertionResults.filter(({ status }) => status === "failed")
      return tests.length === 0
        ? [`${name}, which did not load, or its process ended`]
        : tests.map(({ fullName }) => `${name}: ${fullName}`)
    })
}

const countOf = (files: ReadonlyArray<File>, ...statuses: ReadonlyArray<string>): number =>
  files.flatMap((file) => file.assertionResults).filter(({ status }) => statuses.includes(status))
    .length

/** The report in which files that were run again, alone, are what they came to then. */
export const withAgain = (report: Report, again: Report): Report => {
  const repeated = toRepeat(report)
  const whole = report.testResults.filter(({ name }) => !repeated.includes(name))
  const testResults = [...whole, ...again.testResults]
  return {
    testResults,
    numPassedTests: countOf(testResults, "passed"),
    numFailedTests: countOf(testResults, "failed"),
    numPendingTests: countOf(testResults, "pending", "skipped"),
    numTodoTests: countOf(testResults, "todo"),
    // what failed beside those files is in the report
    success: again.success && whole.every(({ status }) => status !== "failed"),
  }
}

/**
 * Tests by outcome. A file that could not be loaded counts as one failed test, and so does a run that
 * vitest calls unsuccessful without a failed test (an error outside of any test).
 */
export const counts = (report: Report): Counts => {
  const failed = report.numFailedTests + brokenFiles(report).length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** `3 passed, 0 failed`, and `, 1 skipped` where that is not 0. */
export const line = ({ failed, passed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
