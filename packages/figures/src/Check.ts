/** Checks of a figure before it is drawn: rows that its axes cannot show, and caption words that nothing in it supports. */
import type { Schema } from "effect"
import type { Figure } from "./Specification.ts"
import { grouped, isObject, textOf } from "./Rows.ts"
import { outsideVocabulary } from "./Vocabulary.ts"
import { columnOf, labelsOf, type View, views } from "./View.ts"

const cannotShow = (scale: Schema.Json | undefined, value: Schema.Json | undefined): boolean =>
  typeof value !== "number" ||
  !Number.isFinite(value) ||
  (isObject(scale) && scale["type"] === "log" && value <= 0)

/** First row of a view that a channel cannot show, and the number of such rows. */
const lostBy = (view: View, channel: string): ReadonlyArray<string> => {
  const main = view.encoding[channel.slice(0, 1)]
  const field = columnOf(view, channel)
  if (field === undefined || !isObject(main) || main["type"] !== "quantitative") return []
  const lost = view.rows.flatMap((row, i) =>
    cannotShow(main["scale"], row[field]) ? [{ i, value: row[field] ?? "nothing" }] : [],
  )
  const [first] = lost
  if (first === undefined) return []
  const { scale } = main
  const axis = isObject(scale) ? textOf(scale["type"]) : "linear"
  const more = lost.length === 1 ? "" : `, and ${lost.length - 1} more`
  return [
    `row ${first.i + 1} has ${JSON.stringify(first.value)} in ${field}, which a ${axis} axis cannot show${more}: give the axis a floor, or filter such rows out`,
  ]
}

/** Rows that a specification would drop without excluding them, with the column and the axis. Empty if there are none. */
export const lostRows = (
  spec: Schema.Json,
  all: ReadonlyArray<object> = [],
): ReadonlyArray<string> => [
  ...new Set(
    views(spec, all)
      .filter(({ isWhole }) => isWhole)
      .flatMap((view) => ["x", "y", "x2", "y2"].flatMap((channel) => lostBy(view, channel))),
  ),
]

const isOf =
  (...marks: ReadonlyArray<string>) =>
  (view: View) =>
    marks.includes(view.mark)

const isDiagonal = (view: View): boolean => {
  const [x, y] = [columnOf(view, "x"), columnOf(view, "y")]
  if (view.style !== "reference" || x === undefined || y === undefined) return false
  return view.rows.some((row) => row[x] === row[y])
}

/** Words that refer to a mark, and the marks that support them. */
const spoken: ReadonlyArray<readonly [word: RegExp, isDrawn: (view: View) => boolean]> = [
  [/\bdiagonal\b/i, isDiagonal],
  [/\bslopes?\b/i, ({ style }) => style === "reference"],
  [/\bdashed\b/i, (view) => columnOf(view, "strokeDash") !== undefined],
  [/\b(?:each|one|every) point (?:is|a|an)\b/i, isOf("point", "circle")],
  [/\b(?:a cross|crosses)\b/i, ({ encoding, style }) => style === "marked" && "shape" in encoding],
  [/\bticks?\b/i, isOf("tick")],
  [/\b(?:shaded|band)\b/i, isOf("area")],
  [/\b(?:error )?bars\b/i, isOf("rule", "bar", "errorbar")],
  [/\b(?:each|one|every) (?:thin )?line\b/i, isOf("line", "rule")],
  [/\bpanels?\b/i, ({ encoding }) => "facet" in encoding],
]

const hasWord = (text: string, word: string): boolean => {
  const at = text.indexOf(word)
  if (at === -1) return false
  const isLetter = (character: string | undefined) => /[\p{L}\p{N}]/u.test(character ?? " ")
  if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true
  return hasWord(text.slice(at + 1), word)
}

/** Names that columns of the table give to its rows, without single letters and numbers. */
const namesIn = (all: ReadonlyArray<object>): ReadonlySet<string> =>
  new Set(
    all
      .flatMap((row) => Object.values(row) as ReadonlyArray<Schema.Json>)
      .filter((value): value is string => typeof value === "string" && value.length > 1),
  )

/** Names in a caption of things that are not drawn: quoted labels, omitted methods of the table, and missing marks. */
const misnamed = ({ caption, spec }: Figure, all: ReadonlyArray<object>): ReadonlyArray<string> => {
  const drawn = views(spec, all)
  const labels = drawn.flatMap(labelsOf)
  const rows = namesIn(drawn.flatMap((view) => view.rows))
  const isShown = (name: string) => rows.has(name) || labels.some((label) => hasWord(label, name))
  const quoted = Array.from(caption.matchAll(/[“"]([^“”"]+)[”"]/g), ([, name]) => name!)
  const words = spoken.flatMap(([word, isDrawn]) => {
    const [found] = word.exec(caption) ?? []
    return found === undefined || drawn.some(isDrawn) ? [] : [found]
  })
  return [
    ...quoted.filter((name) => !labels.includes(name)),
    ...[...namesIn(all)].filter((name) => hasWord(caption, name) && !isShown(name)),
    ...words,
  ].map((name) => `its caption names "${name}", which is not drawn`)
}

/** Lines that go back and forth: two of their rows share an x, and no column orders them. */
const zigzags = (view: View): ReadonlyArray<string> => {
  const x = columnOf(view, "x")
  if (view.mark !== "line" || view.style !== undefined || x === undefined) return []
  if (columnOf(view, "order") !== undefined) return []
  const channels = ["color", "strokeDash", "facet", "detail"].map((name) => columnOf(view, name))
  const lines = grouped(view.rows, channels)
  const twice = [...lines].find(([, own]) => own.length !== grouped(own, [x]).size)
  return twice === undefined
    ? []
    : [`a line goes through two rows with the same ${x}: ${twice[0] || "the only one"}`]
}

/** Parts of a specification outside the vocabulary. */
const strange = (spec: Schema.Json): ReadonlyArray<string> => {
  const place = outsideVocabulary(spec)
  return place === undefined ? [] : [`${place} is not allowed in a figure`]
}

/** Marks of a figure without rows to draw. */
const empty = (drawn: ReadonlyArray<View>): ReadonlyArray<string> =>
  drawn.every(({ isWhole, rows }) => isWhole && rows.length === 0) ? ["it draws no row"] : []

/**
 * Problems of a figure over a table; empty if none. They are dropped rows with their columns, an empty table, lines that go back
 * and forth, captions that name nothing drawn, and unsupported parts. Transforms of other kinds cannot be checked.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Figure from "@nonconvex/figures"
 *
 * const figure = Figure.points<{ rate: number; loss: number }>({
 *   id: "runs",
 *   title: "Runs",
 *   caption: "All stay below the diagonal.",
 *   x: { field: "rate", title: "rate" },
 *   y: { field: "loss", title: "loss" },
 * })
 * Figure.problems(figure, [{ rate: 0.1, loss: 1 }]) // => ['its caption names "diagonal", which is not drawn']
 * ```
 */
export const problems = (
  figure: Figure,
  all: ReadonlyArray<object> = [],
): ReadonlyArray<string> => [
  ...empty(views(figure.spec, all)),
  ...lostRows(figure.spec, all),
  ...views(figure.spec, all).flatMap(zigzags),
  ...misnamed(figure, all),
  ...strange(figure.spec),
]
