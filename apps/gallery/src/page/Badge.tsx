import type { Entry } from "../Parts.ts"

const tones: Readonly<Record<string, string>> = {
  held: "good",
  supported: "good",
  refuted: "note",
  undecided: "note",
}

/** Verdict of an entry, or outcome of a study. */
export const Badge = ({
  of: { tone, verdict },
}: {
  readonly of: Pick<Entry, "tone" | "verdict">
}) =>
  verdict === undefined ? null : (
    <span class={`badge ${tone ?? tones[verdict] ?? "bad"}`}>{verdict}</span>
  )
