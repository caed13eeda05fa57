// The public surface, and nothing else: a name that is not here is free to change.
export { decode as decodeBase91, encode as encodeBase91 } from "./Base91.ts"
export { ofSystem as toysOfSystem, shown as toys } from "./play/ToyList.ts"
export { marked as markTerms } from "./prose/Terms.ts"
export { liveStyle } from "./live/LiveStyle.ts"
export { style } from "./Style.ts"
export { formula } from "./site/Math.ts"
export { siteStyle } from "./site/SiteStyle.ts"
export type { Place } from "./site/Place.ts"
