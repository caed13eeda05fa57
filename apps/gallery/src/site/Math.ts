/** Formulas in TeX as MathML, which browsers draw without a font or a script of ours. */
import temml from "temml"

/**
 * The markup of a formula; `isDisplayed` where it has a line of its own. A formula that TeX would refuse throws `ParseError`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { formula } from "@nonconvex/gallery"
 *
 * formula("a").includes("<mi>a</mi>") // => true
 * ```
 */
export const formula = (tex: string, isDisplayed = false): string =>
  temml.renderToString(tex, { displayMode: isDisplayed, throwOnError: true, annotate: true })
