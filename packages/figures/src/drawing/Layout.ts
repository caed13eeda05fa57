/** Layout of text: its width, the columns of a legend, the line breaks of a title. */
import { isObject, textOf } from "../Rows.ts"
import { columnOf, views } from "../View.ts"
import type { Schema } from "effect"
import { withAxes } from "./Axes.ts"

/** Approximate widths of letters relative to the font size, for common sans serif fonts. */
const widthOf = (letter: string): number =>
  /[fijltrI.,:;|!'()[\] ]/.test(letter)
    ? 0.35
    : /[mwMW%@]/.test(letter)
      ? 0.95
      : /[A-Z]/.test(letter)
        ? 0.72
        : 0.62

/** Width of a text in pixels. */
export const textWidth = (text: string, fontSize: number): number =>
  Array.from(text).reduce((sum, letter) => sum + widthOf(letter), 0) * fontSize

/** Pixels of a legend entry besides its label: the symbol, and the distance to the next entry. */
const beside = 48

/**
 * Columns of a legend in which all labels fit, for a figure of this width; at most four.
 *
 * @internal
 */
export const legendColumns = (spec: Schema.Json, width: number, fontSize: number): number => {
  const labels = views(spec).flatMap((view) =>
    ["color", "strokeDash", "shape"].flatMap((channel) => {
      const [field, definition] = [columnOf(view, channel), view.encoding[channel]]
      const datum = isObject(definition) ? definition["datum"] : undefined
      const names = field === undefined ? [] : view.rows.map((row) => textOf(row[field]))
      return typeof datum === "string" ? [...names, datum] : names
    }),
  )
  const longest = labels.reduce((most, label) => Math.max(most, textWidth(label, fontSize)), 0)
  return Math.max(1, Math.min(4, Math.floor(width / (longest + beside))))
}

/** Breaks a text into lines of limited width; a word is never broken. */
const wrapped = (text: string, width: number, fontSize: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/**
 * Specification whose axis titles are no longer than their axes.
 *
 * @internal
 */
export const withTitles = (
  spec: Schema.JsonObject,
  room: { readonly x: number; readonly y: number },
  fontSize: number,
): Schema.JsonObject =>
  withAxes(spec, (axis, name) => {
    const { title } = axis
    if (typeof title !== "string") return axis
    const lines = wrapped(title, room[name], fontSize)
    return lines.length === 1
      ? axis
      : Object.assign({}, axis, { axis: Object.assign({}, axis["axis"], { title: lines }) })
  })
