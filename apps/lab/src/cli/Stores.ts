/** Store of a command, from its flags; the driver is loaded when a command needs it. */
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Flag from "effect/cli/Flag"
import * as Flags from "./Flags.ts"

/** Default path of the store, unless a flag or environment variable gives another. */
export const standard = ".runs/runs.sqlite"

const place = {
  store: Flags.optional(
    Flags.path("store", "The file in which runs are saved", "file"),
    `$NONCONVEX_STORE, or ${standard}`,
  ),
  database: Flag.Redacted("database").pipe(
    Flag.withDescription(
      "Save runs in a PostgreSQL database instead: postgres://user@host:port/name; the password comes from PGPASSWORD if the URL has none",
    ),
    Flag.withMetavar("url"),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  ),
}

/** For commands that read runs. */
export const reading = place

/** For commands that compute runs. */
export const keeping = {
  ...place,
  noStore: Flag.Boolean("no-store").pipe(
    Flag.withDescription("Do not save runs and do not reuse saved runs"),
    Flag.withDefault(false),
  ),
  fresh: Flag.Boolean("fresh").pipe(
    Flag.withDescription("Recompute saved results and compare them bit for bit"),
    Flag.withDefault(false),
  ),
}

/** Path given to a command. */
export interface Place {
  readonly store?: string | undefined
  readonly database?: Redacted.Redacted | undefined
}

/** Flags for the store of a command that computes runs. */
export interface Keeping extends Place {
  readonly noStore: boolean
  readonly fresh: boolean
}
