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
import { mkdirSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import { dirname, join } from "node:path"
import type { Browser } from "playwright-core"
import { candidates, launch } from "../Browser.ts"
import * as Carried from "./Carried.ts"
import type { Asked } from "./Findings.ts"

/** What readers of files import, and evidence does not call: a browser has no files. */
const readers: Plugin = {
  name: "readers",
  setup: (host) => {
    host.onResolve({ filter: /^(?:node:.*|csv-parse.*)$/ }, ({ path }) => ({
      path,
      namespace: "readers",
    }))
    host.onLoad({ filter: /.*/, namespace: "readers" }, () => ({
      contents: "module.exports = new Proxy({}, { get: () => class {} })",
    }))
  },
}

/** The script and all it imports. */
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

const html = `<!doctype html>
<title>bits</title>
<script type="importmap">{ "imports": { "highs": "/highs.mjs" } }</script>
<script type="module" src="/page.js"></script>`

const { resolve } = createRequire(import.meta.url)

/** What is served of HiGHS, which a program imports by its name. */
const highs = new Map([
  ["/highs.mjs", join(dirname(resolve("highs")), "highs.mjs")],
  ["/highs.wasm", resolve("highs/runtime")],
])

const typeOf = (path: string): string =>
  path.endsWith("js") ? "text/javascript" : path.endsWith("wasm") ? "application/wasm" : "text/html"

/** The page, its script and its data, for this machine alone. */
const serve = (script: string): Promise<Server> => {
  const contentOf = async ({ pathname, searchParams }: URL): Promise<string | Buffer> => {
    if (pathname === "/page.js") return script
    if (pathname === "/data") return await dataOf(searchParams)
    const file = highs.get(pathname)
    return file === undefined ? html : await readFile(file)
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1")
    try {
      const content = await contentOf(url)
      response.setHeader("Content-Type", typeOf(url.pathname)).end(content)
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  return new Promise((onListening) => {
    server.listen(0, "127.0.0.1", () => onListening(server))
  })
}

/** What the page answers in the browser. */
const foundIn = async (browser: Browser, port: number, asked: Asked): Promise<string> => {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.waitForFunction("typeof findings === 'function'")
  return page.evaluate<string>(`findings(${JSON.stringify(asked)})`)
}

const [kernels = "strict", preset = "smoke", runs = "20", out = "."] = process.argv.slice(2)
const browser = await launch()
if (browser === undefined) {
  console.log(`no browser at ${candidates.join(", ")}`)
  process.exitCode = 2
} else {
  const server = await serve(await bundle())
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
