/**
 * Access control of the server: requests need the token, and must come from this machine and this page. Pages of other
 * programs may send requests here, or point their host names at this machine (DNS rebinding). They do not know the token,
 * and their `Host` or `Origin` is wrong.
 */
import { Effect } from "effect"
import { Headers, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

/** Address of the server: this machine only. */
export const host = "127.0.0.1"

export interface Access {
  readonly token: string
  readonly port: number
}

/** A token that no one guesses: 256 bits of the generator of the operating system. */
export const newToken = (): string => randomBytes(32).toString("base64url")

/** The address to open. */
export const addressOf = ({ port, token }: Access): string =>
  `http://${host}:${port}/?token=${token}`

const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest()

/** Takes constant time, whatever the lengths or the position of the first difference. */
const isSame = (given: string, token: string): boolean =>
  timingSafeEqual(digest(given), digest(token))

/** Cookies ignore ports, so another server of this kind needs another name. */
const cookieOf = ({ port }: Access): string => `nonconvex-${port}`

const parameter = (url: string): string | undefined => {
  const query = url.indexOf("?")
  return query < 0
    ? undefined
    : (new URLSearchParams(url.slice(query + 1)).get("token") ?? undefined)
}

/** Content security policy: only this server, and no inline script. */
const policy = [
  "default-src 'none'",
  // the kernels are WebAssembly, and what draws figures compiles what they compute
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src-elem 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ")

const headers = {
  "content-security-policy": policy,
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
}

const refused = (reason: string) =>
  HttpServerResponse.text(`${reason}\n`, { status: 403, headers: { ...headers } })

/** Reason for refusing a request; undefined if it is accepted. */
const refusal = (
  { headers: given, cookies, method, url }: HttpServerRequest.HttpServerRequest,
  door: Access,
): string | undefined => {
  const names = [`${host}:${door.port}`, `localhost:${door.port}`]
  if (!names.includes(given["host"] ?? ""))
    return "this server accepts requests from this machine only"
  const origin = given["origin"]
  const site = given["sec-fetch-site"]
  const isForeign = origin !== undefined && !names.some((name) => origin === `http://${name}`)
  if (isForeign || site === "cross-site" || site === "same-site") {
    // who follows a link to the first page comes from elsewhere, and has the token
    const isLink = !isForeign && method === "GET" && given["sec-fetch-mode"] === "navigate"
    if (!isLink) return "this server accepts requests from its own page only"
  }
  const bearer = /^Bearer (.+)$/.exec(given["authorization"] ?? "")?.[1]
  const known = [bearer, cookies[cookieOf(door)], method === "GET" ? parameter(url) : undefined]
  return known.some((each) => each !== undefined && isSame(each, door.token))
    ? undefined
    : "this request lacks the token; open the address that nonconvex open printed"
}

/**
 * Passes accepted requests on, and answers others with 403 and one line. A visitor with the token in the address receives a
 * cookie, so that the page need not know the token.
 */
export const guarded = <E, R>(
  door: Access,
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  E,
  R | HttpServerRequest.HttpServerRequest
> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const reason = refusal(request, door)
    if (reason !== undefined) return refused(reason)
    const response = HttpServerResponse.setHeaders(yield* app, Headers.fromInput(headers))
    return parameter(request.url) === undefined
      ? response
      : HttpServerResponse.setCookieUnsafe(response, cookieOf(door), door.token, {
          httpOnly: true,
          sameSite: "strict",
          path: "/",
        })
  })
