/** Private tables in scratch folders, and releases of them. */
import { Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { ReleaseReport, SavedRelease } from "../../src/data/release/ReleaseReport.ts"
import { temporary } from "./Folders.ts"
import { nonconvex } from "./InProcess.ts"

export const decode = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.toCodecJson(ReleaseReport)),
)
export const decodeSaved = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.toCodecJson(SavedRelease)),
)

/** 4000 rows near a line, all of them in the ball of the bound. */
export const rows = Array.from({ length: 4000 }, (_, i) => [0.8, 0.4, ((i % 7) - 3) / 100])

export const written = (content: string): string => {
  const file = join(temporary(), "people.csv")
  writeFileSync(file, content)
  return file
}

export const table = (body: ReadonlyArray<ReadonlyArray<number>> = rows): string =>
  written(`a,b,c\n${body.map((row) => row.join(",")).join("\n")}\n`)

export const flags = "--bound 1 --rank 1 --epsilon 1 --delta 1e-6 --neighbours replace".split(" ")

export const release = (file: string, ...more: ReadonlyArray<string>) =>
  nonconvex([], ["release", file, ...flags, ...more])
