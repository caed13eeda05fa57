/** A file in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

/** A file that is not there yet, in a folder that is removed when the test ends. */
export const scratchFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-store-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, "runs.sqlite")
}
