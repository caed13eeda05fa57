/** The process that tries claims against a changed source: one task after the other, each in a fresh graph of modules. */
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Given } from "@nonconvex/evidence/Given"
import * as Plan from "@nonconvex/evidence/Plan"
import * as Verify from "@nonconvex/evidence/Verify"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
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

const chosen = (all: ReadonlyArray<Claim>, ids: ReadonlyArray<string> | undefined) =>
  ids === undefined ? all : ids.flatMap((id) => all.filter((claim) => claim.id === id))

const reachedPlaces = (): ReadonlyArray<number> => {
  const places = [...globalThis.mutantsReached.entries()].flatMap(([place, mark]) =>
    mark === 0 ? [] : [place],
  )
  globalThis.mutantsReached.fill(0)
  return places
}

const load = async ({ folders, sources, system }: Task): Promise<ReadonlyArray<Claim>> => {
  const entry = urlOf(`packages/${system}/src/evidence/claims/index.ts`)
  const { claims } = (await importFresh(entry, {
    folders: folders.map((folder) => urlOf(`packages/${folder}/src/`)),
    sources: new Map(Object.entries(sources).map(([path, source]) => [urlOf(path), source])),
  })) as { readonly claims: ReadonlyArray<Claim> }
  return claims
}

const perform = async (task: Task): Promise<void> => {
  globalThis.mutantsReached = new Uint8Array(task.places ?? 0)
  let claims: ReadonlyArray<Claim>
  try {
    claims = await load(task)
  } catch (cause) {
    say({ _tag: "NotLoaded", reason: String(cause) })
    return
  }
  // what is computed when a module loads belongs to every claim
  const always = reachedPlaces()
  for (const claim of chosen(claims, task.claims)) {
    say({ _tag: "Begun", claim: claim.id })
    const start = performance.now()
    const failure = failureOf(claim, task)
    const milliseconds = performance.now() - start
    const reached = [...new Set([...always, ...reachedPlaces()])]
    say({ _tag: "Tried", claim: claim.id, failure, milliseconds, reached })
    if (failure !== undefined && task.places === undefined) break
  }
  say({ _tag: "Done" })
}

process.on("message", (task: Task) => void perform(task))
process.on("disconnect", () => process.exit())
