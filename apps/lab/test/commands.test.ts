/** Commands in this process: what they print, as text and as JSON, and what they refuse. */
import * as Verdict from "@nonconvex/evidence/Verdict"
import { system as optimSam } from "@nonconvex/optim-sam/evidence"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { ExperimentEntry } from "../src/evidence/ExperimentEntry.ts"
import { Finding } from "../src/cli/Machine.ts"
import { Replayed } from "../src/evidence/handlers/ReplayHandler.ts"
import { StatementEntry } from "../src/evidence/StatementEntry.ts"
import { SystemEntry } from "../src/evidence/SystemEntry.ts"
import { system as toy } from "./fixtures/toy.ts"
import { nonconvex } from "./support/InProcess.ts"
import { both, decoded, refused } from "./support/Toys.ts"

describe("systems", () => {
  it.live("lists papers with what is executable of them", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex(both, ["systems"])
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(stdout.split("\n"), [
        "toy: 0 theorems, 2 lemmas, 0 identities, 0 observations, 1 erratum, 1 experiment",
        "  A. Nobody 2000, On digits",
        "wrong: 3 theorems, 0 lemmas, 0 identities, 0 observations, 1 erratum, 3 experiments",
        "  A. Nobody 2001, On errors",
      ])
      const { value } = yield* decoded(Schema.Array(SystemEntry), ["systems"])
      assert.deepStrictEqual(
        value.map(({ claims, id }) => [id, claims]),
        [
          ["toy", 2],
          ["wrong", 3],
        ],
      )
    }),
  )
})

describe("claims", () => {
  it.live("lists statements with sources and controls", () =>
    Effect.gen(function* () {
      const short = yield* nonconvex(both, ["claims", "toy"])
      assert.match(short.stdout, /^2 lemmas of ours\n {2}at-most-nine, /)
      const counted = yield* nonconvex(both, ["claims"])
      assert.match(counted.stdout, /^toy +2 lemmas of ours +1$/m)
      const { stdout } = yield* nonconvex(both, ["claims", "toy", "--all"])
      assert.include(stdout, "toy/at-most-nine\n  A digit `d` is at most nine")
      assert.include(stdout, "must fail under: base sixteen")
      assert.include(stdout, "toy/at-most-eight (erratum)")
      assert.include(stdout, "toy/at-most-nine holds instead")
      assert.include(stdout, "  constant, read as printed: page 8")
      assert.notInclude(stdout, "wrong/")
      const { value } = yield* decoded(Schema.Array(StatementEntry), ["claims"])
      assert.strictEqual(value.length, 7)
      assert.strictEqual(value.filter(({ kind }) => kind === "erratum").length, 2)
    }),
  )

  it.live("lists what is confirmed exactly, and why the rest is not", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex(both, ["claims", "toy", "--exactness"])
      assert.match(stdout, /^For \d+ of \d+ statements, a violation is confirmed exactly\./)
      assert.include(stdout, "bits: integers or float64 numbers are compared without rounding")
      const { value } = yield* decoded(Schema.Array(StatementEntry), ["claims", "toy"])
      const nine = value.find(({ id }) => id === "toy/at-most-nine")!
      assert.strictEqual(nine.isExact, true)
      assert.strictEqual(nine.inFloatingPoint, "bits")
    }),
  )

  it.live(
    "prints the file of a statement and of an experiment, where its system is none without one",
    () =>
      Effect.gen(function* () {
        const where = (name: string) =>
          Effect.map(nonconvex([optimSam], ["claims", name, "--where"]), ({ stdout }) => stdout)
        assert.match(
          yield* where("normalised-step-length"),
          /packages\/optim-sam\/src\/evidence\/laws\/NormalisedStepLength\.ts\s*$/,
        )
        assert.match(
          yield* where("optim-sam/single-neuron"),
          /packages\/optim-sam\/src\/evidence\/experiments\/SingleNeuron\.ts\s*$/,
        )
        const all = (yield* where("optim-sam")).trim().split("\n")
        const { claims, errata, experiments } = optimSam
        assert.lengthOf(all, claims.length + errata.length + experiments.length)
        for (const line of all) assert.match(line, /^optim-sam\/\S+ {2}\S+\/[A-Z]\w*\.ts$/)
      }),
  )

  it.live("asks whether another system was meant", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refused("claims", "toi"),
        'nonconvex: no system is named "toi"; did you mean toy?',
      )
    }),
  )
})

