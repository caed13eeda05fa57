/** The page of `nonconvex open`, served over systems of the fixtures while a test asks it. */
import { NodeServices } from "@effect/platform-node"
import type { System } from "@nonconvex/evidence"
import type * as Live from "@nonconvex/gallery/internal/Live"
import { Effect, Layer } from "effect"
import { TestConsole } from "effect/testing"
import { type IncomingHttpHeaders, request } from "node:http"
import { join } from "node:path"
import { program } from "../../src/cli/Program.ts"
import { Progress } from "../../src/cli/Progress.ts"
import { Systems } from "../../src/evidence/Systems.ts"
import { system as endless } from "../fixtures/endless.ts"
import { system as toy } from "../fixtures/toy.ts"
import { temporary } from "./Folders.ts"

/** What a request has, beside where it goes. */
interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A request with exactly these headers, which `fetch` would not let through. */
export const raw = (
  port: number,
  path: string,
  { body, headers = {}, method = "GET" }: Asked = {},
) =>
  new Promise<Answer>((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path, method, headers, agent: false },
      (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (part: string) => (text += part))
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
        response.on("error", reject)
      },
    )
    asked.on("error", reject)
    asked.end(body)
  })

export interface Opened {
  readonly address: string
  readonly port: number
  readonly token: string
  /** A request of somebody who may come in. */
  readonly ask: (path: string, asked?: Asked) => Promise<Answer>
  /** The same for an answer in JSON. */
  readonly get: <Value>(path: string) => Promise<Value>
  readonly start: (asked: Live.Start) => Promise<Live.Task>
  /** What goes on, as soon as it is as wanted. */
  readonly until: (holds: (now: Live.Now) => boolean) => Promise<Live.Now>
}

const client = (address: string): Opened => {
  const { port: text, searchParams } = new URL(address)
  const [port, token] = [Number(text), searchParams.get("token") ?? ""]
  const authorization = `Bearer ${token}`
  const ask: Opened["ask"] = (path, { headers = {}, ...asked } = {}) =>
    raw(port, path, { ...asked, headers: { authorization, ...headers } })
  return {
    address,
    port,
    token,
    ask,
    get: async (path) => {
      const { status, text: found } = await ask(path)
      if (status !== 200) throw new Error(`${path}: ${status} ${found}`)
      return JSON.parse(found)
    },
    start: async (asked) => {
      const { status, text: found } = await ask("/api/tasks", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(asked),
      })
      if (status !== 200) throw new Error(`${status} ${found}`)
      return JSON.parse(found) as Live.Task
    },
    until: (holds) =>
      new Promise((resolve, reject) => {
        let said = ""
        const asked = request({
          host: "127.0.0.1",
          port,
          path: "/api/now",
          headers: { authorization },
        })
        asked.on("error", reject)
        asked.on("response", (response) => {
          response.on("error", () => undefined)
          response.setEncoding("utf8").on("data", (part: string) => {
            said += part
            const messages = said.split("\n\n")
            said = messages.pop() ?? ""
            for (const message of messages) {
              if (!message.startsWith("data: ")) continue
              const now = JSON.parse(message.slice(6)) as Live.Now
              if (!holds(now)) continue
              asked.destroy()
              resolve(now)
            }
          })
        })
        asked.end()
      }),
  }
}

/** A folder of its own as that of the process, for a checkout may have a report. */
const elsewhere = Effect.acquireRelease(
  Effect.sync(() => {
    const before = process.cwd()
    process.chdir(temporary())
    return before
  }),
  (before) => Effect.sync(() => process.chdir(before)),
)

/** Serves the page with these arguments of `nonconvex open` for as long as it is used. */
export const opened = <A>(
  systems: ReadonlyArray<System>,
  args: ReadonlyArray<string>,
  use: (page: Opened) => Promise<A>,
): Promise<A> =>
  Effect.gen(function* () {
    yield* elsewhere
    const running = yield* Effect.forkScoped(program(["open", "--jobs", "1", ...args]))
    const address = yield* Effect.gen(function* () {
      for (;;) {
        const [line] = yield* TestConsole.logLines
        if (typeof line === "string") return line.split("\n")[0]!
        if (running.pollUnsafe() !== undefined) {
          return yield* Effect.die(new Error((yield* TestConsole.errorLines).join("\n")))
        }
        yield* Effect.sleep(20)
      }
    })
    return yield* Effect.promise(() => use(client(address)))
  }).pipe(
    Effect.scoped,
    Effect.provide(
      Layer.mergeAll(
        Systems.layerOf(systems),
        Layer.succeed(Progress, {
          animates: false,
          columns: () => 80,
          rows: () => 24,
          write: () => undefined,
        }),
        TestConsole.layer,
      ).pipe(Layer.provideMerge(NodeServices.layer)),
    ),
    Effect.runPromise,
  )

/** Serves the toy and what has no end over a store that is new. */
export const inFolder = <A>(
  use: (page: Opened, store: string) => Promise<A>,
  args: ReadonlyArray<string> = [],
) => {
  const store = join(temporary(), "runs.sqlite")
  return opened([toy, endless], ["--store", store, ...args], (page) => use(page, store))
}

/** Asks for a run of the toy. */
export const dice = (settings: Readonly<Record<string, string>> = {}, seed = 1): Live.StartRun => ({
  _tag: "Run",
  experiment: "toy/dice",
  preset: "smoke",
  seed,
  settings,
})

/** Asks for a run whose second case never ends. */
export const forever: Live.StartRun = { ...dice(), experiment: "endless/experiment" }
