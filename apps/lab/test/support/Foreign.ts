/** Networks of other programs as golden/make.py of interchange made them, and data for them. */
import { encodeNpz } from "@nonconvex/interchange/node"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporary } from "./Folders.ts"

export const golden = fileURLToPath(
  new URL("../../../../packages/interchange/test/networks/golden/", import.meta.url),
)
/** Writes a file into a folder of its own. */
export const file = (name: string, content: string | Uint8Array): string => {
  const path = join(temporary(), name)
  writeFileSync(path, content)
  return path
}

export const array = (shape: ReadonlyArray<number>, values: ReadonlyArray<number>) => ({
  shape,
  values: Float64Array.from(values),
})

export const npz = (arrays: Readonly<Record<string, ReturnType<typeof array>>>): string =>
  file("data.npz", encodeNpz(Object.entries(arrays).map(([name, each]) => ({ name, ...each }))))

/** The samples of golden/make.py. */
export const sample = (i: number): number => Math.fround(1.3 * Math.sin(2.3 * i + 0.4))
export const labels = [0, 2, 1, 2]
