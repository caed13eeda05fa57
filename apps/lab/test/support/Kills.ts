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
  /** Of the kills, those after which something was kept and something was not. */
  readonly midway: number
  /** What was wrong with the store after a kill, in words. */
  readonly faults: ReadonlyArray<string>
}

/**
 * Starts a command, kills it after up to `longest` milliseconds, and starts it again, until it ends by itself, at the latest after `most`
 * kills. After every other kill the store is looked at; after the rest the command itself is the first to open it.
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
    const { child, ended } = start(command)
    const isFree = kills === most
    const first = await Promise.race([
      ended,
      ...(isFree ? [] : [setTimeout(stream.uniform() * longest, undefined)]),
    ])
    if (first !== undefined) return { ended: first, kills, midway, faults }
    child.kill("SIGKILL")
    await ended
    if (stream.uniform() < 0.5) continue
    const now = look(command.folder)
    for (const part of lost(known, now)) faults.push(`after kill ${kills + 1}: ${part} is lost`)
    if (now !== undefined && now.integrity !== "ok") {
      faults.push(`after kill ${kills + 1}: ${now.integrity}`)
    }
    if ((now?.parts.size ?? 0) > (known?.parts.size ?? 0)) midway++
    known = now
  }
}

/** The moments of a seed. */
export const moments = (seed: number): RandomStream.RandomStream =>
  RandomStream.make(Seed.root(seed).child("kills"))
