/** A PostgreSQL database behind the store: from its URL, with its errors in a line each. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Reason from "@nonconvex/evidence/Reason"
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Config, Effect, Layer, Option, Predicate, Redacted } from "effect"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** Address in a database URL, without its password. */
interface Address {
  /** `postgres://user@host:port/name`. */
  readonly place: string
  readonly host: string
  readonly user: string
  readonly name: string
}

/** An address that is not shown, because it may contain a password. */
const unreadable = "--database"

const wrong = (reason: string) =>
  new StoreFailed({
    place: unreadable,
    reason: `${reason}; use postgres://user@host:port/name, with the password in the environment variable PGPASSWORD`,
  })

const parsed = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Decodes percent-encoding if valid. */
const plain = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const addressOf = (text: string): Effect.Effect<Address, StoreFailed> => {
  const url = parsed(text)
  if (url === undefined) return Effect.fail(wrong("it is not a URL"))
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") {
    return Effect.fail(wrong(`it is a URL of ${url.protocol}//, not of postgres://`))
  }
  const option = (key: string) => url.searchParams.get(key)
  const user = option("user") ?? plain(url.username)
  const host = `${option("host") ?? (url.hostname === "" ? "localhost" : url.hostname)}:${option("port") ?? (url.port === "" ? "5432" : url.port)}`
  const name = option("dbname") ?? plain(url.pathname.slice(1))
  return Effect.succeed({
    place: `postgres://${user === "" ? "" : `${user}@`}${host}/${name}`,
    host,
    user: user === "" ? "this user" : user,
    // the server takes the name of the user where there is none
    name: name === "" ? user : name,
  })
}

/** The code of the server (five characters, SQLSTATE), of the network or of TLS. */
const codeOf = ({ reason: { cause } }: SqlError): string =>
  Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : ""

/** Failures that waiting does not cure: authentication and permissions. */
const refused = ["28", "3D", "42"] as const

/**
 * Tests whether a retry may succeed: the server restarts, or the connection was cut.
 *
 * @internal
 */
export const isPassing = (error: SqlError): boolean =>
  error.reason._tag !== "AuthenticationError" &&
  !refused.some((beginning) => codeOf(error).startsWith(beginning))

const words = (error: SqlError, { host, name, user }: Address): string => {
  const code = codeOf(error)
  const { reason } = error
  if (code === "28P01") {
    return `it rejects the password of ${user}; give the right one in PGPASSWORD or in the URL`
  }
  if (reason._tag === "AuthenticationError") {
    return `it refuses ${user} (${code === "" ? "it asks for a password" : Reason.of(reason.cause)}); give the password in PGPASSWORD or in the URL`
  }
  if (code === "3D000") {
    return `the server has no database "${name}"; create it with createdb, or give another name`
  }
  if (code === "42501") {
    return `${user} lacks a permission (${Reason.of(reason.cause)}); ask the owner of the database to grant it`
  }
  if (code === "53300") {
    return "the server accepts no more connections; close other programs, or raise its max_connections"
  }
  if (reason.message?.includes("refused TLS")) {
    return "the server does not support TLS; omit sslmode, or enable TLS on the server"
  }
  if (code.includes("CERT") || code.includes("SIGNATURE")) {
    return `the certificate of the server is not trusted (${code}); set NODE_EXTRA_CA_CERTS to the file of its certificate authority`
  }
  if (reason.message?.includes(" in URL")) return Reason.of(reason.cause)
  if (reason._tag === "ConnectionError") {
    return `no server answers at ${host}${code === "" ? "" : ` (${code})`}; start PostgreSQL there, or correct the URL`
  }
  return Reason.of(reason.cause)
}

/** Milliseconds after which the server ends an idle transaction, so that a frozen program does not block others. */
const idleInTransaction = 15_000

/** Connections of a client. */
const connections = 4

/** A database that a URL points to. */
export interface Database {
  /** `postgres://user@host:port/name`: the URL without its password. */
  readonly place: string
  /** An error in words, with the next step. */
  readonly reasonOf: (error: SqlError) => string
  /**
   * Client that is built once its database answers. Fails with StoreFailed if the server does not answer or rejects the
   * user.
   */
  readonly layer: Layer.Layer<SqlClient.SqlClient, StoreFailed>
  /**
   * The same, with transactions that do not wait for the server's disk: a crash may lose the last ones. For data that may be
   * lost as long as everything written by `layer` is kept.
   */
  readonly hasty: Layer.Layer<SqlClient.SqlClient, StoreFailed>
}

/**
 * Database at a URL: `postgres://user@host:port/name`, with `?sslmode=require` if the network is not secure.
 *
 * The password comes from the URL or the environment variable PGPASSWORD; no message shows it. Fails with StoreFailed if the
 * URL is invalid.
 */
export const at = Effect.fnUntraced(function* (
  url: Redacted.Redacted,
): Effect.fn.Return<Database, StoreFailed> {
  const text = Redacted.value(url)
  const address = yield* addressOf(text)
  const { place } = address
  const { password, searchParams } = new URL(text)
  const isGiven = password !== "" || searchParams.has("password")
  const variable = yield* Effect.orDie(Config.option(Config.Redacted("PGPASSWORD")))
  const reasonOf = (error: SqlError) => words(error, address)
  const client = (more: Readonly<Record<string, string>>) => {
    const pool = PgClient.layer({
      url,
      ...(isGiven || Option.isNone(variable) ? {} : { password: variable.value }),
      applicationName: "nonconvex",
      keepAlive: "30 seconds",
      maxConnections: connections,
      startupParameters: {
        // times are kept without their zone
        TimeZone: "UTC",
        idle_in_transaction_session_timeout: String(idleInTransaction),
        ...more,
      },
    })
    const answering = Layer.effectDiscard(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1`),
    )
    return Layer.provideMerge(answering, pool).pipe(
      Layer.catch((error) =>
        Layer.effectContext(Effect.fail(new StoreFailed({ place, reason: reasonOf(error) }))),
      ),
    )
  }
  return { place, reasonOf, layer: client({}), hasty: client({ synchronous_commit: "off" }) }
})
