/**
 * Run as a program: what the systems come to in Chromium, as `<out>/results.json`.
 *
 *     node --conditions=source apps/lab/test/support/engines/chromium.ts <kernels> <preset> <runs> <out>
 *
 * Exit 0: found; 2: this machine has no browser, and standard output says so.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Effect, Layer } from "effect"
import { build, type Plugin } from "esbuild"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { type Browser, chromium } from "playwright-core"
import * as Carried from "./Carried.ts"
import type { Asked } from "./Findings.ts"

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** What readers of files import, and evidence does not call: a browser has no files. */
const readers: Plugin = {
  name: "readers",
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^(?:node:.*|csv-parse.*)$/ }, ({ path }) => ({
      path,
      namespace: "readers",
    }))
    onLoad({ filter: /.*/, namespace: "readers" }, () => ({
      contents: "module.exports = new Proxy({}, { get: () => class {} })",
    }))
  },
}

/** The worker and all it imports. */
const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "page.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["source"],
    logLevel: "error",
    plugins: [readers],
  })
  return outputFiles[0]!.text
}

/** The data set that a page asks for, read in Node. */
const dataOf = (query: URLSearchParams): Promise<string> =>
  Effect.gen(function* () {
    const selection = JSON.parse(query.get("selection") ?? "{}") as object
    return Carried.encode(yield* (yield* Datasets).find(query.get("name") ?? "", selection))
  }).pipe(Effect.provide(Datasets.layer.pipe(Layer.provide(NodeServices.layer))), Effect.runPromise)

/** The page, its worker and its data, for this machine alone. */
const serve = (worker: string): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1")
    try {
      if (pathname === "/worker.js") {
        response.setHeader("Content-Type", "text/javascript").end(worker)
      } else if (pathname === "/data") {
        response.setHeader("Content-Type", "application/json").end(await dataOf(searchParams))
      } else {
        response.setHeader("Content-Type", "text/html").end("<!doctype html><title>bits</title>")
      }
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server))
  })
}

/** What the worker answers in the browser. */
const foundIn = async (browser: Browser, port: number, asked: Asked): Promise<string> => {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  // as text, for the types of Node know no worker of a browser
  const answer = await page.evaluate<{ readonly found?: string; readonly reason?: string }>(
    `new Promise((resolve) => {
      const worker = new Worker("/worker.js", { type: "module" })
      worker.addEventListener("message", ({ data }) => resolve(data))
      worker.addEventListener("error", ({ message }) => resolve({ reason: message }))
      worker.postMessage(${JSON.stringify(asked)})
    })`,
  )
  if (answer.found === undefined) throw new Error(`Chromium: ${answer.reason}`)
  return answer.found
}

const [kernels = "strict", preset = "smoke", runs = "20", out = "."] = process.argv.slice(2)
const executablePath = candidates.find((path) => existsSync(path))
if (executablePath === undefined) {
  console.log(`no browser at ${candidates.join(", ")}`)
  process.exitCode = 2
} else {
  const server = await serve(await bundle())
  const browser = await chromium.launch({ executablePath, args: flags })
  try {
    const asked = { kernels, preset, runs: Number(runs), seed: 1 } as Asked
    const found = await foundIn(browser, (server.address() as AddressInfo).port, asked)
    mkdirSync(out, { recursive: true })
    writeFileSync(join(out, "results.json"), `{"systems":${found}}`)
  } finally {
    await browser.close()
    server.close()
  }
}
