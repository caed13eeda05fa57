/** `study` in this process: what is registered, what is run, what is stored, and what is refused. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Drawings from "../../src/evidence/report/Drawings.ts"
import * as StudySection from "../../src/evidence/report/StudySection.ts"
import * as StoredResult from "../../src/evidence/study/StoredResult.ts"
import * as Study from "../../src/evidence/study/Study.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import { system as toy } from "../fixtures/toy.ts"
import { temporary } from "../support/Folders.ts"
import { nonconvex } from "../support/InProcess.ts"
import { ownProgram } from "../support/OwnProgram.ts"

const sweep = {
  experiment: "toy/dice",
  preset: "smoke",
  vary: { rolls: [2, 8], radius: [0.5] },
  seeds: "1..10",
}

const expectation = {
  question: "Do more rolls have a larger mean?",
  expectations: [
    {
      statement: "eight rolls have a mean that is larger by two",
      of: { label: "eight", metric: "last(mean where rolls=8)" },
      against: { label: "two", metric: "last(mean where rolls=2)" },
      effect: "difference",
      direction: "more",
      threshold: 2,
      words: {
        supported: "More rolls have the larger mean.",
        contradicted: "More rolls have **no** larger mean.",
        undecided: "It cannot be told.",
      },
    },
  ],
}

const heading = {
  title: "The mean of more dice",
  system: "toy",
  paper: "Theorem 1 says that the mean goes to 3.5.",
  scale: "up to 8 rolls, ten seeds",
  size: "two dice",
  paperScale: "the paper has infinitely many",
  table: { by: ["rolls"], shown: [{ title: "mean", metric: "last(mean)" }] },
  figures: [
    {
      id: "means",
      title: "Means",
      caption: "Over rolls.",
      kind: "lines",
      x: { field: "roll", title: "roll" },
      y: { field: "mean", title: "mean" },
      series: { field: "rolls", title: "rolls" },
    },
  ],
}

const write = (file: string, value: unknown) => writeFileSync(file, JSON.stringify(value))

/** A repository with a study in it, as it is before it is registered; `of` replaces its files. */
const scratch = (of: (root: string) => Readonly<Record<string, object>> = () => ({})) => {
  const root = temporary()
  const folder = join(root, "dice")
  mkdirSync(folder)
  write(join(folder, "study.json"), heading)
  write(join(folder, "expectation.json"), expectation)
  write(join(folder, "sweep.json"), sweep)
  write(join(folder, "full.json"), { ...sweep, preset: "fast" })
  for (const [name, content] of Object.entries(of(root))) write(join(folder, name), content)
  const git = (...args: ReadonlyArray<string>) =>
    execFileSync("git", ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost", ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    })
  git("init", "--quiet")
  const register = () => {
    git("add", ".")
    git("commit", "--quiet", "--message", "Register")
  }
  const study = (...args: ReadonlyArray<string>) =>
    nonconvex([toy], ["study", ...args, "--studies", root, "--jobs", "1", "--quiet"])
  return { folder, register, study, result: join(folder, "result.parquet") }
}

const run = ["dice", "--run", "--no-store"]

/** Runs a command as a shell does that prints for it. */
const inShell = (folder: string, command: string) =>
  execFileSync(
    "sh",
    ["-c", command.replace("git tag", "git -c user.name=n -c user.email=n@l tag")],
    {
      cwd: folder,
    },
  )

/** A study that was run. */
const finished = Effect.fnUntraced(function* () {
  const made = scratch()
  made.register()
  const { code, stderr } = yield* made.study(...run)
  assert.strictEqual(code, 0, stderr)
  return made
})

const stored = (result: string) =>
  Effect.provide(StoredResult.decode(result, readFileSync(result)), NodeServices.layer)

/** Stores the result with something changed in it. */
const change = Effect.fnUntraced(function* (
  result: string,
  changed: (stored: StoredResult.Stored) => StoredResult.Stored,
) {
  const bytes = yield* Effect.promise(async () =>
    StoredResult.encode(changed(await Effect.runPromise(stored(result)))),
  )
  writeFileSync(result, bytes)
})

const bits = (numbers: ReadonlyArray<number>) =>
  Array.from(new BigUint64Array(Float64Array.from(numbers).buffer))

describe("the digest of a study", () => {
  it.live("stands in the text of a tag, which the command prints and the result names", () =>
    Effect.gen(function* () {
      const { folder, register, result, study } = scratch()
      assert.match((yield* study("dice", "--register")).stderr, /was not registered before its run/)
      register()
      const printed = (yield* study("dice", "--register")).stdout.split("\n")
      assert.match(printed[0]!, /^sha256 [0-9a-f]{64}$/)
      const digest = printed[0]!.slice("sha256 ".length)
      assert.match(
        printed[1]!,
        new RegExp(`^git tag -a registered/dice -m "dice: sha256 ${digest}" `),
      )
      inShell(folder, printed[1]!)
      const again = yield* study("dice", "--register")
      assert.include(again.stdout, "the tag registered/dice records this digest")
      const { code, stderr } = yield* study(...run)
      assert.strictEqual(code, 0, stderr)
      const { provenance } = yield* stored(result)
      assert.strictEqual(provenance.registration.digest, digest)
      assert.strictEqual(provenance.registration.tag, "registered/dice")
      assert.include((yield* study("dice", "--all")).stdout, "tag registered/dice")
      // the sweep at full size has a digest of its own
      const full = yield* study("dice", "--register", "--full")
      assert.include(full.stdout, "git tag -a registered/dice-full")
      assert.notInclude(full.stdout, digest)
    }),
  )

  it.live("is refused where the tag has another", () =>
    Effect.gen(function* () {
      const { folder, register, study } = scratch()
      register()
      inShell(folder, (yield* study("dice", "--register")).stdout.split("\n")[1]!)
      write(join(folder, "expectation.json"), { ...expectation, question: "Another?" })
      register()
      for (const asked of [["dice", "--register"], run]) {
        const { code, stderr } = yield* study(...asked)
        assert.strictEqual(code, 1)
        assert.match(stderr, /the tag registered\/dice does not record the digest [0-9a-f]{64}/)
      }
    }),
  )
})

describe("a study", () => {
  it.live("may be of a program of somebody's own", () =>
    Effect.gen(function* () {
      const { register, result, study } = scratch((root) => {
        const own = {
          experiment: "program/train",
          program: { command: ownProgram(root).command("{rate} {seed}") },
          vary: { rate: [0.1, 0.5] },
          seeds: "1..10",
        }
        const [first] = expectation.expectations
        const faster = {
          ...first,
          statement: "the larger rate has the smaller loss",
          of: { label: "0.5", metric: "last(loss where rate=0.5)" },
          against: { label: "0.1", metric: "last(loss where rate=0.1)" },
          direction: "less",
          threshold: 0,
          words: { ...first!.words, supported: "The larger rate is faster." },
        }
        return {
          "sweep.json": own,
          "full.json": own,
          "expectation.json": { question: "Which rate is faster?", expectations: [faster] },
          "study.json": {
            ...heading,
            table: { by: ["rate"], shown: [{ title: "loss", metric: "last(loss)" }] },
            figures: [],
          },
        }
      })
      register()
      const { code, stderr, stdout } = yield* study(...run)
      assert.strictEqual(code, 0, stderr)
      assert.include(stdout, "supported: The larger rate is faster.")
      const { provenance, trials } = yield* stored(result)
      assert.strictEqual(trials.length, 20)
      assert.match(provenance.code!, /^[0-9a-f]{64}$/)
      const checked = yield* study("dice", "--check", "3")
      assert.match(checked.stdout, /the same bits in 15 rows of 3 of 20 trials/)
    }),
  )

  it.live("does not choose its trials by their results", () =>
    Effect.gen(function* () {
      const { study } = scratch(() => ({
        "sweep.json": { ...sweep, sampler: "tpe", trials: 5, metric: "last(mean)" },
      }))
      const { code, stderr } = yield* study("dice")
      assert.strictEqual(code, 1)
      assert.include(stderr, "the sampler tpe chooses trials by their results")
    }),
  )

  it.live("must be committed before it is run, and stores what it was", () =>
    Effect.gen(function* () {
      const { folder, register, result, study } = scratch()
      const early = yield* study(...run)
      assert.strictEqual(early.code, 1)
      assert.match(
        early.stderr,
        /dice was not registered before its run: .*; commit its expectation and its sweep first/,
      )
      register()
      write(join(folder, "expectation.json"), { ...expectation, question: "Another?" })
      assert.match((yield* study(...run)).stderr, /it has uncommitted changes/)
      write(join(folder, "expectation.json"), expectation)
      const { code, stdout } = yield* study(...run)
      assert.strictEqual(code, 0)
      assert.include(stdout, "contradicted: More rolls have no larger mean.")
      const { provenance, trials } = yield* stored(result)
      assert.strictEqual(trials.length, 20)
      assert.deepStrictEqual(provenance.base, {})
      assert.match(provenance.registration.commit, /^[0-9a-f]{40}$/)
      assert.isBelow(Date.parse(provenance.registration.time), Date.parse(provenance.startedAt))
      assert.include(
        (yield* study("--all")).stdout,
        "contradicted: More rolls have no larger mean.",
      )
    }),
  )

  it.live("takes no trial from the store that was computed before it was registered", () =>
    Effect.gen(function* () {
      const { folder, register, study } = scratch()
      const store = ["--store", join(folder, "..", "runs.sqlite")]
      const file = ["--file", join(folder, "sweep.json"), "--jobs", "1", "--quiet"]
      const { code } = yield* nonconvex([toy], ["sweep", ...file, ...store])
      assert.strictEqual(code, 0)
      // git counts whole seconds
      yield* Effect.sleep(1100)
      register()
      const late = yield* study("dice", "--run", ...store)
      assert.strictEqual(late.code, 1)
      assert.match(late.stderr, /a saved trial was started at .*--fresh recomputes all/)
      assert.strictEqual((yield* study("dice", "--run", "--fresh", ...store)).code, 0)
    }),
  )

  it.live("is computed again bit for bit, and the check finds a row that was changed", () =>
    Effect.gen(function* () {
      const { result, study } = yield* finished()
      const good = yield* study("dice", "--check", "4")
      assert.strictEqual(good.code, 0, good.stderr)
      assert.match(
        good.stdout,
        /^the same bits in \d+ rows of 4 of 20 trials: dice, strict kernels$/m,
      )
      yield* change(result, ({ provenance, trials }) => ({
        provenance,
        trials: trials.map((trial, at) =>
          at === 13
            ? {
                ...trial,
                rows: trial.rows.map((row, line) =>
                  line === 1 ? { ...row, mean: Number(row["mean"]) * (1 + 2 ** -52) } : row,
                ),
              }
            : trial,
        ),
      }))
      const { code, stderr } = yield* study("dice", "--check", "20")
      assert.strictEqual(code, 3)
      assert.match(stderr, /dice differs: trial 13, row 1, column mean: .* is stored, /)
    }),
  )

  it.live("refuses a result that does not fit its sweep or its expectation", () =>
    Effect.gen(function* () {
      const { folder, result, study } = yield* finished()
      const refused = Effect.fnUntraced(function* (reason: RegExp) {
        const { code, stderr, stdout } = yield* study("dice")
        assert.strictEqual(code, 1)
        assert.strictEqual(stdout, "")
        assert.notInclude(stderr, "\n")
        assert.match(stderr, reason)
      })
      const bytes = readFileSync(result)
      write(join(folder, "sweep.json"), { ...sweep, seeds: "2..11" })
      yield* refused(/result\.parquet: was run for a different question, expectation or sweep/)
      write(join(folder, "sweep.json"), { ...sweep, seeds: "1..9" })
      yield* refused(/sweep\.json: a study has at least 10 seeds, but this one has 9/)
      write(join(folder, "sweep.json"), sweep)
      yield* change(result, (before) => ({ ...before, trials: before.trials.slice(1) }))
      yield* refused(/result\.parquet: has 19 trials, but the sweep has 20/)
      writeFileSync(result, bytes)
      yield* change(result, ({ provenance, trials }) => ({
        provenance,
        trials: trials.map((trial) => (trial.seed === 4 ? { ...trial, seed: 40 } : trial)),
      }))
      yield* refused(
        /has \{"radius":0.5,"rolls":2,"seed":40\} as trial 3, but the sweep has \{"radius":0.5,"rolls":2,"seed":4\}/,
      )
      writeFileSync(result, bytes)
      yield* change(result, ({ provenance, trials }) => {
        const registration = { ...provenance.registration, time: "2100-01-01T00:00:00Z" }
        return { provenance: { ...provenance, registration }, trials }
      })
      yield* refused(/was started at .*, before its expectation was registered at 2100/)
      writeFileSync(result, bytes.subarray(0, 100))
      yield* refused(/result\.parquet: is not a Parquet file/)
    }),
  )

  it.live("keeps every number bit for bit", () =>
    Effect.gen(function* () {
      const { result } = yield* finished()
      const odd = [-0, 0, Number.NaN, Infinity, 5e-324, 0.1 + 0.2, 2 ** 53]
      yield* change(result, ({ provenance, trials }) => ({
        provenance: { ...provenance, columns: ["n", "text", "flag"] },
        trials: trials.map((trial) => ({
          ...trial,
          rows: odd.map((n, at) => ({ n, text: `"${at}", ü`, flag: at % 2 === 0 })),
        })),
      }))
      const { trials } = yield* stored(result)
      for (const { rows } of trials) {
        assert.deepStrictEqual(bits(rows.map(({ n }) => Number(n))), bits(odd))
        assert.deepStrictEqual(
          rows.map(({ flag, text }) => [flag, text]),
          odd.map((_, at) => [at % 2 === 0, `"${at}", ü`]),
        )
      }
    }),
  )

  it.live("may vary a list, which is its JSON in the file", () =>
    Effect.gen(function* () {
      const { folder, result } = yield* finished()
      const { provenance, trials } = yield* stored(result)
      const asked = yield* Study.read(folder)
      const lists = { ...asked.sweep, vary: { sizes: [[1, 2], [3]] } }
      const digest = yield* StoredResult.digestOf(asked.registered, lists)
      const study = { ...asked, sweep: lists, digest }
      const fresh: StoredResult.Stored = {
        provenance: {
          ...provenance,
          settings: ["sizes"],
          registration: { ...provenance.registration, digest },
        },
        trials: trials.map((trial, at) => ({
          ...trial,
          settings: { sizes: at < 10 ? [1, 2] : [3] },
        })),
      }
      yield* Study.fitted(study, fresh)
      const bytes = yield* Effect.promise(() => StoredResult.encode(fresh))
      const decoded = yield* StoredResult.decode(result, bytes)
      assert.deepStrictEqual(decoded.trials[10]!.settings, { sizes: "[3]" })
      yield* Study.fitted(study, decoded)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("is drawn without computing, its finding first", () =>
    Effect.gen(function* () {
      const { folder } = yield* finished()
      const report = yield* Effect.provide(
        Effect.flatMap(Study.read(folder), StudyReport.read),
        NodeServices.layer,
      )
      const figures = report.found!.figures
      const drawings = yield* Drawings.draw([{ id: StudySection.idOf(report), rows: [], figures }])
      assert.deepStrictEqual(Drawings.undrawable(drawings), [])
      const { markup } = StudySection.render(report)
      assert.isBelow(
        markup.indexOf("More rolls have <strong>no</strong>"),
        markup.indexOf("Do more rolls"),
      )
      assert.include(markup, "data-figure=")
      assert.include(markup, "nonconvex study dice --check 3")
      assert.include(markup, heading.paperScale)
      // a report is drawn from results.json, which has it
      const text = yield* Schema.encodeEffect(
        Schema.fromJsonString(Schema.toCodecJson(StudyReport.StudyReport)),
      )(report)
      const again = yield* Schema.decodeUnknownEffect(
        Schema.fromJsonString(Schema.toCodecJson(StudyReport.StudyReport)),
      )(text)
      assert.strictEqual(StudySection.render(again).markup, markup)
    }),
  )

  it.live("runs at full size into a file of its own, registered as well", () =>
    Effect.gen(function* () {
      const { folder, result, study } = yield* finished()
      const before = readFileSync(result)
      const out = join(folder, "..", "full.parquet")
      const { code, stderr } = yield* study(...run, "--full", "--out", out)
      assert.strictEqual(code, 0, stderr)
      const { provenance } = yield* stored(out)
      assert.strictEqual(provenance.sweep.preset, "fast")
      assert.deepStrictEqual(readFileSync(result), before)
      write(join(folder, "full.json"), { ...sweep, preset: "fast", seeds: "2..11" })
      const changed = yield* study(...run, "--full", "--out", out)
      assert.match(changed.stderr, /it has uncommitted changes/)
    }),
  )

  it.live("says what a flag needs", () =>
    Effect.gen(function* () {
      const { register, study } = scratch()
      register()
      assert.match((yield* study("--run")).stderr, /--run needs the name of a study/)
      assert.match((yield* study("dice", "--full")).stderr, /--full needs --run and --out/)
      assert.match((yield* study("dice", "--check", "2")).stderr, /--check needs a result/)
      assert.match((yield* study("dise")).stderr, /no study is named "dise"; did you mean dice\?/)
      assert.include((yield* study("dice")).stdout, "registered, but not run yet")
    }),
  )
})
