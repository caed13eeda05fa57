/** What the command line lists of the project, as the results of a run that found all of it as stated. */
import { type Results } from "@nonconvex/lab/internal/site"
import { spawnSync } from "node:child_process"
import { join } from "node:path"

export const root = join(import.meta.dirname, "../../../..")

/** What commands of the lab print as JSON, one after another in one program: most of the time of each would be that of its start. */
const lab = (
  ...commands: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<ReadonlyArray<unknown>> => {
  const asked = commands.map((words) => `${JSON.stringify([...words, "--json"])}\n`).join("")
  const program = join(root, "apps/lab/test/fixtures/resident.ts")
  const { stderr, stdout } = spawnSync(process.execPath, ["--conditions=source", program], {
    cwd: root,
    encoding: "utf8",
    input: asked,
    maxBuffer: 1 << 27,
  })
  const answers = stdout.split("\n").slice(0, -1)
  if (answers.length !== commands.length) throw new Error(stderr)
  return answers.map((line) => {
    const ended = JSON.parse(line) as Ended
    if (ended.code !== 0) throw new Error(ended.stderr)
    return JSON.parse(ended.stdout) as ReadonlyArray<unknown>
  })
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Listed {
  readonly id: string
  readonly title: string
  readonly arxiv: string
  readonly question: string
  readonly kind: "claim" | "erratum"
  readonly statement: string
  readonly source: object
}

/** No margin is shown on the pages that are tested: only names, statements and a verdict. */
export const results = (): Results => {
  const [systems, statements, experiments, verdicts, studies] = lab(
    ["systems"],
    ["claims"],
    ["experiments"],
    ["verify", "dp-lowrank/gap-of-one-norm", "--runs", "20", "--no-store"],
    ["study"],
  ) as unknown as readonly [
    ReadonlyArray<Listed>,
    ReadonlyArray<Listed>,
    ReadonlyArray<Listed>,
    ReadonlyArray<object>,
    unknown,
  ]
  const [refuted] = verdicts
  const of =
    ({ id }: Listed) =>
    (each: Listed) =>
      each.id.startsWith(`${id}/`)
  return {
    format: 1,
    provenance: { preset: "smoke" },
    failures: [],
    studies,
    systems: systems.map((system) => ({
      ...system,
      paper: {
        title: system.title,
        authors: `Ada ${system.id}`,
        venue: "Nowhere",
        year: 2000,
        arxiv: system.arxiv,
      },
      experiments: experiments
        .filter(of(system))
        .map((each) => ({ ...each, expectations: [], figures: [] })),
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
