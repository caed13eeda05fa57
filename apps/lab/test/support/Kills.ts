/** A command that is killed again and again, at moments drawn from a seed, until it ends. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { DatabaseSync } from "node:sqlite"
import { setTimeout } from "node:timers/promises"

export interface Command {
  /** What node runs. */
  readonly args: ReadonlyArray<string>
  /** Where it runs, and keeps its runs. */
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** What a store has. */
export interface Kept {
  /** Digests of what parts came to, by run and place. */
  readonly parts: ReadonlyMap<string, string>
  /** Status and outcome of runs. */
  readonly runs: ReadonlyMap<string, string>
  readonly trials: ReadonlyArray<string>
  /** Snapshots of parts that have not ended. */
  readonly left: number
  /** Parts that were computed twice with different bits. */
  readonly differences: number
  /** What SQLite finds wrong with the file; `ok` where nothing is. */
  readonly integrity: string
}

export const storeOf = (folder: string): string => join(folder, ".runs/runs.sqlite")

/** What a command has kept so far; nothing before it made its store. */
export const look = (folder: string): Kept | undefined => {
  if (!existsSync(storeOf(folder))) return undefined
  const database = new DatabaseSync(storeOf(folder), { timeout: 5000 })
  const all = (sql: string) => database.prepare(sql).all() as ReadonlyArray<Record<string, unknown>>
  const texts = (sql: string) => all(sql).map((row) => Object.values(row).join(" "))
  const pairs = (sql: string) =>
    new Map(all(sql).map(({ name, value }) => [String(name), String(value)]))
  const count = (table: string) => Number(all(`SELECT count(*) AS n FROM ${table}`)[0]!["n"])
  try {
    const isMade = all("SELECT 1 FROM sqlite_schema WHERE name = 'trials'").length > 0
    if (!isMade) return undefined
    return {
      parts: pairs("SELECT run || ' ' || place AS name, digest AS value FROM parts"),
      runs: pairs("SELECT id AS name, status || ' ' || coalesce(outcome, '') AS value FROM runs"),
      trials: texts("SELECT sweep, place, run FROM trials ORDER BY sweep, place"),
      left: count("snapshots"),
      differences: count("differences"),
      integrity: texts("PRAGMA integrity_check").join("; "),
    }
  } finally {
    database.close()
  }
}

/** What the part that is under way left last; nothing where none is. */
export const leftOf = (folder: string): { readonly steps: number } | undefined => {
  if (!existsSync(storeOf(folder))) return undefined
  const database = new DatabaseSync(storeOf(folder), { timeout: 5000 })
  try {
    const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'snapshots'").get()
    if (isMade === undefined) return undefined
    const row = database.prepare("SELECT content FROM snapshots").get()
    if (row === undefined) return undefined
    const { fields } = (
      JSON.parse(String(row["content"])) as {
        readonly state: { readonly fields: { readonly steps: number } }
      }
    ).state
    return fields
  } finally {
    database.close()
  }
}

/** Results without what differs from one time to the next: seconds, and where they come from. */
export const withoutTimes = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, part: unknown) =>
      name === "seconds" || name === "provenance" ? undefined : part,
    ),
  )

export const start = ({ args, env, folder }: Command) => {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    // in the folder, as it is for a user
    env: { ...process.env, NONCONVEX_STORE: "", ...env },
  })
  const output = { stdout: "", stderr: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text))
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }))
  return { child, ended }
}

export type Ended = Awaited<ReturnType<typeof start>["ended"]>

/** Runs a command to its end. */
export const straight = (command: Command): Promise<Ended> => start(command).ended

/** Of what was kept at one moment, what was gone or other at a later one. */
const lost = (before: Kept | undefined, after: Kept | undefined): ReadonlyArray<string> =>
  [...(before?.parts ?? [])]
    .filter(([part, digest]) => after?.parts.get(part) !== digest)
    .map(([part]) => part)

export interface Survived {
  readonly ended: Ended
  readonly kills: number
  /** Of the kills, those after it had kept a part more than the time before. */
  readonly midway: number
  /** What was wrong with the store after a kill, in words. */
  readonly faults: ReadonlyArray<string>
}

/** How many parts a command has kept. */
const countOf = (folder: string): number => {
  if (!existsSync(storeOf(folder))) return 0
  const database = new DatabaseSync(storeOf(folder), { timeout: 5000 })
  try {
    const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'parts'").get()
    if (isMade === undefined) return 0
    return Number(database.prepare("SELECT count(*) AS n FROM parts").get()!["n"])
  } finally {
    database.close()
  }
}

/** Ends when a command has kept more than `before`, or has ended. */
const keepsMore = async (folder: string, before: number, hasEnded: () => boolean) => {
  while (!hasEnded() && countOf(folder) <= before) await setTimeout(30)
}

/**
 * Starts a command, kills it, and starts it again, until it ends by itself, at the latest after `most` kills. Half of the moments lie in the
 * first `longest` milliseconds, the others in an eighth of them from when it has kept one more part. Before those the store is looked at,
 * and so it is after every other kill; else the command itself is the first to open it.
 */
export const survive = async (
  command: Command,
  stream: RandomStream.RandomStream,
  { longest, most }: { readonly longest: number; readonly most: number },
): Promise<Survived> => {
  const faults: Array<string> = []
  let known: Kept | undefined
  let midway = 0
  for (let kills = 0; ; kills++) {
    const wait = stream.uniform() * longest
    const isKeeping = stream.uniform() < 0.5
    const before = isKeeping ? countOf(command.folder) : 0
    const { child, ended } = start(command)
    const hasEnded = () => child.exitCode !== null
    const moment = isKeeping
      ? keepsMore(command.folder, before, hasEnded).then(() => setTimeout(wait / 8))
      : setTimeout(wait)
    const first = await (kills === most ? ended : Promise.race([ended, moment]))
    if (first !== undefined) return { ended: first, kills, midway, faults }
    child.kill("SIGKILL")
    await ended
    if (isKeeping) midway++
    if (stream.uniform() < 0.5) continue
    const now = look(command.folder)
    for (const part of lost(known, now)) faults.push(`after kill ${kills + 1}: ${part} is lost`)
    if (now !== undefined && now.integrity !== "ok") {
      faults.push(`after kill ${kills + 1}: ${now.integrity}`)
    }
    known = now
  }
}

/** The moments of a seed. */
export const moments = (seed: number): RandomStream.RandomStream =>
  RandomStream.make(Seed.root(seed).child("kills"))
