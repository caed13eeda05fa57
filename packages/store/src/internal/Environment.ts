/** Environment of a database, which tests replace. */
import { Context, Effect } from "effect"
import { statfs } from "node:fs/promises"

/** The number of the file system that a folder is on. */
export const FileSystemType = Context.Reference<(folder: string) => Effect.Effect<number>>(
  "@nonconvex/store/FileSystemType",
  {
    defaultValue: () => (folder) =>
      Effect.promise(() =>
        statfs(folder).then(
          ({ type }) => type,
          () => 0,
        ),
      ),
  },
)

/** Limit of a file in pages of 4096 bytes: the room on its disk. */
export const MostPages = Context.Reference<number | undefined>("@nonconvex/store/MostPages", {
  defaultValue: () => undefined,
})

/** Milliseconds for which others may block the database. */
export const Patience = Context.Reference<number>("@nonconvex/store/Patience", {
  defaultValue: () => 30_000,
})
