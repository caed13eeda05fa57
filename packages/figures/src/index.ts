export { problems } from "./Check.ts"
export { curve, diagonal, layersOf, level, slope, upright } from "./Reference.ts"
export { isObject, textOf } from "./Rows.ts"
export {
  custom,
  type Figure,
  lines,
  path,
  points,
  transformed,
  type Where,
} from "./Specification.ts"
export { views, withTable } from "./View.ts"
export { outsideVocabulary } from "./Vocabulary.ts"
