/** Addresses of the server, with its answer at each. Any failure is reported in one line. */
import * as Live from "@nonconvex/gallery/internal/Live"
import type { Runs } from "@nonconvex/store/Runs"
import { Effect, Predicate, Result, Schema, Stream } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as ByteSize from "effect/ByteSize"
import type { Capability } from "../cli/Capabilities.ts"
import { oneLine } from "../cli/Failure.ts"
import type { Systems } from "../evidence/Systems.ts"
import * as Json from "../files/Json.ts"
import * as Answers from "./Answers.ts"
import { Activity } from "./Activity.ts"
import * as StaticContent from "./StaticContent.ts"
import * as SweepAnswers from "./SweepAnswers.ts"
import { Tasks } from "./Tasks.ts"

/** The server does not support this request. */
class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", {
  status: Schema.Int,
  reason: Schema.String,
}) {
  override get message(): string {
    return this.reason
  }
}

/** Limits of a form's request. */
const bounds: Json.Bounds = { bytes: 2 ** 16, depth: 4, values: 1000 }

const statusOf = (error: unknown): number => {
  if (error instanceof BadRequest) return error.status
  if (!Predicate.hasProperty(error, "_tag")) return 500
  switch (error._tag) {
    case "NotFound":
    case "UnknownRun":
    case "UnknownSweep":
      return 404
    case "TooManyTasks":
      return 429
    case "StoreFailed":
    case "DamagedRun":
      return 503
    default:
      return 400
  }
}

const refused = (status: number, error: string) =>
  HttpServerResponse.jsonUnsafe({ error: oneLine(error) } satisfies Live.Refused, { status })

/** Answers a request with the result of work, as JSON. */
const answering = <A, E extends { readonly message: string }, R>(work: Effect.Effect<A, E, R>) =>
  Effect.match(work, {
    onSuccess: (value) => HttpServerResponse.jsonUnsafe(value),
    onFailure: (error) => refused(statusOf(error), error.message),
  })

const query = Effect.map(HttpServerRequest.HttpServerRequest, ({ url }) => {
  const at = url.indexOf("?")
  const asked = new URLSearchParams(at < 0 ? "" : url.slice(at + 1))
  const given = (name: string): string | undefined => {
    const value = asked.get(name)?.trim()
    return value === undefined || value === "" ? undefined : value
  }
  return { given, all: (name: string) => asked.getAll(name) }
})

const named = (name: string) => Effect.map(HttpRouter.params, (params) => params[name] ?? "")

const decode = Json.by(Live.Start, { onExcessProperty: "error" })

/** Reads the body of a form within the limits. */
const body = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const refuse = (status: number, reason: string) => new BadRequest({ status, reason })
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return yield* refuse(415, "a request must be JSON, with the content type application/json")
  }
  const tooLarge = refuse(413, `a request must have at most ${bounds.bytes} bytes`)
  if (Number(request.headers["content-length"] ?? 0) > bounds.bytes) return yield* tooLarge
  const text = yield* request.text.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(bounds.bytes)),
    Effect.mapError(() => tooLarge),
  )
  const read = Json.of(text, bounds, decode)
  if (Result.isSuccess(read)) return read.success
  const { of, reason } = read.failure
  return yield* refuse(
    400,
    of === "schema" ? `no such request: ${reason}` : `the request ${reason}`,
  )
})

/** Interval of keep-alive messages, which reveal a connection whose other end is gone. */
const breath = Stream.map(Stream.tick("15 seconds"), () => ": \n\n")

const encoder = new TextEncoder()

const going = Effect.map(Activity, ({ changes }) =>
  HttpServerResponse.stream(
    Stream.map(changes, (text) => `data: ${text}\n\n`).pipe(
      Stream.merge(breath),
      Stream.map((text) => encoder.encode(text)),
    ),
    { contentType: "text/event-stream" },
  ),
)

/** Parts of the report, which may have to be read first. */
type Parts = Effect.Effect<StaticContent.Parts, { readonly message: string }>

const partOf = (parts: Parts) =>
  Effect.gen(function* () {
    const name = (yield* query).given("name") ?? ""
    const text = (yield* parts).get(name)
    if (text !== undefined) {
      return HttpServerResponse.text(text, { contentType: "application/json" })
    }
    const reason = `there is no part ${JSON.stringify(name)}`
    return yield* new BadRequest({ status: 404, reason })
  }).pipe(Effect.catch((error) => Effect.succeed(refused(statusOf(error), error.message))))

const pageOf = (text: string | undefined): number =>
  text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : 0

const run = Effect.flatMap(named("id"), Answers.run)
const table = Effect.flatMap(named("id"), Answers.table)
const runs = Effect.flatMap(query, ({ given }) =>
  Answers.runs(given("where"), pageOf(given("page"))),
)
const experiment = Effect.flatMap(query, ({ given }) => Answers.experiment(given("id") ?? ""))
const sweep = Effect.gen(function* () {
  return yield* SweepAnswers.sweep(yield* named("id"), (yield* query).given("metric"))
})
const comparison = Effect.flatMap(query, ({ all, given }) =>
  Answers.comparison({
    groups: all("run"),
    where: given("where"),
    by: given("by"),
    metric: given("metric"),
  }),
)
const start = Effect.gen(function* () {
  return yield* (yield* Tasks).start(yield* body)
})
const stop = Effect.gen(function* () {
  const id = yield* named("id")
  if (yield* (yield* Tasks).stop(id)) return { stopped: id }
  const reason = `no run that was started here has the number ${JSON.stringify(id)}`
  return yield* new BadRequest({ status: 404, reason })
})

/** Services that the answers need. */
type Needs = Runs | Tasks | Activity | Systems | Capability

/** Routes of one type: of several, the type of all would be lost. */
type Method = "*" | "GET" | "POST" | "DELETE"
const at = (
  method: Method,
  path: `/${string}`,
  handler: Effect.Effect<
    HttpServerResponse.HttpServerResponse,
    never,
    Needs | HttpServerRequest.HttpServerRequest | HttpRouter.RouteContext
  >,
) => HttpRouter.route(method, path, handler)

const file = (contentType: string, text: () => string) =>
  Effect.sync(() =>
    HttpServerResponse.text(text(), { contentType: `${contentType}; charset=utf-8` }),
  )

/** All answers of the server to accepted requests. */
export const app = (parts: Parts) =>
  HttpRouter.addAll([
    at(
      "GET",
      "/",
      file("text/html", () => StaticContent.document),
    ),
    ...Array.from(StaticContent.files, ([path, [type, text]]) => at("GET", path, file(type, text))),
    at("GET", "/part", partOf(parts)),
    at("GET", "/api/now", going),
    at("GET", "/api/experiments", answering(Answers.experiments)),
    at("GET", "/api/experiment", answering(experiment)),
    at("GET", "/api/runs", answering(runs)),
    at("GET", "/api/runs/:id", answering(run)),
    at("GET", "/api/runs/:id/table", answering(table)),
    at("GET", "/api/sweeps", answering(SweepAnswers.list)),
    at("GET", "/api/sweeps/:id", answering(sweep)),
    at("GET", "/api/compare", answering(comparison)),
    at("POST", "/api/tasks", answering(start)),
    at("DELETE", "/api/tasks/:id", answering(stop)),
    at("*", "/*", Effect.succeed(refused(404, "no page at this address"))),
  ])
