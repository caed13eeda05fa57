/** Notes for the next release: one file a change, in .changeset/. */
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { readFileSync } from "node:fs"
import { join, posix } from "node:path"
import type { Check } from "../Check.ts"
import { fromFindings } from "../Check.ts"
import * as Command from "../Command.ts"

/** Words of a note: it says what users see, and no more. */
const mostWords = 100

/** Problems of the text of one changeset. */
export const problems = (text: string, packages: ReadonlyArray<string>): ReadonlyArray<string> => {
  const match = /^---\n(.*?)^---\n(.*)$/ms.exec(text)
  if (match === null) return ["has no head between two lines of ---"]
  const [, head = "", summary = ""] = match
  const bumps = head.split("\n").filter((line) => line.trim() !== "")
  return [
    ...(summary.trim() === "" ? ["has no summary"] : []),
    ...(summary.trim().split(/\s+/).length > mostWords
      ? [`has more than ${mostWords} words: say what users see`]
      : []),
    ...bumps.flatMap((line) => {
      const [, name, bump] = /^["']?([^"':]+)["']?: (\w+)$/.exec(line) ?? []
      if (name === undefined || bump === undefined) return [`cannot read ${line}`]
      return [
        ...(packages.includes(name) ? [] : [`${name} is no package that is released`]),
        ...(["patch", "minor", "major"].includes(bump) ? [] : [`${bump} is no kind of release`]),
      ]
    }),
  ]
}

interface Config {
  readonly access?: string
  readonly baseBranch?: string
  readonly fixed?: ReadonlyArray<ReadonlyArray<string>>
}

/** What is wrong with the configuration: all our packages are public and share one version. */
export const configProblems = (
  { access, baseBranch, fixed = [] }: Config,
  packages: ReadonlyArray<string>,
): ReadonlyArray<string> => [
  ...(access === "public" ? [] : ["access is not public"]),
  ...(baseBranch === "main" ? [] : ["baseBranch is not main"]),
  ...packages
    .filter((name) => !fixed.flat().some((pattern) => posix.matchesGlob(name, pattern)))
    .map((name) => `${name} is in no fixed group, so it would get a version of its own`),
]

/** Problems of the changelog: it says what the version of the packages changed. */
export const changelogProblems = (text: string, version: string): ReadonlyArray<string> =>
  text.split("\n").includes(`## ${version}`) ? [] : [`has no section "## ${version}"`]

/** What the release tool itself says, where it can ask git. */
const toolProblems = async (root: string): Promise<ReadonlyArray<string>> => {
  const { code } = await Command.run(root, "git", ["rev-parse", "--verify", "HEAD"])
  if (code !== 0) return []
  // Against HEAD, so that it reads the configuration without needing a branch to compare with. What is
  // not committed yet may still want its note, which is no error here.
  const status = await Command.run(root, "changeset", ["status", "--since=HEAD"])
  return status.code === 0 || status.output.includes("no changesets were found")
    ? []
    : [status.output]
}

export const changesets: Check = {
  name: "changesets",
  rule: "the release configuration is valid, every changeset names packages that exist, and CHANGELOG.md has the version",
  run: async (root) => {
    const read = (file: string) => readFileSync(join(root, file), "utf8")
    const { packages } = Workspace.read(root)
    const released = packages.filter((p) => p.manifest.private !== true).map((p) => p.name)
    const config = ".changeset/config.json"
    const version = packages.find((p) => p.manifest.private !== true)?.manifest.version ?? ""
    const notes = Files.list(root).filter((file) => /^\.changeset\/(?!README).*\.md$/.test(file))
    return fromFindings([
      ...configProblems(JSON.parse(read(config)) as Config, released).map((p) => `${config}: ${p}`),
      ...changelogProblems(read("CHANGELOG.md"), version).map((p) => `CHANGELOG.md: ${p}`),
      ...notes.flatMap((file) => problems(read(file), released).map((p) => `${file}: ${p}`)),
      ...(await toolProblems(root)),
    ])
  },
}
