/**
 * Temporary folders of a command next to its results. Each names its machine and program, which distinguishes leftovers of a
 * killed program from files in use.
 */
import { Effect, FileSystem, Path } from "effect"
import { hostname } from "node:os"
import process from "node:process"

/** `partial`: results in progress; `former`: replaced files, kept until all new ones are in place. */
export type Kind = "partial" | "former"

const beginning = (kind: Kind): string => `.${kind}-${hostname()}-`

/** Prefix of the name of such a folder of this program. */
export const prefix = (kind: Kind): string => `${beginning(kind)}${process.pid}-`

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // of another user
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** Tests whether a folder belongs to a program of this machine that has ended. */
const isLeft = (name: string, kind: Kind): boolean => {
  if (!name.startsWith(beginning(kind))) return false
  const pid = /^\d+(?=-)/.exec(name.slice(beginning(kind).length))
  return pid !== null && !isAlive(Number(pid[0]))
}

/** Restores files that a killed program was replacing, and removes its leftovers from `folder`. */
export const clear = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* fs.readDirectory(folder)
  for (const name of names.filter((each) => isLeft(each, "former"))) {
    const former = path.join(folder, name)
    for (const entry of yield* fs.readDirectory(former)) {
      const place = path.join(folder, entry)
      if (!(yield* fs.exists(place))) yield* fs.rename(path.join(former, entry), place)
    }
    yield* fs.remove(former, { recursive: true })
  }
  for (const name of names.filter((each) => isLeft(each, "partial"))) {
    yield* fs.remove(path.join(folder, name), { recursive: true })
  }
})
