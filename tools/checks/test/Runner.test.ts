import { assert, describe, it } from "vitest"
import type { Check } from "../src/Check.ts"
import { failed, fromFindings } from "../src/Check.ts"
import * as Runner from "../src/Runner.ts"
import * as Summary from "../src/Summary.ts"

const check = (name: string, run: Check["run"], after: ReadonlyArray<string> = []): Check => ({
  name,
  rule: `the rule of ${name}`,
  after,
  run,
})

const silent = () => undefined

describe("Runner", () => {
  it("runs no more than the limit at a time, and all in the end", async () => {
    let running = 0
    let most = 0
    const busy = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return fromFindings([])
    }
    const checks = ["a", "b", "c", "d", "e"].map((name) => check(name, busy))
    const results = await Runner.run(checks, "", 2, silent)
    assert.strictEqual(most, 2)
    assert.strictEqual(results.length, 5)
  })

  it("starts a check after those whose outputs it reads", async () => {
    const told: Array<string> = []
    const quick = async () => fromFindings([])
    const slow = () =>
      new Promise<ReturnType<typeof fromFindings>>((resolve) => {
        setTimeout(() => resolve(fromFindings([])), 5)
      })
    const checks = [check("reads", quick, ["writes", "not asked for"]), check("writes", slow)]
    await Runner.run(checks, "", 2, (result) => told.push(result.check.name))
    assert.deepStrictEqual(told, ["writes", "reads"])
  })

  it("takes a check that throws for a failed one", async () => {
    const broken = check("broken", () => Promise.reject(new Error("no disk")))
    const [result] = await Runner.run([broken], "", 1, silent)
    assert.strictEqual(result!.outcome.status, "failed")
    assert.include(Summary.summary([result!], 1), "no disk")
  })

  it("says which checks wait for each other", async () => {
    const never = async () => fromFindings([])
    const circle = [check("a", never, ["b"]), check("b", never, ["a"])]
    const error = await Runner.run(circle, "", 2, silent).catch(String)
    assert.strictEqual(error, "Error: each waits for another: a, b")
  })
})

describe("Summary", () => {
  const result = (name: string, outcome: Runner.Result["outcome"]): Runner.Result => ({
    check: check(name, async () => outcome),
    outcome,
    seconds: 1.25,
  })
  const results = [
    result("types", { status: "passed" }),
    result("lint", failed("a.ts:1 no")),
    result("effect", { status: "absent", output: "not installed" }),
  ]

  it("gives a line to each check", () => {
    assert.deepStrictEqual(results.map(Summary.line), [
      "ok      types        1.3 s",
      "FAILED  lint         1.3 s",
      "absent  effect       1.3 s  not installed",
    ])
  })

  it("ends with the output of the failed ones and the counts", () => {
    assert.strictEqual(
      Summary.summary(results, 2),
      "\n--- lint: the rule of lint\na.ts:1 no\n\n1 passed, 1 failed, 1 absent in 2.0 s",
    )
  })
})
