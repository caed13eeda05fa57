/**
 * How many planted defects a steered search finds, and how many a random one, by hand on an idle machine:
 * `node --conditions=source apps/lab/scripts/plantedDefects.ts`, in about two minutes. `survey` after it chooses the defects anew.
 *
 * A defect is a constant that is 1 % to 20 % too small: the bound of a claim's inequality (`at most`), or what it is compared with (`at least`), is
 * off by a factor of 1 - p/100, which turns a margin m into 1 - (1 - m) / (1 - p/100). Which claims and which p is a rule, fixed before any
 * of the searches that are compared:
 *
 * - A survey draws 2,000 instances of each claim at random and 2,000 by steering, with a seed that no search here has. Left out are claims
 *   of one instance, those that no inequality decides in the first 64 draws, those whose draws take more than 1 ms of a processor each, and
 *   those that the survey falsifies.
 * - The defect of a claim is the largest whole p, of 20 at most, that one random draw in a thousand shows, or none; 1 where more draws show 1.
 *   It is a defect if some draw of the survey shows it; else there is none.
 * - Of each system the rarest defect, by the random draws that show it, and then the rarest of all that are left, until there are twelve;
 *   of equals the first, in the order of the lab.
 *
 * `planted.json` has what the rule chose. Both searches get as many runs as a verification has unless it says otherwise, and as many as the preset
 * `paper` has, with ten seeds; and then both get the same time of a processor, that of so many random runs.
 */
import type { Strategy } from "@nonconvex/evidence/Attempt"
import { attempt } from "@nonconvex/evidence/Verify"
import type { Claim } from "@nonconvex/evidence/Claim"
import * as Plan from "@nonconvex/evidence/Plan"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import process from "node:process"
import * as Planted from "../test/support/Planted.ts"

type Defect = Planted.Planted

const draws = 2000
const rarely = 1 / 1000
const slow = 1
const wanted = 12

const systems = await Effect.runPromise(Planted.systems)

/** Milliseconds of a processor since it began: other programs do not count. */
const stopwatch = (): (() => number) => {
  const before = process.cpuUsage()
  return () => {
    const { system, user } = process.cpuUsage(before)
    return (system + user) / 1000
  }
}

/** The margins of a survey; none of what is left out. */
const surveyed = (claim: Claim, way: Strategy): ReadonlyArray<number> =>
  claim.open((definition) => {
    const relative = Planted.judged(
      definition,
      (margin) => margin,
      (margin) => (margin < 0 ? margin : 1),
    )
    const margins: Array<number> = []
    const spent = stopwatch()
    for (const { control, search } of Plan.ofClaim(claim, { runs: draws, seed: 2026, way })) {
      if (control !== undefined) break
      const found = attempt(relative, search, Planted.given)
      margins.push(...found.margins)
      if (found.violation !== undefined) return []
      const isUndecided = margins.every((margin) => margin === 1)
      if (isUndecided || spent() / margins.length > slow) return []
    }
    return margins
  })

const defectOf = (claim: Claim): Omit<Defect, "claim"> | undefined => {
  if (claim.hasOneInstance === true) return undefined
  const random = surveyed(claim, "random")
  if (random.length === 0) return undefined
  const shownIn = (margins: ReadonlyArray<number>, percent: number) =>
    margins.filter((margin) => margin < percent / 100).length
  let percent = 1
  while (percent < 20 && shownIn(random, percent + 1) <= rarely * draws) percent++
  const shown = shownIn(random, percent)
  return shown > 0 || shownIn(surveyed(claim, "steered"), percent) > 0
    ? { percent, shown }
    : undefined
}

/** What the rule chooses. */
const survey = (): ReadonlyArray<Defect> => {
  const found = systems.flatMap(({ claims, id }) =>
    claims.flatMap((claim): ReadonlyArray<Defect & { readonly system: string }> => {
      const defect = defectOf(claim)
      if (defect === undefined) return []
      console.log(`${claim.id}: ${defect.percent} %, shown by ${defect.shown} of ${draws} draws`)
      return [{ system: id, claim: claim.id, ...defect }]
    }),
  )
  const rarest = found.toSorted((a, b) => a.shown - b.shown)
  const first = systems.flatMap(({ id }) => rarest.find(({ system }) => system === id) ?? [])
  const chosen = [...first, ...rarest.filter((each) => !first.includes(each))].slice(0, wanted)
  return found
    .filter((each) => chosen.includes(each))
    .map(({ claim, percent, shown }) => ({ claim, percent, shown }))
}

if (process.argv[2] === "survey") {
  writeFileSync(Planted.file, `${JSON.stringify(survey(), null, 2)}\n`)
  process.exit()
}

const ways = ["random", "steered"] as const

const isFound = ({ claim: id, percent }: Defect, effort: Plan.Effort): boolean =>
  Planted.isFound(
    systems.flatMap(({ claims }) => claims).find((each) => each.id === id)!,
    percent,
    effort,
  )

const all = JSON.parse(readFileSync(Planted.file, "utf8")) as ReadonlyArray<Defect>
const seeds = Array.from({ length: 10 }, (_, k) => k + 1)

/** Prints a line for each defect, and one for all: of how many seeds each search finds it in so many runs. */
const compare = (name: string, runsOf: (of: Defect, way: Strategy) => number): void => {
  console.log(`\n${name}: found with so many of ${seeds.length} seeds`)
  const sum = { random: 0, steered: 0 }
  for (const of of all) {
    const counts = ways.map((way) => {
      const runs = runsOf(of, way)
      const found = seeds.filter((seed) => isFound(of, { runs, seed, way })).length
      sum[way] += found
      return `${way} ${String(found).padStart(2)} in ${String(runs).padStart(4)} runs`
    })
    console.log(`${counts.join(", ")}: ${of.claim}, ${of.percent} % too small`)
  }
  const mean = (way: Strategy) => (sum[way] / seeds.length).toFixed(1)
  const times = (sum.steered / sum.random).toFixed(1)
  console.log(
    `of ${all.length} defects: random ${mean("random")}, steered ${mean("steered")}: ${times} times as many`,
  )
}

/** How many times the processor time of random runs steered runs take that find nothing: of each the least of five, in turns, for another program only adds. */
const slownessOf = (of: Defect): number => {
  const least = { random: Infinity, steered: Infinity }
  for (let turn = 0; turn < 5; turn++) {
    for (const way of ways) {
      const spent = stopwatch()
      isFound({ ...of, percent: 0 }, { runs: 400, seed: 0, way })
      least[way] = Math.min(least[way], spent())
    }
  }
  return least.steered / least.random
}

for (const runs of [200, 1000]) compare(`${runs} runs each`, () => runs)
const slower = new Map(all.map((of) => [of.claim, slownessOf(of)] as const))
for (const runs of [200, 1000]) {
  compare(`the time of ${runs} random runs each`, ({ claim }, way) =>
    way === "random" ? runs : Math.max(1, Math.round(runs / slower.get(claim)!)),
  )
}
