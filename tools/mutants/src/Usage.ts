/** What can be asked of `npm run mutants`, and what is wrong with what was asked. */
import { parseArgs } from "node:util"
import { kinds } from "./Edits.ts"
import * as Files from "./Files.ts"

/** Of the steps, whose files are long, so many are drawn where nothing else is asked. */
export const stepsSample = 120

export const help = `npm run mutants -- [<system> ...] [options]

Changes one factor, sign, index, comparison or call in src/theory and in the steps of a system (tools/mutants/scopes.json), loads its claims
with the changed source, and tries them: a mutant is killed where a claim is falsified, breaks or does not end. Controls are not tried, and
no file is changed. Without a system: all of them. Every mutant of theory, and ${stepsSample} of the steps drawn by the seed.

  --file <text>    only files whose path contains this, every mutant of them
  --only <text>    only mutants whose id contains this
  --sample <n>     n of what would be tried, drawn by the seed
  --seed <n>       of the sample and of the claims; default 1
  --runs <n>       instances of each claim; default 64, the first ones of \`verify --seed\`
  --keep           writes tools/mutants/scores/<system>.json, without --file, --only and --sample
  --again          takes from the kept score what was killed then, and tries the others that nothing explains
  --list           says which mutants there are, and tries none
  --verbose        a line for each mutant, not only for those that survive

An id is <file>#<function>:<kind>:<n>. The kinds:
${Object.entries(kinds)
  .map(([kind, what]) => `  ${kind.padEnd(15)} ${what}`)
  .join("\n")}
Left out: types, messages, checks of inputs, tolerances below 1e-5 and limits from 50 on.

A mutant that survives for a reason is named in tools/mutants/explained/<system>.json:
  "<id>": { "change": "<what the list shows>", "reason": "equal for every input, because ..." }
Exit 0: all killed or explained; 1: wrong usage, an explanation that no longer fits, or a function of theory that no claim names; 2: some survived.`

const options = {
  file: { type: "string" },
  only: { type: "string" },
  sample: { type: "string" },
  seed: { type: "string", default: "1" },
  runs: { type: "string", default: "64" },
  again: { type: "boolean", default: false },
  keep: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const

export class WrongUsage extends Error {}

const count = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new WrongUsage(`--${name} ${text}: give a whole number from 1 on`)
  return value
}

const usage = () => {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (cause) {
    throw new WrongUsage((cause as Error).message)
  }
}

export const parsed = () => {
  const { positionals, values } = usage()
  const unknown = positionals.filter((name) => !Files.systems.includes(name))
  if (unknown.length > 0) {
    throw new WrongUsage(
      `no system is named ${unknown.join(", ")}; there are ${Files.systems.join(", ")}`,
    )
  }
  const { file, only, sample: asked, ...rest } = values
  if (rest.keep && (file ?? only ?? asked) !== undefined) {
    throw new WrongUsage("--keep is for the whole score: leave out --file, --only and --sample")
  }
  return {
    ...rest,
    file,
    only,
    systems: positionals.length === 0 ? Files.systems : positionals,
    effort: { runs: count("runs", values.runs), seed: count("seed", values.seed) },
    sample: asked === undefined ? undefined : count("sample", asked),
  }
}

export type Asked = ReturnType<typeof parsed>
