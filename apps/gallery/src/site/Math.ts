/** Formulas in TeX as MathML, which browsers draw without a web font or a script. */
import temml from "temml"

/** The markup of a formula; `isDisplayed` for one on its own line. Throws `ParseError` on invalid TeX. */
export const formula = (tex: string, isDisplayed = false): string =>
  temml.renderToString(tex, { displayMode: isDisplayed, throwOnError: true, annotate: true })
