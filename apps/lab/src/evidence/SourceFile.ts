/** Places of claims, errata and experiments among the sources of their systems. */
import * as FileName from "./FileName.ts"
import type { System } from "@nonconvex/evidence/System"
import { FileSystem } from "effect/FileSystem"
import { Effect } from "effect"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"

/** Statements and experiments with a file, and the folders that may contain it. */
export interface Sought {
  readonly id: string
  readonly system: System
  readonly folders: ReadonlyArray<string>
}

/** All claims, errata and experiments of some systems, each of which has its own file. */
export const soughtIn = (system: System): ReadonlyArray<Sought> => {
  const among = (all: ReadonlyArray<{ readonly id: string }>, ...folders: ReadonlyArray<string>) =>
    all.map(({ id }) => ({ id, system, folders }))
  return [
    ...among(system.claims, "claims", "laws"),
    ...among(system.errata, "errata"),
    ...among(system.experiments, "experiments"),
  ]
}

/** Source of a module compiled into `dist`, which is published next to it. */
const sourceOf = (file: string): string => file.replace(/\/dist\/src\/(.*)\.js$/, "/src/$1.ts")

/**
 * File that defines something, relative to the program's folder; the module of its system if no file is named by the id.
 * Undefined for a system that names no module.
 */
export const fileOf = Effect.fn("Where.fileOf")(function* ({ folders, id, system }: Sought) {
  if (system.module === undefined) return undefined
  const fs = yield* FileSystem
  const module = sourceOf(fileURLToPath(system.module))
  const folder = module.slice(0, module.lastIndexOf("/"))
  const files = folders.map((each) => `${folder}/${each}/${FileName.ofId(id)}.ts`)
  const found = yield* Effect.filter(files, (file) =>
    Effect.orElseSucceed(fs.exists(file), () => false),
  )
  return relative(process.cwd(), found[0] ?? module)
})
