/** Reads logs of a test. */
import { NodeServices } from "@effect/platform-node"
import { Effect } from "effect"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import * as TensorBoard from "../../src/logs/TensorBoard.ts"
import * as JsonLog from "../../src/logs/JsonLog.ts"

/** A temporary folder, deleted after the test. */
export const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Writes a file below a folder, and creates the folders that it needs. */
export const write = (folder: string, name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

export const provided = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>) =>
  Effect.provide(effect, NodeServices.layer)

/** The numbers of a log by name, as pairs of step and value. */
export const numbersOf = ({
  columns,
}: {
  readonly columns: ReadonlyArray<{
    readonly name: string
    readonly steps: Float64Array
    readonly values: Float64Array
  }>
}): Readonly<Record<string, ReadonlyArray<readonly [number, number]>>> =>
  Object.fromEntries(
    columns.map(({ name, steps, values }) => [
      name,
      Array.from(steps, (step, k) => [step, values[k]!] as const),
    ]),
  )

/** Content of event files that belong to one run. */
export const events = (...contents: ReadonlyArray<Uint8Array>) => {
  const folder = temporary()
  const paths = contents.map((content, k) => write(folder, `events.out.tfevents.${k}`, content))
  return provided(TensorBoard.read([paths[0]!, ...paths.slice(1)]))
}

/** Content of a JSON file. */
export const json = (content: string | Uint8Array) =>
  provided(JsonLog.read(write(temporary(), "log.json", content)))
