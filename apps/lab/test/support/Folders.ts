/** Folders for a test, gone after it. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

/** A test that runs beside others says when it ends, by the `onTestFinished` of its context. */
export const temporary = (whenFinished: (end: () => void) => void = onTestFinished): string => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  whenFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** All files below a folder, relative to it, in order. */
export const files = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
