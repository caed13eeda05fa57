/** The store of a command: the file or the database that its flags name. */
import * as Code from "@nonconvex/runner/node/Code"
import { StoreFailed } from "@nonconvex/runner/RunStore"
import type * as KeptRuns from "@nonconvex/store/KeptRuns"
import type { NoSqlite } from "@nonconvex/store/KeptRuns"
import { Runs } from "@nonconvex/store/Runs"
import { Config, Effect, FileSystem, Layer, Option, Path } from "effect"
import { isBuiltin } from "node:module"
import * as Provenance from "../evidence/report/Provenance.ts"
import * as Capabilities from "./Capabilities.ts"
import { Misfit, NoStore } from "./Failure.ts"
import { Quiet } from "./Flags.ts"
import { Progress, say } from "./Progress.ts"
import { type Keeping, type Place, standard } from "./Stores.ts"
import * as Table from "./TextTable.ts"

/** Value of NONCONVEX_STORE that disables the store. */
const nothing = "none"

const fromEnvironment = Effect.map(
  Effect.orDie(Config.option(Config.String("NONCONVEX_STORE"))),
  (set) => Option.getOrUndefined(Option.filter(set, (text) => text !== "")),
)

/** Hides a folder that holds only runs from git, since it is not part of the user's project. */
const hideFromGit = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(file)
  if (path.basename(folder) !== ".runs" || !isBuiltin("node:sqlite")) return
  if (yield* fs.exists(folder)) return
  yield* fs.makeDirectory(folder, { recursive: true })
  yield* fs.writeFileString(path.join(folder, ".gitignore"), "*\n")
})

/** Tests whether a file exists or can be created in its folder. */
const canBegin = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (yield* Effect.isSuccess(fs.access(file))) return true
  return yield* Effect.isSuccess(fs.access(path.dirname(file), { writable: true }))
})

/** Provenance that a program with these flags writes to a store. */
export const options = Effect.fnUntraced(function* (chosen: Capabilities.Chosen, fresh: boolean) {
  const described = Capabilities.described(chosen)
  const screen = yield* Progress
  const quiet = yield* Quiet
  const where = yield* Effect.context<Provenance.Platform>()
  return {
    capabilities: Code.identityOf(described),
    fresh,
    code: (system) => Effect.sync(() => Code.digestOf(system)),
    provenance: Effect.provideContext(Provenance.here(described.kernels), where),
    say: (line) => Effect.sync(() => void (quiet || screen.write(`${line}\n`))),
  } satisfies Omit<KeptRuns.Options, "place" | "explain">
})

/** Runs in a file, with the module that opens it; a command that stores nothing does not load it. */
const inFile = (...kept: Parameters<typeof KeptRuns.layerFile>) =>
  Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("@nonconvex/store/KeptRuns")),
      ({ layerFile }) => layerFile(...kept),
    ),
  )

const inDatabase = (url: NonNullable<Place["database"]>, of: Omit<KeptRuns.Options, "place">) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const [Postgres, { layer: keeping }] = yield* Effect.promise(() =>
        Promise.all([import("@nonconvex/store/Postgres"), import("@nonconvex/store/KeptRuns")]),
      )
      const { layer, place, reasonOf } = yield* Postgres.at(url)
      return Layer.provide(keeping({ ...of, place, explain: reasonOf }), layer)
    }),
  )

const both = new Misfit({ flag: "store", needs: "no --database: give only one of the two" })

type Needs =
  | FileSystem.FileSystem
  | Path.Path
  | Progress
  | Provenance.Platform
  | Effect.Services<typeof Quiet>

/**
 * Store of a command that computes: runs are reused from it and saved in it. Also provides `Runs` if there is a store.
 *
 * Fails with StoreFailed if the store cannot be used. Stores nothing without SQLite, or without write permission when no
 * flag names a store; reports either once.
 */
export const layer = (
  chosen: Capabilities.Chosen & Keeping,
): Layer.Layer<never, StoreFailed | Misfit, Needs> =>
  Layer.unwrap(
    Effect.gen(function* (): Effect.fn.Return<
      Layer.Layer<never, StoreFailed>,
      StoreFailed | Misfit,
      Needs
    > {
      const { database, fresh, noStore, store } = chosen
      if (database !== undefined && store !== undefined) return yield* both
      const named = store ?? (database === undefined ? yield* fromEnvironment : undefined)
      if (noStore || named === nothing) return Layer.empty
      const of = yield* options(chosen, fresh)
      if (database !== undefined) return inDatabase(database, of)
      const file = named ?? standard
      // where it cannot be made, opening a store that was named says why
      yield* Effect.ignore(hideFromGit(file))
      if (named === undefined && isBuiltin("node:sqlite") && !(yield* canBegin(file))) {
        const line = `${file}: cannot be created, so nothing is saved; give another file with --store FILE`
        return Layer.effectDiscard(of.say(line))
      }
      return inFile({ file }, of).pipe(
        Layer.catchTag("NoSqlite", ({ message }) =>
          Layer.effectDiscard(of.say(`${message}: continuing without it`)),
        ),
      )
    }),
  )

/** Access of a command to its store. */
interface Doing {
  readonly writes?: boolean
  /** Creates the store if it does not exist. */
  readonly makes?: boolean
}

/**
 * Store of a command that reads or changes runs.
 *
 * Fails with NoStore if nothing has been stored yet, and with StoreFailed or NoSqlite if the store cannot be used.
 */
export const runs = (
  { database, store }: Place,
  { makes = false, writes = makes }: Doing = {},
): Layer.Layer<Runs, StoreFailed | NoSqlite | NoStore | Misfit, Needs> =>
  Layer.unwrap(
    Effect.gen(function* () {
      if (database !== undefined && store !== undefined) return yield* both
      const of = yield* options({ kernels: "strict" }, false)
      if (database !== undefined) return inDatabase(database, of)
      const named = store ?? (yield* fromEnvironment)
      const file = named === undefined || named === nothing ? standard : named
      const fs = yield* FileSystem.FileSystem
      const isThere = yield* Effect.orElseSucceed(fs.exists(file), () => true)
      // a Node without SQLite keeps none, as opening it says
      const begins = makes || !isBuiltin("node:sqlite")
      if (!isThere && !begins) return yield* new NoStore({ place: file })
      if (!isThere) yield* Effect.ignore(hideFromGit(file))
      return inFile({ file, readOnly: !writes }, of)
    }),
  )

/** Reports how much of the work was reused from the store, if any. */
export const sayReused = Effect.gen(function* () {
  const kept = yield* Effect.serviceOption(Runs)
  if (Option.isNone(kept)) return
  const { computed, reused } = yield* kept.value.counts
  if (reused === 0) return
  yield* say(
    `${Table.plural(reused, "part")} of ${Table.count(reused + computed)} reused from ${kept.value.place}; --fresh recomputes them`,
  )
})

/** Message after an interruption: how to resume, if the store has finished work. */
export const sayHowToGoOn = Effect.flatMap(
  Effect.serviceOption(Runs),
  Option.match({
    onNone: () => Effect.void,
    onSome: ({ place }) =>
      say(
        `interrupted: finished work is saved in ${place}; rerunning the same command resumes from there`,
      ),
  }),
)
