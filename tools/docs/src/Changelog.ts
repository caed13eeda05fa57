/** Release notes: `CHANGELOG.md`, with the changesets that no release has taken yet above its releases. */
import * as Files from "@nonconvex/nx-plugin/Files"
import { readFileSync } from "node:fs"
import { join } from "node:path"

type Bump = "major" | "minor" | "patch"

const words: Readonly<Record<Bump, string>> = {
  major: "What breaks",
  minor: "What is new",
  patch: "What is mended",
}

const bumps = ["major", "minor", "patch"] as const

interface Note {
  readonly bump: Bump
  /** The packages that it names, without their scope. */
  readonly packages: ReadonlyArray<string>
  readonly text: string
}

/** The note of a file in `.changeset`: the greatest of its bumps is the kind of it. */
export const noteOf = (text: string): Note => {
  const [, head = "", body = ""] = /^---\n(.*?)^---\n(.*)$/ms.exec(text) ?? []
  const named = [...head.matchAll(/^["']?@nonconvex\/([^"':]+)["']?: (major|minor|patch)$/gm)]
  const bump = bumps.find((each) => named.some(([, , of]) => of === each)) ?? "patch"
  return {
    bump,
    packages: named.filter(([, , of]) => of === bump).map(([, name]) => name!),
    text: body.trim(),
  }
}

const heading = "## Not released yet"

const section = (notes: ReadonlyArray<Note>): string =>
  [
    heading,
    ...bumps.flatMap((bump) => {
      const own = notes.filter((note) => note.bump === bump)
      if (own.length === 0) return []
      const lines = own.map(
        ({ packages, text }) => `- **${packages.join(", ")}**: ${text.replaceAll("\n", "\n  ")}`,
      )
      return [`### ${words[bump]}\n\n${lines.join("\n")}`]
    }),
  ].join("\n\n")

/** The changelog with the notes that wait for a release as its first section, in place of the notes that waited before. */
export const withNotes = (changelog: string, notes: ReadonlyArray<Note>): string => {
  const [head = "", ...sections] = changelog.trimEnd().split(/\n\n(?=## )/)
  const releases = sections.filter((each) => !each.startsWith(heading))
  const waiting = notes.length === 0 ? [] : [section(notes)]
  return `${[head, ...waiting, ...releases].join("\n\n")}\n`
}

/** `CHANGELOG.md` of a workspace, with the notes of its `.changeset`. */
export const read = (root: string): string => {
  const text = (file: string) => readFileSync(join(root, file), "utf8")
  const notes = Files.list(root)
    .filter((file) => /^\.changeset\/(?!README).*\.md$/.test(file))
    .map((file) => noteOf(text(file)))
  return withNotes(text("CHANGELOG.md"), notes)
}
