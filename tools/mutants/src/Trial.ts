/** Which claims reach which mutants, and what becomes of each mutant. */
import { sourceOf } from "./Files.ts"
import { apply, instrument, type Mutant, mutantsOf } from "./Mutants.ts"
import type { Workshop } from "./Workshop.ts"

export interface Effort {
  readonly runs: number
  readonly seed: number
}

/** Of each mutant the claims that reach its place, the quickest first, with their milliseconds. */
export type Reach = ReadonlyMap<
  string,
  ReadonlyArray<readonly [claim: string, milliseconds: number]>
>

export class ClaimsFail extends Error {}

/** A place that loads, or a claim whose time is not known, may take this long. */
const unknownLimit = 120_000
const limit = (milliseconds: number): number => 20_000 + 30 * milliseconds

const folderOf = (file: string): string => file.split("/")[1]!

/** Runs all claims once with every place of `files` marked. Rejects with ClaimsFail where one of them fails as the code is. */
export const measureReach = async (
  workshop: Workshop,
  system: string,
  files: ReadonlyArray<string>,
  effort: Effort,
): Promise<Reach> => {
  const places: Array<Mutant> = []
  const sources: Record<string, string> = {}
  for (const file of files) {
    const source = sourceOf(file)
    const mutants = mutantsOf(file, source)
    sources[file] = instrument(source, mutants, places.length)
    places.push(...mutants)
  }
  const folders = [...new Set([system, ...files.map(folderOf)])]
  const { killed, tried } = await workshop.run(
    { system, folders, sources, places: places.length, ...effort },
    () => unknownLimit * 5,
  )
  if (killed !== undefined)
    throw new ClaimsFail(`${killed.by} ${killed.how} before anything was changed`)
  const reach = new Map(places.map(({ id }) => [id, new Array<readonly [string, number]>()]))
  for (const { claim, milliseconds, reached } of tried.toSorted(
    (a, b) => a.milliseconds - b.milliseconds,
  )) {
    for (const place of reached) reach.get(places[place]!.id)!.push([claim, milliseconds])
  }
  return reach
}

/** The claim that kills the mutant, with how where it is not by being falsified; undefined where all of `claims` hold. */
export const killerOf = async (
  workshop: Workshop,
  system: string,
  mutant: Mutant,
  claims: ReadonlyArray<readonly [claim: string, milliseconds: number | undefined]>,
  effort: Effort,
): Promise<string | undefined> => {
  if (claims.length === 0) return undefined
  const times = new Map(claims)
  const { killed } = await workshop.run(
    {
      system,
      folders: [...new Set([system, folderOf(mutant.file)])],
      sources: { [mutant.file]: apply(sourceOf(mutant.file), mutant) },
      claims: claims.map(([claim]) => claim),
      ...effort,
    },
    (claim) => {
      const known = times.get(claim)
      return known === undefined ? unknownLimit : limit(known)
    },
  )
  if (killed === undefined) return undefined
  return killed.how === "falsified" ? killed.by : `${killed.by} (${killed.how})`
}
