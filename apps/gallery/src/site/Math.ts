/** Formulas in TeX as MathML, which browsers draw without a font or a script of ours. */
import temml from "temml"

/** The markup of a formula; `isDisplayed` where it has a line of its own. A formula that TeX would refuse throws `ParseError`. */
export const formula = (tex: string, isDisplayed = false): string =>
  temml.renderToString(tex, { displayMode: isDisplayed, throwOnError: true, annotate: true })
