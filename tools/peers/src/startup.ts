/**
 * `npm run startup`: how long commands take to start, from the compiled program, beside Node alone.
 *
 * For an idle machine. Exit 0: every bar is reached; 2: one is missed.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const program = join(import.meta.dirname, "../../../apps/lab/dist/src/main.js")

const rounds = 9

/** Milliseconds that a command may take. */
const commands = [
  { name: "node alone", args: ["-e", "0"] },
  { name: "nonconvex --help", args: [program, "--help"], bar: 250 },
  { name: "nonconvex systems", args: [program, "systems"], bar: 450 },
] as const

const time = (args: ReadonlyArray<string>): number => {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" })
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}; npm run build first`)
  return performance.now() - started
}

// the first start of each compiles what later ones find compiled
for (const { args } of commands) time(args)

// in turns, so that a slow spell of the machine meets them all
const times = commands.map((): Array<number> => [])
for (let round = 0; round < rounds; round++) {
  commands.forEach(({ args }, at) => times[at]!.push(time(args)))
}

for (const [at, command] of commands.entries()) {
  const sorted = times[at]!.toSorted((a, b) => a - b)
  const median = sorted[rounds >> 1]!
  const bar = "bar" in command ? command.bar : Number.POSITIVE_INFINITY
  const verdict =
    bar === Number.POSITIVE_INFINITY
      ? ""
      : `, bar ${bar} ms: ${median <= bar ? "reached" : "MISSED"}`
  if (median > bar) process.exitCode = 2
  console.log(
    `${command.name.padEnd(18)} ${median.toFixed(0)} ms (${sorted[0]!.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)})${verdict}`,
  )
}
