/** Files on the disk, removed when their test ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

/** The path of a file that holds `text`, in a folder of its own. */
export const written = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "table-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, "data.csv")
  writeFileSync(path, text)
  return path
}
