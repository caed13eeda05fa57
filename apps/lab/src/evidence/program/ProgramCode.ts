/** Version of a program: its command line, and the content of the files on which its results depend. */
import type { CodeVersion } from "@nonconvex/evidence/System"
import { wordsOf } from "@nonconvex/interchange/node"
import { canonical } from "@nonconvex/runner/RunKey"
import type { Program } from "@nonconvex/runner/sweep/Sweep"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs"
import { join } from "node:path"
import * as Placeholders from "./Placeholders.ts"
import { UnusableProgram } from "./UnusableProgram.ts"

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** Files that a command line starts: its first word, where that is a path, and its first argument that is a file. */
export const started = (command: string): ReadonlyArray<string> => {
  const fixed = (wordsOf(command) ?? []).map((word) =>
    Placeholders.namesIn(word).length > 0 ? "" : word,
  )
  const [word = "", ...args] = fixed
  const script = args.find((each) => each !== "" && isFile(each))
  return [
    ...(word.includes("/") && isFile(word) ? [word] : []),
    ...(script === undefined ? [] : [script]),
  ]
}

/** Folders that programs write, or that hold the code of others. */
const passedOver: ReadonlySet<string> = new Set(["node_modules", "__pycache__"])

/** The file at a path, or all files below it. Throws the errors of the file system. */
const below = (path: string): ReadonlyArray<string> => {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !passedOver.has(name) && !name.startsWith("."))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(path, entry.name)
      return entry.isDirectory() ? below(inside) : isFile(inside) ? [inside] : []
    })
}

/** Bytes that are read at once: a file may be larger than memory. */
const portion = 2 ** 20

const digestOfFile = (path: string): string => {
  const hash = createHash("sha256")
  const buffer = new Uint8Array(portion)
  const file = openSync(path, "r")
  try {
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, count))
    }
  } finally {
    closeSync(file)
  }
  return hash.digest("hex")
}

/** Sizes and times of files: as long as they stay, so do the contents. */
const stateOf = (files: ReadonlyArray<string>): string =>
  files
    .map((file) => {
      const { mtimeMs, size } = statSync(file)
      return `${file} ${size} ${mtimeMs}`
    })
    .join("\n")

/** Code of a program, and the files that it consists of. */
export interface ProgramCode extends CodeVersion {
  readonly files: ReadonlyArray<string>
}

/** Reads the code of a program. Fails with UnusableProgram if there is none, or if a part cannot be read. */
export const read = (program: Program): Effect.Effect<ProgramCode, UnusableProgram> => {
  const { code = [], command, env, results } = program
  const roots = [...started(command), ...code]
  const refuse = (reason: string) => new UnusableProgram({ command, reason })
  if (roots.length === 0) {
    return Effect.fail(
      refuse(
        "none of its words is a file, so a change of the program would go unnoticed; name its files or folders with --code",
      ),
    )
  }
  const filesNow = () => [...new Set(roots.flatMap(below))]
  const digestOf = (files: ReadonlyArray<string>) =>
    createHash("sha256")
      .update(canonical({ command, env: env ?? false, results: results ?? "" }))
      .update(files.map((file) => `\n${file} ${digestOfFile(file)}`).join(""))
      .digest("hex")
  return Effect.try({
    try: (): ProgramCode => {
      const files = filesNow()
      let [state, digest] = [stateOf(files), digestOf(files)]
      return {
        files,
        begun: digest,
        now: () => {
          const found = filesNow()
          const next = stateOf(found)
          if (next !== state) [state, digest] = [next, digestOf(found)]
          return digest
        },
      }
    },
    catch: (cause) => {
      const { code: word, message, path } = cause as NodeJS.ErrnoException
      const why = word === "ENOENT" ? "no such file or folder" : message
      return refuse(`--code ${path ?? ""}: ${why}`)
    },
  })
}
