/** The site of the project: `npm run site`. */
import type { Results } from "@nonconvex/lab/internal/site"
import { spawnSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import type { Site } from "./Site.ts"

const root = join(import.meta.dirname, "../../..")

const help = `Writes the site of the project: guides, reference, errata, release notes and results.

  npm run site                       computes the results at their smallest, which takes minutes
  npm run site -- --report report    takes the results from a folder that reproduce wrote
  npm run changelog                  puts the notes in .changeset into CHANGELOG.md, to be edited

  --report DIR   the folder of a report: index.html, results.json, figures
  --out DIR      where the site goes; site if it is left out
  --changelog    puts the notes in .changeset into CHANGELOG.md instead, and writes no site
`

/** Ends the program with a line that says what to do. */
const refuse = (line: string): never => {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

const asked = () => {
  try {
    return parseArgs({
      options: {
        report: { type: "string" },
        out: { type: "string", default: "site" },
        changelog: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values
  } catch (cause) {
    return refuse(`${(cause as Error).message}; --help has what there is`)
  }
}

/** Computes everything at its smallest into a folder. */
const reproduced = (folder: string): string => {
  process.stderr.write("no --report: computing the results at their smallest, in minutes\n")
  const lab = join(root, "apps/lab/src/main.ts")
  const flags = ["--preset", "smoke", "--no-store", "--quiet", "--out", folder]
  const { status } = spawnSync(
    process.execPath,
    ["--conditions=source", lab, "reproduce", ...flags],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  )
  return status === 0
    ? folder
    : refuse(`reproduce ended with ${status}: the site shows no failed run`)
}

const decoded = async (folder: string): Promise<Results> => {
  const file = join(folder, "results.json")
  if (!existsSync(file)) {
    refuse(`${file} is not there: --report wants a folder that nonconvex reproduce wrote`)
  }
  const [{ Results: schema }, { Effect, Schema }] = await Promise.all([
    import("@nonconvex/lab/internal/site"),
    import("effect"),
  ])
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))
  return Effect.runSync(
    decode(readFileSync(file, "utf8")).pipe(
      Effect.catch(({ message }) =>
        Effect.sync(() => refuse(`${file} holds no results of this version: ${message}`)),
      ),
    ),
  )
}

/** Whether a folder may be replaced: it is not there, is empty, or is a site. */
const isOurs = (folder: string): boolean =>
  !existsSync(folder) ||
  readdirSync(folder).length === 0 ||
  ["index.html", "search.js", "site.js"].every((file) => existsSync(join(folder, file)))

/** A way back from the results to the guides, where they are a part of the site. */
const withWayBack = (page: string): string =>
  page.replace(
    '<main id="home">',
    '<main id="home"><p class="source"><a href="../index.html">Guides, how-to pages and reference</a></p>',
  )

const write = (site: Site, report: string, folder: string): void => {
  mkdirSync(dirname(folder), { recursive: true })
  const next = mkdtempSync(join(dirname(folder), ".site-"))
  try {
    for (const [address, text] of site.texts) {
      mkdirSync(dirname(join(next, address)), { recursive: true })
      writeFileSync(join(next, address), text)
    }
    for (const [address, file] of site.copies) cpSync(join(root, file), join(next, address))
    cpSync(report, join(next, "results"), { recursive: true })
    const page = join(next, "results/index.html")
    writeFileSync(page, withWayBack(readFileSync(page, "utf8")))
    rmSync(folder, { recursive: true, force: true })
    renameSync(next, folder)
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
}

const { changelog, help: isHelp, out, report: given } = asked()
if (isHelp) {
  process.stdout.write(help)
} else if (changelog) {
  const { read } = await import("./Changelog.ts")
  writeFileSync(join(root, "CHANGELOG.md"), read(root))
  process.stdout.write("CHANGELOG.md\n")
} else {
  const folder = resolve(out)
  if (!isOurs(folder))
    refuse(`${out} holds other files than a site: name another folder with --out`)
  const scratch = mkdtempSync(join(tmpdir(), "nonconvex-site-"))
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }))
  process.once("SIGINT", () => process.exit(130))
  const report = given === undefined ? reproduced(join(scratch, "report")) : resolve(given)
  const results = await decoded(report)
  process.stderr.write("reading the sources for the reference\n")
  // loaded when they are needed: a wrong flag waits for no compiler
  const [Api, Site] = await Promise.all([import("./reference/Api.ts"), import("./Site.ts")])
  const site = Site.make({ root, modules: await Api.read(root), results })
  if (site.dead.length > 0) refuse(`links that lead nowhere:\n${site.dead.join("\n")}`)
  write(site, report, folder)
  process.stdout.write(`${join(out, "index.html")}\n`)
}
