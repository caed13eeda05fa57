/** The process that tries claims and known values against a changed source: one task after the other, each in a fresh graph of modules. */
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Given } from "@nonconvex/evidence/Given"
import * as Plan from "@nonconvex/evidence/Plan"
import * as Verify from "@nonconvex/evidence/Verify"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { valuesOf } from "./Files.ts"
import { freshGraphs } from "./FreshGraph.ts"
import type { Failure, Reply, Task } from "./Protocol.ts"

declare global {
  /** Where each place of an instrumented source says that it is reached. */
  var mutantsReached: Uint8Array
}

const root = join(import.meta.dirname, "../../..")
const urlOf = (path: string): string => pathToFileURL(join(root, path)).href
const importFresh = freshGraphs()
const given: Given = { kernels: Kernels.strict() }

const say = (reply: Reply): void => {
  process.send!(reply)
}

const failureOf = (claim: Claim, { runs, seed }: Task): Failure => {
  const own = Plan.ofClaim(claim, { runs, seed }).filter(({ control }) => control === undefined)
  for (const { search } of own) {
    const { violation } = Verify.searchClaim(claim, undefined, { ...search, shrinks: 0 }, given)
    if (violation !== undefined) return violation.reason === undefined ? "falsified" : "broken"
  }
  return undefined
}

/** A claim, or the known values of the theory, on the source as it is changed. */
interface Trial {
  readonly id: string
  readonly failure: () => Failure
}

const chosen = (all: ReadonlyArray<Trial>, ids: ReadonlyArray<string> | undefined) =>
  ids === undefined ? all : ids.flatMap((id) => all.filter((trial) => trial.id === id))

const reachedPlaces = (): ReadonlyArray<number> => {
  const places = [...globalThis.mutantsReached.entries()].flatMap(([place, mark]) =>
    mark === 0 ? [] : [place],
  )
  globalThis.mutantsReached.fill(0)
  return places
}

interface KnownValues {
  readonly knownValues: () => ReadonlyArray<
    readonly [what: string, actual: number, expected: number]
  >
}

const load = async (task: Task): Promise<ReadonlyArray<Trial>> => {
  const { folders, sources, system } = task
  const values = valuesOf(system)
  const replaced = {
    folders: [`packages/${system}/test/theory/`, ...folders.map((name) => `packages/${name}/src/`)],
    sources: new Map(Object.entries(sources).map(([path, source]) => [urlOf(path), source])),
  }
  const fresh = (path: string) =>
    importFresh(urlOf(path), { ...replaced, folders: replaced.folders.map(urlOf) })
  const { claims } = (await fresh(`packages/${system}/src/evidence/claims/index.ts`)) as {
    readonly claims: ReadonlyArray<Claim>
  }
  const tried = claims.map((claim) => ({ id: claim.id, failure: () => failureOf(claim, task) }))
  if (!existsSync(join(root, values))) return tried
  const { knownValues } = (await fresh(values)) as KnownValues
  const isKnown = ([, actual, expected]: readonly [string, number, number]) =>
    Math.abs(actual - expected) <= 1e-13 * Math.abs(expected)
  const failure = () => (knownValues().every(isKnown) ? undefined : "falsified")
  return [{ id: "known values", failure }, ...tried]
}

const perform = async (task: Task): Promise<void> => {
  globalThis.mutantsReached = new Uint8Array(task.places ?? 0)
  let trials: ReadonlyArray<Trial>
  try {
    trials = await load(task)
  } catch (cause) {
    say({ _tag: "NotLoaded", reason: String(cause) })
    return
  }
  // what is computed when a module loads belongs to every claim
  const always = reachedPlaces()
  for (const { failure: fails, id } of chosen(trials, task.claims)) {
    say({ _tag: "Begun", claim: id })
    const start = performance.now()
    const failure = fails()
    const milliseconds = performance.now() - start
    const reached = [...new Set([...always, ...reachedPlaces()])]
    say({ _tag: "Tried", claim: id, failure, milliseconds, reached })
    if (failure !== undefined && task.places === undefined) break
  }
  say({ _tag: "Done" })
}

process.on("message", (task: Task) => void perform(task))
process.on("disconnect", () => process.exit())
