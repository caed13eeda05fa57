/** Which mutants are asked for, and what becomes of each. */
import * as Files from "./Files.ts"
import { type Mutant, mutantsOf, sample } from "./Mutants.ts"
import { killerOf, measureReach, type Reach } from "./Trial.ts"
import { type Asked, stepsSample } from "./Usage.ts"
import { Workshop } from "./Workshop.ts"

/** Recognises a mutant of a twin beside its step, which tests compare with the loop over that step. */
const isOfTwin = ({ id }: Mutant): boolean =>
  /[#.](?:twin|twinOfFixed|twinOfDrawn|takeDrawn|descend)[.:]/.test(id)

const mutantsIn = (files: ReadonlyArray<string>) =>
  files
    .flatMap((file) => mutantsOf(file, Files.sourceOf(file)))
    .filter((mutant) => !isOfTwin(mutant))

export const chosenOf = (system: string, asked: Asked): ReadonlyArray<Mutant> => {
  const theory = mutantsIn(Files.theoryOf(system))
  const steps = mutantsIn(Files.stepsOf(system))
  const { file, only } = asked
  const narrowed =
    file === undefined && only === undefined
      ? [...theory, ...sample(steps, stepsSample, asked.effort.seed)]
      : [...theory, ...steps].filter(
          (mutant) => mutant.file.includes(file ?? "") && mutant.id.includes(only ?? ""),
        )
  return asked.sample === undefined ? narrowed : sample(narrowed, asked.sample, asked.effort.seed)
}

/** The explanations that name no mutant, or another change. */
export const outdated = (system: string): ReadonlyArray<string> => {
  const changes = new Map(
    mutantsIn([...Files.theoryOf(system), ...Files.stepsOf(system)]).map(({ change, id }) => [
      id,
      change,
    ]),
  )
  return Object.entries(Files.explanationsOf(system)).flatMap(([id, { change }]) =>
    changes.get(id) === change
      ? []
      : [`${id}: ${changes.get(id) ?? "there is no such mutant"}, not ${change}`],
  )
}

/** What became of a mutant: the claim that killed it, or its explanation, or neither. */
export interface Fate {
  readonly mutant: Mutant
  readonly killer?: string
  readonly isExplained: boolean
}

export const fatesOf = async (system: string, asked: Asked): Promise<ReadonlyArray<Fate>> => {
  const explanations = Files.explanationsOf(system)
  const known = Files.scoreOf(system)?.killers ?? {}
  const workshop = new Workshop()
  let reach: Reach | undefined
  const fates: Array<Fate> = []
  try {
    for (const mutant of chosenOf(system, asked)) {
      const isExplained = explanations[mutant.id] !== undefined
      // the one that did it last time first: it spares the search for the claims that reach the place
      const recorded = known[mutant.id]
      const last = recorded?.replace(/ \(.*\)$/, "")
      if (asked.again && recorded !== undefined) {
        fates.push({ mutant, isExplained, killer: recorded })
        continue
      }
      let killer: string | undefined
      if (last !== undefined && last !== "loading" && reach === undefined) {
        killer = await killerOf(workshop, system, mutant, [[last, undefined]], asked.effort)
      }
      if (killer === undefined && !(isExplained && (asked.again || asked.sample !== undefined))) {
        reach ??= await measureReach(
          workshop,
          system,
          [...Files.theoryOf(system), ...Files.stepsOf(system)],
          asked.effort,
        )
        const claims = reach.get(mutant.id) ?? []
        const ordered = claims.toSorted(([a], [b]) => Number(b === last) - Number(a === last))
        killer = await killerOf(workshop, system, mutant, ordered, asked.effort)
        if (killer === undefined && asked.verbose)
          console.log(`  reached by ${claims.map(([claim]) => claim).join(", ") || "no claim"}`)
      }
      fates.push({ mutant, isExplained, ...(killer === undefined ? {} : { killer }) })
      const fate = killer ?? (isExplained ? "explained" : "SURVIVED")
      if (asked.verbose || (killer === undefined && !isExplained)) {
        console.log(`${mutant.id} (line ${mutant.line}): ${mutant.change}: ${fate}`)
      } else if (killer !== undefined && isExplained) {
        console.log(`${mutant.id}: killed by ${killer}, so its explanation can go`)
      }
    }
  } finally {
    workshop.close()
  }
  return fates
}
