/**
 * Several processes that spend from one ledger on a simulated disk, in an order that a schedule gives call by call: with pauses of any
 * length, calls that fail in any way, kills, restarts and power cuts; and what must be true of the ledger afterwards.
 */
import { Effect, Exit, Layer } from "effect"
import * as fc from "fast-check"
import * as Ledger from "../../src/ledger/Ledger.ts"
import { GaussianPrivacy, LedgerStorage } from "../../src/index.ts"
import * as LedgerFile from "../../src/node/LedgerFile.ts"
import * as LedgerPlaces from "../../src/node/LedgerPlaces.ts"
import { logDelta } from "../../src/privacy/GaussianTail.ts"
import { budget, planned } from "./Ledgers.ts"
import { type Outcome, SimulatedDisk } from "./SimulatedDisk.ts"

/** One process makes some calls while all others stand still; then something happens to its next one. */
export interface Event {
  readonly process: number
  readonly calls: number
  readonly event: Outcome | "power"
}

const processes = 3
const ledger = { path: "/data/ledger", dataset: "people" }
const plan = planned(0.3)

export const events = fc.array(
  fc.record<Event>({
    process: fc.integer({ min: 0, max: processes - 1 }),
    calls: fc.integer({ min: 0, max: 40 }),
    event: fc.oneof(
      { weight: 4, arbitrary: fc.constant("made" as const) },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...(["EIO", "ENOSPC", "short", "lost", "never", "never-half", "power"] as const),
        ),
      },
    ),
  }),
  { minLength: 1, maxLength: 16, size: "max" },
)

interface Grant {
  readonly entry: number
  readonly purpose: string
}

/** What became of a schedule. */
export interface Outcomes {
  readonly faults: ReadonlyArray<string>
  readonly granted: number
  /** How often each kind of event has met a call. */
  readonly met: ReadonlyMap<string, number>
}

/** A process: its program runs until it ends or is killed, and waits for its turn before every call. */
interface Process {
  readonly incarnation: number
  resume: ((outcome: Outcome) => void) | undefined
  isDone: boolean
  /** Whether one of its calls failed. */
  isHurt: boolean
}

class Machine {
  readonly disk = new SimulatedDisk()
  readonly grants: Array<Grant> = []
  readonly faults: Array<string> = []
  readonly met = new Map<string, number>()
  /** Processes that failed or were killed: each may have paid once for nothing. */
  #unpaid = 0
  #running = 0
  #idle = () => {}
  readonly #slots: Array<Process | undefined> = Array.from({ length: processes })
  #incarnations = 0

