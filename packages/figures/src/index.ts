export { lostRows, problems } from "./Check.ts"
export { curve, diagonal, layersOf, level, type Reference, slope, upright } from "./Reference.ts"
export { grouped, isObject, textOf } from "./Rows.ts"
export {
  type Axis,
  custom,
  type Figure,
  lines,
  path,
  points,
  type Series,
  transformed,
  type Where,
} from "./Specification.ts"
export { columnOf, labelsOf, type View, views, withTable } from "./View.ts"
export { outsideVocabulary } from "./Vocabulary.ts"
