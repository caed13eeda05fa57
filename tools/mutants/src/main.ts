/** `npm run mutants`: small wrong changes to theory and steps, and which claims see them; `--help` says how. */
import { chosenOf, type Fate, fatesOf, outdated } from "./Fates.ts"
import * as Files from "./Files.ts"
import { ClaimsFail } from "./Trial.ts"
import { closeAll } from "./Workshop.ts"
import { type Asked, help, parsed, WrongUsage } from "./Usage.ts"

const counted = (fates: ReadonlyArray<Fate>): Files.Count => {
  const killed = fates.filter(({ killer }) => killer !== undefined).length
  const explained = fates.filter(
    ({ isExplained, killer }) => isExplained && killer === undefined,
  ).length
  return { mutants: fates.length, killed, explained, survived: fates.length - killed - explained }
}

const percent = ({ killed, mutants }: Files.Count): string =>
  mutants === 0 ? "none" : `${((100 * killed) / mutants).toFixed(1)} %`

const summary = (what: string, count: Files.Count): string =>
  `${what}: ${count.mutants} mutants, ${count.killed} killed by claims (${percent(count)}), ${count.explained} explained, ${count.survived} survived`

const scoreOf = (system: string, fates: ReadonlyArray<Fate>, { effort }: Asked): Files.Score => {
  const theory = new Set(Files.theoryOf(system))
  const killers = fates.flatMap(({ killer, mutant }) =>
    killer === undefined ? [] : [[mutant.id, killer] as const],
  )
  const survivors = fates.flatMap(({ isExplained, killer, mutant }) =>
    killer === undefined && !isExplained ? [[mutant.id, mutant.change] as const] : [],
  )
  return {
    ...effort,
    theory: counted(fates.filter(({ mutant }) => theory.has(mutant.file))),
    steps: counted(fates.filter(({ mutant }) => !theory.has(mutant.file))),
    killers: Object.fromEntries(killers),
    survivors: Object.fromEntries(survivors),
  }
}

/** Tries the mutants of a system and says what became of them; the exit code. */
const tried = async (system: string, asked: Asked): Promise<0 | 1 | 2> => {
  const stale = outdated(system)
  for (const finding of stale) console.error(`explained/${system}.json: ${finding}`)
  if (asked.list) {
    for (const { change, id, line } of chosenOf(system, asked))
      console.log(`${id} (line ${line}): ${change}`)
    return stale.length > 0 ? 1 : 0
  }
  const fates = await fatesOf(system, asked)
  const score = scoreOf(system, fates, asked)
  console.log(summary(`${system}, theory`, score.theory))
  console.log(summary(`${system}, steps`, score.steps))
  if (asked.keep) Files.writeScore(system, score)
  if (stale.length > 0) return 1
  return Object.keys(score.survivors).length > 0 ? 2 : 0
}

const run = async (): Promise<number> => {
  if (process.argv.includes("--help")) {
    console.log(help)
    return 0
  }
  const asked = parsed()
  let code = 0
  for (const system of asked.systems) code = Math.max(code, await tried(system, asked))
  return code
}

// what a worker loops in ends with the program, by Ctrl-C as by itself
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    closeAll()
    process.exit(code)
  })
}

try {
  process.exitCode = await run()
} catch (cause) {
  if (!(cause instanceof WrongUsage || cause instanceof ClaimsFail)) throw cause
  console.error(cause.message)
  process.exitCode = 1
}
