/** What a drawn figure owes its reader: axes with labels, nothing on the frame, and words that stand apart. */
import type { Schema } from "effect"
import { isObject, textOf, views } from "@nonconvex/figures"
import * as Scene from "./Scene.ts"

type Words = Scene.Bounds & { readonly text: string }

const wordsIn = (marks: ReadonlyArray<Scene.Placed>): ReadonlyArray<Words> =>
  marks.flatMap(({ mark, x, y }) =>
    mark.items.flatMap((item) => {
      const { bounds } = item
      const text = Scene.textOf(item)
      return mark.marktype !== "text" || text === "" || (item.opacity ?? 1) === 0
        ? []
        : [{ text, x1: x + bounds.x1, x2: x + bounds.x2, y1: y + bounds.y1, y2: y + bounds.y2 }]
    }),
  )

/** Axes with labels, of numbers or of names. */
const axes = (marks: ReadonlyArray<Scene.Placed>): ReadonlyArray<ReadonlyArray<Words>> =>
  marks
    .filter(({ mark }) => mark.role === "axis-label")
    .map((placed) => wordsIn([placed]))
    .filter((words) => words.length > 0)

const isNumber = (text: string): boolean => /^−?[\d,.]*(?:×?10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?$/.test(text)

const fewTicks = (marks: ReadonlyArray<Scene.Placed>): ReadonlyArray<string> =>
  axes(marks).flatMap((words) => {
    const labels = words.map(({ text }) => text)
    return labels.length < 3 && labels.every(isNumber)
      ? [`an axis has the labels ${labels.join(" and ")} alone`]
      : []
  })

/** Pixels by which boxes of text may meet: letters are smaller than their boxes. */
const slack = 2

const meet = (a: Words, b: Words): boolean =>
  a.x1 < b.x2 - slack && b.x1 < a.x2 - slack && a.y1 < b.y2 - slack && b.y1 < a.y2 - slack

const overlapping = (words: ReadonlyArray<Words>): ReadonlyArray<string> =>
  words.flatMap((a, i) =>
    words
      .slice(i + 1)
      .filter((b) => meet(a, b))
      .map((b) => `the labels "${a.text}" and "${b.text}" overlap`),
  )

const isLabel = ({ mark: { name = "" } }: Scene.Placed): boolean => name.endsWith("labels_marks")

const labels = (marks: ReadonlyArray<Scene.Placed>, canvas: Scene.Bounds) => {
  const own = wordsIn(marks.filter(isLabel))
  const outside = own.filter(
    ({ x1, x2, y1, y2 }) =>
      x1 < canvas.x1 || x2 > canvas.x2 + slack || y1 < canvas.y1 - slack || y2 > canvas.y2 + slack,
  )
  return [
    ...outside.map(({ text }) => `the label "${text}" is cut`),
    ...overlapping([...own, ...axes(marks).flat()]),
  ]
}

/** Half a pixel, for the error of arithmetic. */
const half = 0.5

/** Points and lines that touch the frame of their axes. Lines through the whole figure, bars and squares are meant to. */
const onFrame = (root: Scene.Mark): ReadonlyArray<string> =>
  Scene.placed(root).flatMap(({ mark: group }) =>
    group.items.flatMap(({ height, items = [], width }) =>
      width === undefined || height === undefined
        ? []
        : items.flatMap(({ items: drawn, marktype, name = "" }) => {
            if (!name.endsWith("marks") || name.includes("leaders")) return []
            if (marktype !== "symbol" && marktype !== "line") return []
            const touching = drawn.filter(({ defined, opacity = 1, size = 0, x = 0, y = 0 }) => {
              if (defined === false || opacity === 0) return false
              const reach = marktype === "symbol" ? Math.sqrt(size / Math.PI) - half : half
              return x < reach || y < reach || x > width - reach || y > height - reach
            })
            return touching.length === 0
              ? []
              : [`${touching.length} of ${drawn.length} ${marktype}s of ${name} are on the frame`]
          }),
    ),
  )

const unpowered = (words: ReadonlyArray<Words>): ReadonlyArray<string> =>
  words.flatMap(({ text }) => (/\de[-+]?\d/.test(text) ? [`"${text}" is no power of ten`] : []))

/** Titles of quantities that lie between 0 and 1. */
const ofShares = /accuracy|share|probability/i

/** Intervals of shares that no share could have. */
export const impossible = (
  spec: Schema.Json,
  rows: ReadonlyArray<object> = [],
): ReadonlyArray<string> =>
  views(spec, rows).flatMap((view) =>
    (["x", "y"] as const).flatMap((axis) => {
      const [main, second] = [view.encoding[axis], view.encoding[`${axis}2`]]
      if (!isObject(main) || !isObject(second) || !ofShares.test(textOf(main["title"]))) return []
      const ends = view.rows.flatMap((row) => [
        Number(row[textOf(main["field"])]),
        Number(row[textOf(second["field"])]),
      ])
      return ends.filter((end) => end < 0 || end > 1).map((end) => `a share is ${end}`)
    }),
  )

/** What a reader would miss or stumble over in a picture; empty in a good one. */
export const unreadable = (root: Scene.Mark): ReadonlyArray<string> => {
  const marks = Scene.placed(root)
  const { bounds } = root.items[0]!
  return [
    ...fewTicks(marks),
    ...onFrame(root),
    ...labels(marks, bounds),
    ...unpowered(wordsIn(marks)),
  ]
}

/** Sentences and numbers of a caption, above which it is a text and a table. */
const most = { sentences: 3, numbers: 6 }

/** Captions that list what belongs in a table. */
export const wordy = (caption: string): ReadonlyArray<string> => {
  const sentences = caption.match(/[.!?](?= |$)/g)?.length ?? 0
  const numbers = caption.match(/\d+(?:[.,]\d+)*/g)?.length ?? 0
  return sentences > most.sentences || numbers > most.numbers
    ? [`its caption has ${sentences} sentences and ${numbers} numbers`]
    : []
}
