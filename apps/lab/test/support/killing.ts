/**
 * Kills `sweep` and `reproduce --preset smoke` again and again, at moments drawn from a seed, and compares what they come to with runs that
 * nobody disturbs: `npm run kills -- [kills of each] [seed] [sweep or reproduce]`. Ends with 1 where anything is lost, doubled or left behind.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { isDeepStrictEqual } from "node:util"
import { type Command, look, moments, straight, survive, withoutTimes } from "./Kills.ts"

const [, , most = "200", seed = "1", only] = process.argv

/** Milliseconds after which a command is killed at the latest: some of its time on a machine that is busy. */
const patience = 15_000

const programs = [
  {
    name: "sweep",
    args: "sweep optim-sam/valley --preset smoke --grid radius=0.05,0.1,0.2,0.4 --seeds 0..24",
  },
  { name: "reproduce", args: "reproduce --preset smoke" },
]

const commandIn = (folder: string, args: string): Command => ({
  args: [
    "--conditions=source",
    join(import.meta.dirname, "../../src/main.ts"),
    ...args.split(" "),
    "--jobs",
    "2",
    "--quiet",
  ],
  folder,
})

const files = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()

/** What a command left, without what differs from one time to the next. */
const comesTo = (folder: string) => {
  const names = files(folder)
  const results = names.find((name) => name.endsWith("results.json"))
  return {
    names,
    kept: look(folder),
    report:
      results === undefined
        ? undefined
        : withoutTimes(JSON.parse(readFileSync(join(folder, results), "utf8"))),
    figures: names
      .filter((name) => name.endsWith(".svg"))
      .map((name) => readFileSync(join(folder, name), "utf8")),
  }
}

const scratch = mkdtempSync(join(tmpdir(), "nonconvex-kills-"))
const faults: Array<string> = []
const stream = moments(Number(seed))
for (const { args, name } of programs.filter((each) => only === undefined || each.name === only)) {
  const whole = mkdtempSync(join(scratch, "whole-"))
  const began = performance.now()
  const { code, stderr } = await straight(commandIn(whole, args))
  // an experiment that does not show what it should is another matter
  if (code !== 0 && code !== 3) throw new Error(`${name} ended with ${code}: ${stderr}`)
  const seconds = (performance.now() - began) / 1000
  const expected = comesTo(whole)
  let [kills, midway, rounds] = [0, 0, 0]
  while (kills < Number(most)) {
    const folder = mkdtempSync(join(scratch, "killed-"))
    const longest = Math.min(patience, 1000 * seconds)
    const left = { longest, most: Number(most) - kills }
    const survived = await survive(commandIn(folder, args), stream, left)
    kills += survived.kills
    midway += survived.midway
    rounds++
    faults.push(...survived.faults.map((fault) => `${name}: ${fault}`))
    if (survived.ended.code !== code) {
      faults.push(`${name}: ended with ${survived.ended.code}: ${survived.ended.stderr}`)
    }
    const found = comesTo(folder)
    for (const part of ["names", "kept", "report", "figures"] as const) {
      if (!isDeepStrictEqual(found[part], expected[part])) faults.push(`${name}: other ${part}`)
    }
    if (found.kept?.integrity !== "ok" || found.kept.differences > 0 || found.kept.left > 0) {
      faults.push(`${name}: ${JSON.stringify({ ...found.kept, parts: 0, runs: 0, trials: 0 })}`)
    }
    rmSync(folder, { recursive: true })
  }
  process.stdout.write(
    `${name}: ${kills} kills in ${rounds} rounds (${midway} of them while it kept parts), ${expected.kept?.parts.size} parts of ${expected.kept?.runs.size} runs, ${seconds.toFixed(1)} s undisturbed\n`,
  )
}
rmSync(scratch, { recursive: true })
process.stdout.write(faults.length === 0 ? "nothing lost, doubled or left behind\n" : "")
for (const fault of faults) process.stdout.write(`${fault}\n`)
process.exitCode = faults.length === 0 ? 0 : 1
