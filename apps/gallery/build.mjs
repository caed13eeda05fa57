/**
 * Bundles the page, the figure engine, the toys, the claims that it replays, and the scripts of the site and of the served page.
 * Each becomes text in `src/bundles/{page,engine,play,replay,site,live}.generated.ts`, compressed as in a report.
 *
 * Plain JavaScript, so that any Node from version 20 runs it.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import zopfli from "@gfx/zopfli"
import { build } from "esbuild"

const here = dirname(fileURLToPath(import.meta.url))

/** Writes a file if its content changes, so that watchers see no needless change. */
const write = (file, text) => {
  try {
    if (readFileSync(file, "utf8") === text) return
  } catch {
    // it is the first
  }
  writeFileSync(file, text)
}

const entries = {
  page: "page/main.tsx",
  engine: "page/engineBundle.ts",
  play: "page/playBundle.ts",
  replay: "page/replayBundle.ts",
  site: "site/main.tsx",
  live: "live/main.tsx",
}

/** Layouts, maps and file readers that no figure here needs, a sixth of the engine. */
const unused =
  /^(?:vega-(?:crossfilter|force|geo|hierarchy|label|projection|regression|voronoi|wordcloud)|d3-(?:dsv|geo(?:-projection)?)|topojson-client)$/

/** Modules that a page omits, or replaces. */
const forPages = {
  name: "for pages",
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: unused }, ({ path }) => ({ path, namespace: "unused" }))
    onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "" }))
    // bytes pack to half of what their base64 does
    onLoad({ filter: /[/\\]strict\.generated\.ts$/ }, ({ path }) => {
      const [, base64] = /"([\w+/=]+)"/.exec(readFileSync(path, "utf8"))
      const bytes = Buffer.from(base64, "base64").toString("latin1")
      return { contents: `export const base64 = btoa(${JSON.stringify(bytes)})`, loader: "js" }
    })
    // the page takes single steps, whose bits compiled loops have
    onLoad({ filter: /\.kernel\.generated\.ts$/ }, () => ({
      contents: "export const loop = undefined",
    }))
    onLoad({ filter: /[/\\]kernels[/\\]Loops\.ts$/ }, ({ path }) => ({
      contents: `${readFileSync(path, "utf8").replace(/^export const loopsOver\b/m, "const unused")}
export const loopsOver = () => undefined`,
      loader: "ts",
    }))
  },
}

/** Imports of file readers, which a page does not use. */
const readers = /^(?:node:.*|csv-parse.*|highs|stream)$/

/** Claims and errata of the systems in the lab, and their imports. */
const statements = {
  name: "statements",
  setup: ({ onLoad, onResolve }) => {
    onLoad({ filter: /[/\\]replay[/\\]Statements\.ts$/ }, () => {
      const lab = join(here, "..", "lab")
      const systems = JSON.parse(readFileSync(join(lab, "systems.json"), "utf8"))
      const rooms = ["claims", "errata"].flatMap((room) =>
        systems.map(({ id }) => ({
          room,
          path: `../../packages/${id}/src/evidence/${room}/index.ts`,
        })),
      )
      const lines = rooms.map(({ path, room }, k) => `import { ${room} as all${k} } from "${path}"`)
      const all = rooms.map((_, k) => `...all${k}`).join(", ")
      return {
        contents: `${lines.join("\n")}\nexport const statements = [${all}]`,
        resolveDir: lab,
      }
    })
    onResolve({ filter: /^effect(?:[/].*)?$/ }, ({ path }) => ({ path, namespace: "effect" }))
    onLoad({ filter: /.*/, namespace: "effect" }, ({ path }) => {
      const part = path === "effect" ? "" : `.${path.slice("effect/".length)}`
      return {
        contents: `module.exports = require("./effect.cjs")${part}`,
        resolveDir: join(here, "src", "replay"),
      }
    })
    onResolve({ filter: readers }, ({ path }) => ({ path, namespace: "readers" }))
    onLoad({ filter: /.*/, namespace: "readers" }, () => ({
      contents: "module.exports = new Proxy({}, { get: () => class {} })",
    }))
    // what a claim states stands in the page, which shows it; what is short may be read by the claim
    onLoad({ filter: /[/\\]evidence[/\\](?:claims|laws|errata)[/\\]\w+\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll(
        /\b(statement|explanation):\s*"(?:[^"\\]|\\.){40,}"/g,
        '$1: ""',
      ),
      loader: "ts",
    }))
    // by its names, so that what nobody calls stays out
    onLoad({ filter: /[/\\](?:Attempt|ChoiceSequence|Draw|Steering)\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/^import fc from/m, "import * as fc from"),
      loader: "ts",
    }))
  },
}

/** Bundles a script of the page. */
export const script = async (name) => {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entries[name])],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    conditions: ["source"],
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
    // modules that are found by their own address are readers of files
    logOverride: { "empty-import-meta": "silent" },
    plugins: name === "play" || name === "replay" ? [statements, forPages] : [forPages],
  })
  return outputFiles[0].contents
}

/** Compresses to raw deflate in base64, 4 % smaller than the best of zlib, at the cost of seconds. */
const packed = async (contents) =>
  Buffer.from(await zopfli.deflateAsync(contents, { numiterations: 5 })).toString("base64")

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(entries)) {
    write(
      join(here, "src", "bundles", `${name}.generated.ts`),
      `/** Generated by build.mjs from src: a script, packed. */\nexport const base64 =\n  "${await packed(await script(name))}"\n`,
    )
  }
}
