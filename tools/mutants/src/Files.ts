/** What a system is mutated in, and what is written down of it. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export const root = join(import.meta.dirname, "../../..")
const here = join(import.meta.dirname, "..")

const read = <A>(path: string, absent: A): A =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as A) : absent

/** The TypeScript files at `path`, a file or a folder, from the root. */
const filesAt = (path: string): ReadonlyArray<string> =>
  statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => `${path}/${name}`)
        .toSorted()
    : [path]

const scopes = read<Readonly<Record<string, ReadonlyArray<string>>>>(join(here, "scopes.json"), {})

/** The systems, by the folders of their packages. */
export const systems: ReadonlyArray<string> = Object.keys(scopes)

export const theoryOf = (system: string): ReadonlyArray<string> =>
  filesAt(`packages/${system}/src/theory`)

/** The module of known values of a system's theory, where it has one. */
export const valuesOf = (system: string): string => `packages/${system}/test/theory/knownValues.ts`

/** Tests whether a file holds a compiled loop: tests compare it with the loop over `step`, to the bit. */
const isTwin = (path: string): boolean => /(?:Twin|\.kernel(?:\.generated)?)\.ts$/.test(path)

/** The files of the steps of its methods that scopes.json names, without their twins. */
export const stepsOf = (system: string): ReadonlyArray<string> =>
  (scopes[system] ?? []).flatMap(filesAt).filter((path) => !isTwin(path))

const sources = new Map<string, string>()

/** The source of a file as it was when it was first asked for: an edit meanwhile moves no mutant of this run. */
export const sourceOf = (path: string): string => {
  const known = sources.get(path)
  if (known !== undefined) return known
  const source = readFileSync(join(root, path), "utf8")
  sources.set(path, source)
  return source
}

/** Why a mutant that no claim kills may stay: by its id. */
export interface Explanation {
  /** The change that was looked at; another one under this id is not explained. */
  readonly change: string
  readonly reason: string
}

export const explanationsOf = (system: string): Readonly<Record<string, Explanation>> =>
  read(join(here, "explained", `${system}.json`), {})

export interface Count {
  readonly mutants: number
  readonly killed: number
  readonly explained: number
  readonly survived: number
}

export interface Score {
  readonly runs: number
  readonly seed: number
  readonly theory: Count
  readonly steps: Count
  /** By the id of each mutant that was killed: the claim that did it. */
  readonly killers: Readonly<Record<string, string>>
  /** By the id of each mutant that was neither killed nor explained: its change. */
  readonly survivors: Readonly<Record<string, string>>
}

const scoreFile = (system: string) => join(here, "scores", `${system}.json`)

export const scoreOf = (system: string): Score | undefined => read(scoreFile(system), undefined)

export const writeScore = (system: string, score: Score): void =>
  writeFileSync(scoreFile(system), `${JSON.stringify(score, null, 2)}\n`)
