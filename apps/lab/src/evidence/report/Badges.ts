/** Badges of outcomes. */
import type { Outcome } from "../study/Preregistration.ts"
import { type Html, html } from "./Html.ts"

const tones = {
  supported: "good",
  contradicted: "bad",
  undecided: "note",
} as const satisfies Record<Outcome, string>

/** The outcome of an expectation of a study. */
export const badge = (outcome: Outcome): Html =>
  html`<span class="badge ${tones[outcome]}">${outcome}</span>`
