/** What the checks print: a line each, then the output of the failed ones, then the counts. */
import type { Result } from "./Runner.ts"

const mark = { passed: "ok", failed: "FAILED", absent: "absent" } as const

const body = ({ outcome }: Result): string => (outcome.status === "passed" ? "" : outcome.output)

/** `ok      types        1.2 s`, with the reason where a tool is absent. */
export const line = (result: Result): string => {
  const { check, outcome, seconds } = result
  const columns = [mark[outcome.status].padEnd(7), check.name.padEnd(12), `${seconds.toFixed(1)} s`]
  if (outcome.status === "absent") return `${columns.join(" ")}  ${outcome.output}`
  return outcome.status === "passed" && outcome.warning !== undefined
    ? [columns.join(" "), ...outcome.warning.split("\n").map((each) => `  ${each}`)].join("\n")
    : columns.join(" ")
}

/** The failed checks with their rules and outputs, then `12 passed, 1 failed, 1 absent in 20.0 s`. */
export const summary = (results: ReadonlyArray<Result>, seconds: number): string => {
  const of = (status: Result["outcome"]["status"]) =>
    results.filter((result) => result.outcome.status === status)
  const failures = of("failed").map(
    (result) => `\n--- ${result.check.name}: ${result.check.rule}\n${body(result)}\n`,
  )
  const absent = of("absent").length
  return [
    ...failures,
    `${of("passed").length} passed, ${of("failed").length} failed` +
      `${absent > 0 ? `, ${absent} absent` : ""} in ${seconds.toFixed(1)} s`,
  ].join("\n")
}