  /** Processes in the middle of something. */
  get #going(): number {
    return this.#slots.filter((each) => each?.isDone === false).length
  }

  /** When every process waits for its turn or is done. */
  async #quiet(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => (this.#idle = resolve))
  }

  #stopped(): void {
    this.#running--
    this.#idle()
  }

  #program(process: Process, slot: number) {
    const { incarnation } = process
    return Effect.gen({ self: this }, function* () {
      const creation = Ledger.create(ledger, { neighbours: "replace", budget })
      yield* Effect.catchTag(creation, "LedgerExists", () => Effect.void)
      for (let spend = 0; spend < 3; spend++) {
        // some are the same to the byte
        const purpose = spend === 1 ? "the same" : `${slot}, ${incarnation}, ${spend}`
        const { receipt } = yield* Ledger.spend(ledger, plan, purpose)
        this.grants.push({ entry: receipt!.entry, purpose })
      }
    })
  }

  #start(slot: number): Process {
    const process: Process = {
      incarnation: ++this.#incarnations,
      resume: undefined,
      isDone: false,
      isHurt: false,
    }
    this.#slots[slot] = process
    this.#running++
    const files = this.disk.filesOf(
      () =>
        new Promise((resolve) => {
          process.resume = resolve
          this.#stopped()
        }),
    )
    const program = Effect.provide(
      this.#program(process, slot),
      Layer.provide(Layer.fresh(LedgerFile.layer), files),
    )
    void Effect.runPromiseExit(program).then((exit) => {
      process.isDone = true
      if (Exit.isFailure(exit)) {
        const said = JSON.stringify(exit.cause)
        const isFair =
          said.includes("BudgetExceeded") || (process.isHurt && said.includes("LedgerUnusable"))
        this.#unpaid++
        if (!isFair) this.faults.push(`process ${process.incarnation} failed: ${said}`)
      }
      this.#stopped()
    })
    return process
  }

  /** The next call of a process, if it has one. */
  async #step(slot: number, outcome: Outcome): Promise<boolean> {
    const process = this.#slots[slot] ?? this.#start(slot)
    await this.#quiet()
    const { resume } = process
    if (resume === undefined) return false
    process.resume = undefined
    if (outcome !== "made") process.isHurt = true
    if (outcome.startsWith("never")) {
      this.#slots[slot] = undefined
      this.#unpaid++
    } else this.#running++
    resume(outcome)
    await this.#quiet()
    return true
  }

  #meet(kind: string): void {
    this.met.set(kind, (this.met.get(kind) ?? 0) + 1)
  }

  async play({ calls, event, process }: Event, chance: () => number): Promise<void> {
    // who has ended begins anew
    if (this.#slots[process]?.isDone === true) this.#slots[process] = undefined
    for (let call = 0; call < calls; call++) {
      if (!(await this.#step(process, "made"))) return
    }
    if (event === "power") {
      this.#unpaid += this.#going
      this.#slots.fill(undefined)
      this.disk.losePower(chance)
      this.#meet(event)
    } else if (await this.#step(process, event)) this.#meet(event)
  }

  /** Everybody goes on to the end, call by call in turn, and nothing happens any more. */
  async finish(): Promise<void> {
    for (let isGoing = true; isGoing;) {
      isGoing = false
      for (const [slot, process] of this.#slots.entries()) {
        if (process !== undefined && (await this.#step(slot, "made"))) isGoing = true
      }
    }
  }

  /** Runs a program on the disk, undisturbed. */
  readonly calmly = <A, E>(effect: Effect.Effect<A, E, LedgerStorage>) =>
    Effect.runPromiseExit(
      Effect.provide(
        effect,
        Layer.provide(
          Layer.fresh(LedgerFile.layer),
          this.disk.filesOf(() => Promise.resolve("made")),
        ),
      ),
    )

  /** Whether each place alone holds what was granted. */
  async judgePlaces(): Promise<void> {
    const files = this.disk.filesOf(() => Promise.resolve("made"))
    for (const place of await Effect.runPromise(
      Effect.provide(LedgerPlaces.both(ledger.path), files),
    )) {
      for (const { entry, purpose } of this.grants) {
        if (place.lines.get(entry)?.includes(`"${purpose}"`) !== true) {
          this.faults.push(`${place.path} has lost ${entry}`)
        }
      }
    }
  }

  /** Whether the ledger holds what was granted, and nobody's number twice. */
  async judge(when: string): Promise<void> {
    const exit = await this.calmly(Ledger.status(ledger))
    if (Exit.isFailure(exit)) {
      const said = JSON.stringify(exit.cause)
      if (this.grants.length > 0 || !said.includes("LedgerMissing")) {
        this.faults.push(`${when}: cannot be read: ${said}`)
      }
      return
    }
    const { entries } = exit.value
    for (const { entry, purpose } of this.grants) {
      if (entries[entry - 1]?.purpose !== purpose) this.faults.push(`${when}: lost ${entry}`)
    }
    if (new Set(this.grants.map(({ entry }) => entry)).size < this.grants.length) {
      this.faults.push(`${when}: doubled`)
    }
    if (entries.length > this.grants.length + this.#unpaid + this.#going) {
      this.faults.push(`${when}: ${entries.length} entries for ${this.grants.length} spends`)
    }
    const mu = GaussianPrivacy.compose(entries.flatMap((each) => ("mu" in each ? [each.mu] : [])))
    if (logDelta(mu, budget.epsilon) > Math.log(budget.delta))
      this.faults.push(`${when}: overspent`)
  }
}

/** A stream of numbers in [0, 1) from a seed: which writes reach the disk when the power goes. */
const chances = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Plays a schedule to its end, and judges the ledger as it is, after the power went, and each of its places alone. */
export const play = async (schedule: ReadonlyArray<Event>, seed: number): Promise<Outcomes> => {
  const machine = new Machine()
  machine.disk.make("/data")
  const chance = chances(seed)
  for (const event of schedule) {
    await machine.play(event, chance)
    await machine.judge(`after ${JSON.stringify(event)}`)
  }
  await machine.finish()
  await machine.judge("in the end")
  machine.disk.losePower(chance)
  await machine.judge("after the power went in the end")
  await machine.judgePlaces()
  return { faults: machine.faults, granted: machine.grants.length, met: machine.met }
}
