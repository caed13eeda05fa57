/**
 * Plays random schedules of spenders, pauses, faults, kills and power cuts on a simulated disk, then stops and kills real processes on the
 * disk of this machine, and says what became of the ledgers: `npm run faults -- [schedules] [seed] [kills]`. Ends with 1 where a spend was
 * lost or doubled, or a ledger damaged.
 */
import * as fc from "fast-check"
import process from "node:process"
import { events, play } from "./Schedules.ts"
import { killing } from "./Spenders.ts"

const [, , schedules = "2000", seed = "1", kills = "20"] = process.argv
const met = new Map<string, number>()
let granted = 0
const property = fc.asyncProperty(events, fc.nat(), async (schedule, chance) => {
  const outcomes = await play(schedule, chance)
  granted += outcomes.granted
  for (const [kind, times] of outcomes.met) met.set(kind, (met.get(kind) ?? 0) + times)
  if (outcomes.faults.length > 0) throw new Error(outcomes.faults.join("\n"))
})
const details = await fc.check(property, { numRuns: Number(schedules), seed: Number(seed) })
const counts = [...met]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([kind, times]) => `${times} ${kind}`)
process.stdout.write(
  `${details.numRuns} schedules, ${granted} spends granted; what happened to calls: ${counts.join(", ")}\n`,
)
const killed = await killing({ kills: Number(kills), seed: Number(seed) })
process.stdout.write(
  `processes: ${killed.kills} kills and ${killed.stops} stops, ${killed.granted} spends granted, ${killed.entries} entries\n`,
)
const faults = [
  ...(details.failed ? [fc.defaultReportMessage(details)] : []),
  ...killed.faults.map((fault) => `processes: ${fault}`),
]
process.stdout.write(faults.length === 0 ? "no spend lost or doubled, no ledger damaged\n" : "")
for (const fault of faults) process.stdout.write(`${fault}\n`)
process.exitCode = faults.length === 0 ? 0 : 1