describe("experiments", () => {
  it.live("lists questions and the settings of a preset", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex(both, ["experiments", "toy", "--preset", "paper"])
      assert.include(stdout, "toy/dice: The mean of dice\n  Does the mean of `n` rolls go to 3.5?")
      assert.include(
        stdout,
        "  about 3 min 20 s on one thread\n  --set rolls=2000\n  --set radius=0.5",
      )
      const { value } = yield* decoded(Schema.Array(ExperimentEntry), ["experiments"])
      assert.deepStrictEqual(value[0]?.settings, { rolls: 200, radius: 0.5 })
      assert.notProperty(value[0], "time")
    }),
  )
})

describe("verify", () => {
  it.live("names what held, what was caught, and by what", () =>
    Effect.gen(function* () {
      const { code, progress, stdout } = yield* nonconvex([toy], ["verify", "--jobs", "1"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^held +toy\/at-most-nine$/m)
      assert.match(
        stdout,
        /detected base sixteen in \d+ runs?: 10 is above its bound 9 \(digit 10\)$/m,
      )
      assert.match(stdout, /^refuted +toy\/at-most-eight$/m)
      assert.match(stdout, /nonconvex replay toy\/at-most-eight@-?\d+:[\d:]+$/m)
      assert.deepStrictEqual(
        /exactly, [^]*?not refuted by the same calculation.*$/m.exec(stdout)?.[0].split(/\n */),
        [
          "exactly, by fractions: 9 is above its bound 8, by 1",
          "digit = 9",
          "nine comes after eight",
          "not refuted by the same calculation: at most nine; eight",
        ],
      )
      assert.include(stdout, "3 statements: 2 held, 1 refuted (1 exactly) (seed 1)")
      assert.include(stdout, "\nheld: 2 lemmas of ours\n")
      assert.match(progress, /^verify \[#{20}\] 1 000\/1 000 runs/m)
      assert.include(progress, "worst margin 0 (toy/at-most-nine)")
    }),
  )

  it.live("ends with 2 and the names of what is not as stated", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* nonconvex(both, [
        "verify",
        "wrong",
        "--quiet",
        "--jobs",
        "1",
      ])
      assert.strictEqual(code, 2)
      assert.strictEqual(
        stderr,
        "nonconvex: 4 of 4 statements do not have the expected verdict: wrong/falsified, wrong/toothless, wrong/broken, wrong/unrefuted",
      )
      for (const word of ["FALSIFIED", "TOOTHLESS", "BROKEN", "UNREFUTED"]) {
        assert.match(stdout, new RegExp(`^${word} +wrong/`, "m"))
      }
      assert.include(stdout, "by digit  8\n")
      assert.include(stdout, "margin -0.143 relative to the bound: 8 is above its bound 7\n")
      assert.include(stdout, "also holds under the control at most ten")
      assert.include(stdout, "the scale fell off the table")
    }),
  )

  it.live("steers where it is asked to, to a token that replay reads", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex(both, [
        "verify",
        "wrong/falsified",
        "--search",
        "steered",
        "--quiet",
        "--jobs",
        "1",
      ])
      assert.strictEqual(code, 2)
      const [, token] = /nonconvex replay (\S+@-?\d+:(?:\.\d+)+(?::\d+)*)$/m.exec(stdout)!
      const replayed = yield* nonconvex(both, ["replay", token!])
      assert.strictEqual(replayed.code, 2)
      assert.match(replayed.stdout, /^instance +digit  8$/m)
      assert.strictEqual(
        yield* refused("verify", "--search", "clever"),
        'nonconvex verify: Invalid value for flag --search: "clever". Expected: "random" | "steered" (help: nonconvex verify --help)',
      )
    }),
  )

  it.live("takes one claim by its short name, and prints JSON alone", () =>
    Effect.gen(function* () {
      const { code, value } = yield* decoded(Schema.Array(Verdict.Verdict), [
        "verify",
        "symmetric",
        "--runs",
        "30",
      ])
      assert.strictEqual(code, 0)
      const [verdict] = value
      assert.isTrue(verdict?._tag === "Held" && verdict.runs === 30)
    }),
  )

  it.live("refuses what it cannot use, in one line", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refused("verify", "toy/at-most-nin"),
        'nonconvex: no system, claim or erratum is named "toy/at-most-nin"; did you mean toy/at-most-nine or toy/at-most-eight?',
      )
      for (const runs of ["0", "1000000000"]) {
        assert.strictEqual(
          yield* refused("verify", "--runs", runs),
          `nonconvex verify: Invalid value for flag --runs: "${runs}". Expected a value between 1 and 10000000 (help: nonconvex verify --help)`,
        )
      }
      for (const flag of ["jobs", "budget"]) {
        assert.strictEqual(
          yield* refused("verify", `--${flag}`, "0"),
          `nonconvex verify: Invalid value for flag --${flag}: "0". Expected a value greater than 0 (help: nonconvex verify --help)`,
        )
      }
      assert.strictEqual(
        yield* refused("verify", "--rnus", "3"),
        "nonconvex verify: Unrecognized flag: --rnus in command nonconvex verify; did you mean --runs? (help: nonconvex verify --help)",
      )
    }),
  )
})

