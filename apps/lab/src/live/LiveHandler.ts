import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Runs } from "@nonconvex/store/Runs"
import { Effect, FileSystem, Layer, Predicate, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { createServer } from "node:http"
import * as Capabilities from "../cli/Capabilities.ts"
import type { Place } from "../cli/Stores.ts"
import * as CommandStore from "../cli/CommandStore.ts"
import * as Report from "../evidence/report/Report.ts"
import { allSystems } from "../evidence/Systems.ts"
import * as AccessControl from "./AccessControl.ts"
import { Activity } from "./Activity.ts"
import * as Routes from "./Routes.ts"
import * as StaticContent from "./StaticContent.ts"
import { Tasks } from "./Tasks.ts"
import * as Output from "../cli/Output.ts"

export interface Input extends Place {
  readonly report: string | undefined
  readonly port: number | undefined
  readonly jobs: number
}

/** The report that is shown by default. */
const standard = "report/results.json"

/** The port cannot be opened. */
export class PortUnusable extends Schema.TaggedError<PortUnusable>()("PortUnusable", {
  port: Schema.Int,
  reason: Schema.String,
}) {
  override get message(): string {
    return `port ${this.port} ${this.reason}; give another one with --port, or omit the flag to use a free one`
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "is used by another program",
  EACCES: "is not permitted to this user",
}

const unusable =
  (port: number) => (error: { readonly cause: unknown; readonly message: string }) => {
    const { cause } = error
    const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : ""
    return new PortUnusable({ port, reason: reasons[code] ?? `cannot be used (${code})` })
  }

/** A listening server whose connections end with the scope; an open page would otherwise keep it alive. */
const listening = Effect.fnUntraced(function* (port: number) {
  const server = createServer({ maxHeaderSize: 16_384 })
  const made = yield* NodeHttpServer.make(() => server, {
    port,
    host: AccessControl.host,
    gracefulShutdownTimeout: 250,
  }).pipe(Effect.mapError(unusable(port)))
  const address = server.address()
  const bound = typeof address === "object" && address !== null ? address.port : port
  return { server, serve: made.serve, port: bound }
})

/** The parts that go with the store: made again when it has changed. */
const ofStore = Effect.gen(function* () {
  const { stamp } = yield* Runs
  let known: { readonly stamp: string; readonly parts: StaticContent.Parts } | undefined
  return Effect.gen(function* () {
    const now = yield* stamp
    if (known?.stamp !== now) known = { stamp: now, parts: yield* StaticContent.ofStore }
    return known.parts
  })
})

/** The parts of the report of a file, which is read once. */
const ofFile = (file: string) =>
  Effect.cached(Effect.flatMap(Report.read(file), StaticContent.ofReport))

/** Parts of the report, if there is one or one is named; otherwise of the current store. */
const partsOf = Effect.fnUntraced(function* (report: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const isThere = yield* Effect.orElseSucceed(fs.exists(standard), () => false)
  const [file, store] = [yield* ofFile(report ?? standard), yield* ofStore]
  return Effect.suspend(
    (): Effect.Effect<
      StaticContent.Parts,
      Effect.Error<typeof file | typeof store>,
      Effect.Services<typeof file | typeof store>
    > => (report !== undefined || isThere ? file : store),
  )
})

export const handle = Effect.fn("open")(
  function* ({ port, report }: Input) {
    const parts = yield* partsOf(report)
    const { serve, server, port: bound } = yield* listening(port ?? 0)
    const door = { token: AccessControl.newToken(), port: bound }
    return yield* Effect.gen(function* () {
      const context = yield* Effect.context<Effect.Services<typeof parts>>()
      const app = yield* HttpRouter.toHttpEffect(Routes.app(Effect.provideContext(parts, context)))
      yield* serve(AccessControl.guarded(door, app))
      yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
      // who opens the page need not wait for their modules
      yield* Effect.forkScoped(allSystems)
      yield* Output.text(
        `${AccessControl.addressOf(door)}\nKeep this address private: with it anyone can start runs on this machine. Ctrl-C stops the server.`,
      )
      return yield* Effect.never
    }).pipe(Effect.provide(Layer.provideMerge(Activity.layer, Tasks.layer)))
  },
  Effect.scoped,
  Effect.onInterrupt(() => CommandStore.sayHowToGoOn),
  (work, input) =>
    Effect.provide(
      work,
      Layer.merge(
        Capabilities.layer({ kernels: "strict", jobs: input.jobs }),
        CommandStore.runs(input, { makes: true }),
      ),
    ),
)
