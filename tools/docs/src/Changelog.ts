/** What changed for users, release by release: from the notes in `.changeset`, and from what the release tool made of former ones. */
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

/** The notes of a package's CHANGELOG.md, as the release tool writes it, by version. */
export const released = (name: string, text: string): ReadonlyArray<readonly [string, Note]> =>
  text
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const version = section.split("\n", 1)[0]!.trim()
      return section
        .split(/^### /m)
        .slice(1)
        .flatMap((part) => {
          const bump = bumps.find((each) => part.toLowerCase().startsWith(`${each} changes`))
          if (bump === undefined) return []
          return part
            .split(/^- /m)
            .slice(1)
            .filter((item) => !item.startsWith("Updated dependencies"))
            .map((item) => {
              const body = item
                .replace(/^[0-9a-f]{7,40}: /, "")
                .replaceAll(/^ {2}/gm, "")
                .trim()
              return [version, { bump, packages: [name], text: body }] as const
            })
        })
    })

/** One note of those that several packages have. */
const merged = (notes: ReadonlyArray<Note>): ReadonlyArray<Note> => {
  const byText = new Map<string, Note>()
  for (const note of notes) {
    const before = byText.get(note.text)
    byText.set(
      note.text,
      before === undefined
        ? note
        : {
            text: note.text,
            bump: bumps.find((bump) => bump === before.bump || bump === note.bump)!,
            packages: [...new Set([...before.packages, ...note.packages])],
          },
    )
  }
  return [...byText.values()]
}

const section = (title: string, notes: ReadonlyArray<Note>): string => {
  const parts = bumps.flatMap((bump) => {
    const own = notes.filter((note) => note.bump === bump)
    if (own.length === 0) return []
    const lines = own.map(
      ({ packages, text }) => `- **${packages.join(", ")}**: ${text.replaceAll("\n", "\n  ")}`,
    )
    return [`### ${words[bump]}\n\n${lines.join("\n")}`]
  })
  return [`## ${title}`, ...parts].join("\n\n")
}

/** By numbers, the newest first. */
const newest = (a: string, b: string): number => b.localeCompare(a, "en", { numeric: true })

/** The whole of it, as Markdown. */
export const write = (root: string): string => {
  const files = Files.list(root)
  const read = (file: string) => readFileSync(join(root, file), "utf8")
  const pending = files
    .filter((file) => /^\.changeset\/(?!README).*\.md$/.test(file))
    .map((file) => noteOf(read(file)))
  const before = files
    .filter((file) => /^(?:packages|apps)\/[^/]+\/CHANGELOG\.md$/.test(file))
    .flatMap((file) => released(file.split("/")[1]!, read(file)))
  const versions = [...new Set(before.map(([version]) => version))].toSorted(newest)
  return [
    "# Changelog",
    "Every package has the same version. What a release changed for users, as its changesets say it.",
    ...(pending.length === 0 ? [] : [section("Not released yet", merged(pending))]),
    ...versions.map((version) =>
      section(version, merged(before.flatMap(([of, note]) => (of === version ? [note] : [])))),
    ),
    "",
  ].join("\n\n")
}