describe("replay", () => {
  /** The tokens that verdicts print, by claim or by control. */
  const tokens = Effect.gen(function* () {
    const args = ["verify", "--runs", "50", "--jobs", "1"]
    const { value } = yield* decoded(Schema.Array(Verdict.Verdict), args)
    return new Map(
      value.flatMap((verdict) => [
        ...("counterexample" in verdict
          ? [[verdict.id, verdict.counterexample.replay] as const]
          : []),
        ...("caught" in verdict
          ? verdict.caught.map((each) => [each.control, each.counterexample.replay] as const)
          : []),
      ]),
    )
  })

  it.live("shows the very instance, and ends with 2 where it violates a claim", () =>
    Effect.gen(function* () {
      const token = yield* tokens
      const claim = yield* nonconvex(both, ["replay", token.get("wrong/falsified")!])
      assert.strictEqual(claim.code, 2)
      assert.deepStrictEqual(claim.stdout.split("\n"), [
        "wrong/falsified: A digit is at most seven.",
        "instance  digit  8",
        "margin    -0.143 relative to the bound: 8 is above its bound 7",
        "wrong/falsified is violated here",
      ])
      const broken = yield* nonconvex(both, ["replay", token.get("wrong/broken")!])
      assert.strictEqual(broken.code, 2)
      assert.include(broken.stdout, "the trial failed here: the scale fell off the table")
      const erratum = yield* nonconvex(both, ["replay", token.get("toy/at-most-eight")!])
      assert.strictEqual(erratum.code, 0)
      assert.include(erratum.stdout, "false here, as the project says; toy/at-most-nine holds")
      assert.include(
        erratum.stdout,
        "in round numbers\nexactly, by fractions: 9 is above its bound 8, by 1\n  digit = 9\n",
      )
      const again = yield* decoded(Replayed, ["replay", token.get("toy/at-most-eight")!])
      assert(again.value.certainty !== undefined && "outcome" in again.value.certainty)
      assert.strictEqual(again.value.certainty.outcome, "refuted")
      const control = yield* decoded(Replayed, ["replay", token.get("base sixteen")!])
      assert.strictEqual(control.code, 0)
      assert.deepStrictEqual(control.value.instance, { digit: 10 })
      assert.strictEqual(
        control.value.outcome,
        "the control base-sixteen is detected here, as it must be",
      )
    }),
  )

  it.live("refuses what is no token, and what it does not know", () =>
    Effect.gen(function* () {
      assert.match(yield* refused("replay", "seven"), /"seven" is not a replay token/)
      assert.match(
        yield* refused("replay", "toy/at-most-ten@1:0"),
        /did you mean toy\/at-most-nine/,
      )
      assert.match(
        yield* refused("replay", "toy/symmetric+division@1:0"),
        /no control "division"; it has subtraction/,
      )
      assert.match(yield* refused("replay", "toy/symmetric@1:0:9:9:9"), /does not name an instance/)
    }),
  )
})

describe("doctor", () => {
  it.live("finds this machine fit", () =>
    Effect.gen(function* () {
      const { code, value } = yield* decoded(Schema.Array(Finding), ["doctor", "--out", "report"])
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(
        value.filter(({ state }) => state === "bad"),
        [],
      )
      assert.include(value.find(({ name }) => name === "data sets")?.text, "fashion-mnist")
    }),
  )

  it.live("says what is wrong, and ends with 1", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* nonconvex(both, ["doctor", "--out", "package.json"])
      assert.strictEqual(code, 1)
      assert.match(stdout, /^BAD +report folder +package.json: cannot be written/m)
      assert.strictEqual(
        stderr,
        "nonconvex: this machine does not meet the requirements: report folder",
      )
    }),
  )
})

describe("help", () => {
  it.live("has an example for every command", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex(both, ["--help"])
      assert.strictEqual(code, 0)
      const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name!)
      assert.isAtLeast(commands.length, 10)
      assert.includeMembers(commands, ["verify", "replay", "run", "reproduce", "train", "doctor"])
      for (const command of commands) {
        const help = yield* nonconvex(both, [command, "--help"])
        assert.include(help.stdout, `nonconvex ${command}`)
        assert.include(help.stdout, "EXAMPLES")
      }
    }),
  )

  it.live("suggests a command, and prints completions", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refused("verfy"),
        'nonconvex: Unknown subcommand "verfy" for "nonconvex"; did you mean verify? (help: nonconvex --help)',
      )
      const completions = yield* nonconvex(both, ["--completions", "bash"])
      assert.include(completions.stdout, "reproduce")
    }),
  )
})
