/** What the command line lists of the project, as the results of a run that found all of it as stated. */
import { type Results } from "@nonconvex/lab"
import { spawnSync } from "node:child_process"
import { join } from "node:path"

export const root = join(import.meta.dirname, "../../../..")

const lab = (...words: ReadonlyArray<string>): unknown => {
  const main = join(root, "apps/lab/src/main.ts")
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", main, ...words, "--json"],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 27 },
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

interface Listed {
  readonly id: string
  readonly title: string
  readonly question: string
  readonly kind: "claim" | "erratum"
  readonly statement: string
  readonly source: object
}

/** No margin is shown on the pages that are tested: only names, statements and a verdict. */
export const results = (): Results => {
  const systems = lab("systems") as ReadonlyArray<Listed>
  const statements = lab("claims") as ReadonlyArray<Listed>
  const experiments = lab("experiments") as ReadonlyArray<Listed>
  const [refuted] = lab(
    "verify",
    "dp-lowrank/gap-of-one-norm",
    "--runs",
    "20",
    "--no-store",
  ) as ReadonlyArray<object>
  const of =
    ({ id }: Listed) =>
    (each: Listed) =>
      each.id.startsWith(`${id}/`)
  return {
    format: 1,
    provenance: { preset: "smoke" },
    failures: [],
    studies: lab("study"),
    systems: systems.map((system) => ({
      ...system,
      paper: { title: system.title },
      experiments: experiments.filter(of(system)),
      verdicts: statements
        .filter(of(system))
        .map((statement) =>
          statement.id === "dp-lowrank/gap-of-one-norm"
            ? refuted
            : { ...statement, _tag: statement.kind === "claim" ? "Held" : "Unrefuted", runs: 20 },
        ),
    })),
  } as unknown as Results
}
