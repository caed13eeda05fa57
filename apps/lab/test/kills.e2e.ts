/** A command that is killed at any moment goes on when it is started again: nothing is lost, nothing doubled, nothing left behind. */
import { assert, describe, it, type TestContext } from "vitest"
import { existsSync, readFileSync, renameSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { files, temporary } from "./support/Folders.ts"
import {
  type Command,
  leftOf,
  look,
  moments,
  start,
  straight,
  survive,
  withoutTimes,
} from "./support/Kills.ts"
import { command } from "./support/Process.ts"

const threads = 2

/** A command in a folder of its own, and the file in which it says what it computes. */
const counted = (
  args: ReadonlyArray<string>,
  { onTestFinished }: TestContext,
): Command & { readonly log: string } => {
  const folder = temporary(onTestFinished)
  const log = join(temporary(onTestFinished), "computed")
  return {
    args: command("logged", [...args, "--jobs", String(threads), "--quiet"]),
    folder,
    env: { NONCONVEX_COMPUTED: log, NONCONVEX_SNAPSHOT_INTERVAL: "0.02" },
    log,
  }
}

const linesOf = (file: string): ReadonlyArray<string> =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : []

const reportOf = (folder: string): unknown =>
  existsSync(join(folder, "report"))
    ? withoutTimes(JSON.parse(readFileSync(join(folder, "report/results.json"), "utf8")))
    : undefined

const commands = [
  {
    name: "sweep",
    args: "sweep steps --preset smoke --grid scale=1,2 --seeds 0..1".split(" "),
    kills: 3,
  },
  { name: "reproduce", args: ["reproduce", "--preset", "smoke"], kills: 3 },
]

describe("a command that is killed", () => {
  it.concurrent.for(commands)(
    "goes on, and comes to the same: $name",
    { timeout: 180_000 },
    async ({ args, kills: most }, context) => {
      const whole = counted(args, context)
      const began = performance.now()
      assert.strictEqual((await straight(whole)).code, 0)
      const longest = performance.now() - began
      const expected = look(whole.folder)!

      const killed = counted(args, context)
      const { ended, faults, kills } = await survive(killed, moments(20_261_127), { longest, most })
      assert.deepStrictEqual(faults, [])
      assert.strictEqual(ended.code, 0)
      const found = look(killed.folder)!
      assert.deepStrictEqual(found, expected)
      assert.include(found, { differences: 0, left: 0, integrity: "ok" })
      assert.deepStrictEqual(reportOf(killed.folder), reportOf(whole.folder))
      assert.deepStrictEqual(files(killed.folder), files(whole.folder))
      const isCase = (line: string) => line.startsWith("steps")
      const [computed, needed] = [killed, whole].map(({ log }) => linesOf(log).filter(isCase))
      assert.sameMembers([...new Set(computed)], needed!)
      // of what had ended no more than each thread had at a kill is computed again
      assert.isAtMost(computed!.length, needed!.length + threads * kills)
    },
  )

  it.concurrent("goes on inside a case that is resumable", async (context) => {
    const settings = ["cases=1", "milliseconds=20"].flatMap((each) => ["--set", each])
    const args = ["run", "walk", "--preset", "smoke", ...settings, "--json"]
    const whole = counted(args, context)
    const { stdout } = await straight(whole)
    const killed = counted(args, context)
    const { child, ended } = start(killed)
    while (child.exitCode === null && (leftOf(killed.folder)?.steps ?? 0) < 30) {
      await setTimeout(20)
    }
    child.kill("SIGKILL")
    await ended
    const { steps } = leftOf(killed.folder)!
    renameSync(killed.log, `${killed.log} before`)
    const again = await straight(killed)
    assert.deepStrictEqual(withoutTimes(JSON.parse(again.stdout)), withoutTimes(JSON.parse(stdout)))
    assert.strictEqual(linesOf(killed.log)[0], `walk 0 ${steps}`)
    assert.strictEqual(linesOf(killed.log).length, 100 - steps)
    assert.isUndefined(leftOf(killed.folder))
    assert.deepStrictEqual(look(killed.folder), look(whole.folder))
  }, 180_000)
})
