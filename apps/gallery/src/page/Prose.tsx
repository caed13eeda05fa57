import { markupOf } from "../prose/Prose.ts"

/** Prose with its code, its emphasis and its formulas. */
export const Prose = ({ text }: { readonly text: string }) => (
  <span dangerouslySetInnerHTML={{ __html: markupOf(text) }} />
)
