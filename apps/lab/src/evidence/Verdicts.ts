/** Verdicts for a person at a terminal. */
import { Kind } from "@nonconvex/evidence"
import * as Verdict from "@nonconvex/evidence/Verdict"
import type * as Errata from "@nonconvex/evidence/Erratum"
import * as Instance from "@nonconvex/evidence/Instance"
import { Contradicted } from "../cli/Failure.ts"
import type { Paint } from "../cli/Paint.ts"
import * as Table from "../cli/TextTable.ts"
import * as ExactValues from "./ExactValues.ts"

/** Names of the verdicts, each explained in the glossary. */
export const words = {
  Held: "held",
  Refuted: "refuted",
  Falsified: "FALSIFIED",
  Toothless: "TOOTHLESS",
  Unrefuted: "UNREFUTED",
  Broken: "BROKEN",
  Undecided: "UNDECIDED",
} as const satisfies Record<Verdict.Verdict["_tag"], string>

const wordWidth = 10

/** Comparison that decided a margin. */
export const marginOf = ({
  compared,
  margin,
}: Pick<Verdict.Counterexample, "compared" | "margin">): string =>
  compared === undefined
    ? Table.margin(margin)
    : `${Table.margin(margin)} ${Instance.unitOf(compared)}: ${Instance.comparison(compared)}`

const counterexample = (found: Verdict.Counterexample): ReadonlyArray<string> => [
  ...Instance.lines(found.instance).map((line, k) => (k === 0 ? "by " : "   ") + line),
  `margin ${marginOf(found)}`,
  ...ExactValues.ofViolation(found),
  `nonconvex replay ${found.replay}`,
]

/** Counterexample by which each control was detected. */
const caught = ({ control, counterexample: found, runs }: Verdict.Caught): string => {
  const { compared, exact, instance } = found
  const because = compared === undefined ? "" : `: ${Instance.comparison(compared)}`
  const how = exact?.outcome === "refuted" ? ", exactly" : ""
  return `detected ${control} in ${Table.plural(runs, "run")}${how}${because} (${Instance.inline(instance)})`
}

/** `read as printed: equation (29)`, `read in a conversion of the text: Proposition 10`, or `recalled and not read`. */
export const readAs = (read: Errata.Read): string =>
  read.as === "printed"
    ? `read as printed: ${read.place}`
    : read.as === "converted"
      ? `read in a conversion of the text: ${read.place}`
      : `${read.as}, not read`

/** `gap in a proof, read as printed: equation (29)`. */
export const describeFault = (of: Errata.Class, read: Errata.Read | undefined): string => {
  return read === undefined ? of : `${of}, ${readAs(read)}`
}

/** Runs of a search, and how far they went. */
const runsOf = ({ runs, tried }: { readonly runs: number; readonly tried?: Verdict.Tried }) =>
  `${Table.plural(runs, "run")}${tried === undefined ? "" : `, ${Verdict.howFar(tried)}`}`

const details = (verdict: Verdict.Verdict): ReadonlyArray<string> => {
  switch (verdict._tag) {
    case "Held":
      return [
        `${runsOf(verdict)}; worst margin ${Table.margin(verdict.margins.worst)}, median ${Table.margin(verdict.margins.median)}`,
        ...(verdict.horizons ?? []).map(Verdict.inHorizon),
        ...verdict.caught.map(caught),
      ]
    case "Falsified":
      return [Verdict.howSure(verdict), ...counterexample(verdict.counterexample)]
    case "Toothless":
      return [`also holds under the control ${verdict.survived.join(", ")}`]
    case "Refuted":
      return [
        ...(verdict.class === undefined ? [] : [describeFault(verdict.class, verdict.read)]),
        ...ExactValues.ofErratum(verdict.exact),
        ...counterexample(verdict.counterexample),
        `${verdict.corrected} holds instead`,
      ]
    case "Unrefuted":
      return [`no counterexample in ${runsOf(verdict)}`]
    case "Broken":
      return [verdict.reason, ...counterexample(verdict.counterexample)]
    case "Undecided":
      return [`the time budget ended after ${runsOf(verdict)}`]
  }
}

/** One line with the outcome and the id, then the evidence. */
export const render =
  (paint: Paint) =>
  (verdict: Verdict.Verdict): string => {
    const colour = Verdict.isExpected(verdict) ? paint.good : paint.bad
    const head = `${colour(words[verdict._tag].padEnd(wordWidth))}${verdict.id}`
    const rest = details(verdict).map((line) => paint.dim(" ".repeat(wordWidth) + line))
    return [head, ...rest].join("\n")
  }

const unread = "refuted if the paper says so"

/** Category in which a verdict is counted; refuted statements that no one read in the paper are separate. */
const countedAs = (verdict: Verdict.Verdict): string =>
  verdict._tag === "Refuted" && !Verdict.wasRead(verdict) ? unread : words[verdict._tag]

/** `31 statements: 29 held, 2 refuted (1 exactly)`. */
export const summary = (verdicts: ReadonlyArray<Verdict.Verdict>): string => {
  const counts = [...Object.values(words), unread].flatMap((word) => {
    const found = verdicts.filter((verdict) => countedAs(verdict) === word)
    const exact = found.filter(Verdict.isExact).length
    const how = exact === 0 ? "" : ` (${exact} exactly)`
    return found.length === 0 ? [] : [`${found.length} ${word}${how}`]
  })
  return `${Table.plural(verdicts.length, "statement")}: ${counts.join(", ")}`
}

/** Counts the claims that held by their kind: `held: 2 theorems (1 printed, 1 recalled), 1 lemma of ours`. */
export const byKind = (verdicts: ReadonlyArray<Verdict.Verdict>): string =>
  `held: ${Kind.counted(verdicts.filter(({ _tag }) => _tag === "Held").map(({ source }) => source))}`

/** Failure caused by unexpected verdicts, if there are any. */
export const contradiction = (
  verdicts: ReadonlyArray<Verdict.Verdict>,
): Contradicted | undefined => {
  const ids = verdicts.filter((verdict) => !Verdict.isExpected(verdict)).map(({ id }) => id)
  return ids.length === 0 ? undefined : new Contradicted({ ids, total: verdicts.length })
}
