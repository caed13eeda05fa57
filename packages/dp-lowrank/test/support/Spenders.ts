/** Processes that spend from one ledger on the disk, and are stopped, continued and killed at moments drawn from a seed. */
import { NodeServices } from "@effect/platform-node"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Effect } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { Ledger } from "../../src/index.ts"
import { budget, on, unopened } from "./Ledgers.ts"

interface Spender {
  readonly purpose: string
  readonly child: ChildProcess
  readonly ended: Promise<void>
  said: string
}

const start = (path: string, purpose: string): Spender => {
  const args = ["--conditions=source", join(import.meta.dirname, "../fixtures/spend.ts")]
  const child = spawn(process.execPath, [...args, path, purpose], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()))
  const spender: Spender = { purpose, child, ended, said: "" }
  child.stdout.on("data", (bytes: Buffer) => (spender.said += bytes.toString()))
  return spender
}

const entriesOf = ({ said }: Spender): ReadonlyArray<number> =>
  said.split("\n").slice(0, -1).map(Number)

/** Milliseconds for which nobody may be granted anything before it is a fault. */
const patience = 60_000

const granted = (spenders: ReadonlyArray<Spender>): number =>
  spenders.reduce((sum, spender) => sum + entriesOf(spender).length, 0)

/** Waits until somebody of the spenders was granted `more` entries than there were. */
const progress = async (spenders: ReadonlyArray<Spender>, more: number): Promise<boolean> => {
  const before = granted(spenders)
  for (let waited = 0; waited < patience; waited += 5) {
    if (granted(spenders) >= before + more) return true
    await setTimeout(5)
  }
  return false
}

/** What became of the ledger. */
export interface Killed {
  readonly kills: number
  readonly stops: number
  readonly granted: number
  readonly entries: number
  readonly faults: ReadonlyArray<string>
}

/** Two processes spend; one is stopped while the other goes on, and continued; one is killed, and another takes its place. */
export const killing = async (options: {
  readonly kills: number
  readonly seed: number
}): Promise<Killed> => {
  const stream = RandomStream.make(Seed.root(options.seed))
  const ledger = unopened()
  await Effect.runPromise(
    Effect.provide(
      Ledger.create(ledger, { neighbours: "replace", budget }),
      on(NodeServices.layer),
    ),
  )
  const faults: Array<string> = []
  const all: Array<Spender> = []
  const begin = (): Spender => {
    const spender = start(ledger.path, `spender ${all.length}`)
    all.push(spender)
    return spender
  }
  let [kills, stops] = [0, 0]
  let pair = [begin(), begin()] as const
  try {
    while (kills < options.kills) {
      const [first, second] = pair
      if (!(await progress([first], 1)) || !(await progress([second], 1))) faults.push("stuck")
      await setTimeout(20 * stream.uniform())
      first.child.kill("SIGSTOP")
      stops++
      // a lock that is held by who is stopped would end here
      if (!(await progress([second], 3))) faults.push("who is stopped keeps others from spending")
      second.child.kill("SIGKILL")
      kills++
      first.child.kill("SIGCONT")
      await second.ended
      pair = [begin(), first]
    }
  } finally {
    for (const { child } of all) child.kill("SIGKILL")
    await Promise.all(all.map(({ ended }) => ended))
  }
  const { entries } = await Effect.runPromise(
    Effect.provide(Ledger.status(ledger), on(NodeServices.layer)),
  )
  for (const spender of all) {
    for (const entry of entriesOf(spender)) {
      if (entries[entry - 1]?.purpose !== spender.purpose) faults.push(`entry ${entry} is lost`)
    }
  }
  // of each that was killed, one spend may be paid for that it could not tell of
  if (entries.length > granted(all) + all.length) faults.push("more entries than spends")
  rmSync(dirname(ledger.path), { recursive: true })
  return { kills, stops, granted: granted(all), entries: entries.length, faults }
}
