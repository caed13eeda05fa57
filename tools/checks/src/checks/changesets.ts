/** Notes for the next release: one file a change, in .changeset/. */
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Check } from "../Check.ts"
import { failed, fromFindings } from "../Check.ts"
import * as Command from "../Command.ts"

/** What is wrong with the text of one changeset. */
export const problems = (text: string, packages: ReadonlyArray<string>): ReadonlyArray<string> => {
  const match = /^---\n(.*?)^---\n(.*)$/ms.exec(text)
  if (match === null) return ["has no head between two lines of ---"]
  const [, head = "", summary = ""] = match
  const bumps = head.split("\n").filter((line) => line.trim() !== "")
  return [
    ...(summary.trim() === "" ? ["has no summary"] : []),
    ...bumps.flatMap((line) => {
      const [, name, bump] = /^["']?([^"':]+)["']?: (\w+)$/.exec(line) ?? []
      if (name === undefined || bump === undefined) return [`cannot read ${line}`]
      return [
        ...(packages.includes(name) ? [] : [`${name} is no package of the workspace`]),
        ...(["patch", "minor", "major"].includes(bump) ? [] : [`${bump} is no kind of release`]),
      ]
    }),
  ]
}

export const changesets: Check = {
  name: "changesets",
  rule: "the release configuration is valid, and every changeset names packages that exist",
  run: async (root) => {
    // Against HEAD, so that it reads the configuration without needing a branch to compare with. What
    // is not committed yet may still want its note, which is no error here.
    const { code, output } = await Command.run(root, "changeset", ["status", "--since=HEAD"])
    if (code !== 0 && !output.includes("no changesets were found")) return failed(output)
    const names = Workspace.read(root).packages.map((p) => p.name)
    return fromFindings(
      Files.list(root)
        .filter((file) => /^\.changeset\/(?!README).*\.md$/.test(file))
        .flatMap((file) =>
          problems(readFileSync(join(root, file), "utf8"), names).map((p) => `${file}: ${p}`),
        ),
    )
  },
}
