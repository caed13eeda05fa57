/** What can be seen in a drawn figure that a reader would stumble over. */
import { textWidth } from "@nonconvex/figures/internal/page"

export interface Bounds {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

export interface Item {
  readonly x?: number
  readonly y?: number
  readonly bounds: Bounds
  readonly items?: ReadonlyArray<Mark>
  readonly text?: string | ReadonlyArray<string>
  readonly limit?: number
  readonly fontSize?: number
  readonly defined?: boolean
  readonly size?: number
  readonly fill?: string
  readonly stroke?: string
  readonly strokeWidth?: number
  readonly strokeDash?: ReadonlyArray<number>
  readonly opacity?: number
  readonly width?: number
  readonly height?: number
}

/** A node of Vega's scene graph that draws items of one kind. */
export interface Mark {
  readonly marktype: string
  readonly role?: string
  readonly name?: string
  readonly items: ReadonlyArray<Item>
}

export interface Placed {
  readonly mark: Mark
  readonly x: number
  readonly y: number
}

/** All marks below one, each with the origin of its coordinates. */
export const placed = (mark: Mark, x = 0, y = 0): ReadonlyArray<Placed> => [
  { mark, x, y },
  ...mark.items.flatMap((item) =>
    (item.items ?? []).flatMap((inner) => placed(inner, x + (item.x ?? 0), y + (item.y ?? 0))),
  ),
]

const isOf =
  (role: string) =>
  ({ mark }: Placed): boolean =>
    mark.role === role

export const textOf = ({ text = "" }: Item): string =>
  Array.isArray(text) ? text.join(" ") : String(text)

const isCut = (item: Item): boolean =>
  (item.limit ?? 0) > 0 && textWidth(textOf(item), item.fontSize ?? 11) > item.limit!

/** Marks without an item in any panel. */
const empty = (marks: ReadonlyArray<Placed>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { mark } of marks) {
    const { items, marktype, name = "", role } = mark
    if (!/marks$|pathgroup$/.test(name) || role === "legend") continue
    const drawn = marktype === "line" ? items.filter(({ defined }) => defined !== false) : items
    counts.set(name, (counts.get(name) ?? 0) + drawn.length)
  }
  return [...counts].flatMap(([name, count]) => (count === 0 ? [`${name} is empty`] : []))
}

const repeated = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.filter((text, i) => texts.indexOf(text) !== i)

const legends = (marks: ReadonlyArray<Placed>): ReadonlyArray<string> =>
  marks.filter(isOf("legend")).flatMap(({ mark }) => {
    const labels = placed(mark)
      .filter(isOf("legend-label"))
      .flatMap(({ mark: { items } }) => items)
    return [
      ...repeated(labels.map(textOf)).map((label) => `the legend says "${label}" twice`),
      ...labels.filter(isCut).map((label) => `the legend cuts "${textOf(label)}"`),
    ]
  })

const headings = ["axis-title", "title-text", "legend-title", "row-title", "column-title"]

const titles = (marks: ReadonlyArray<Placed>): ReadonlyArray<string> => {
  const texts = marks
    .filter(({ mark }) => mark.marktype === "text" && headings.includes(mark.role ?? ""))
    .flatMap(({ mark, x, y }) =>
      mark.items.map((item) => ({
        item,
        x1: x + item.bounds.x1,
        x2: x + item.bounds.x2,
        y1: y + item.bounds.y1,
        y2: y + item.bounds.y2,
      })),
    )
  return texts.flatMap((a, i) => [
    ...(isCut(a.item) ? [`the title "${textOf(a.item)}" is cut`] : []),
    ...texts
      .slice(i + 1)
      .filter((b) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2)
      .map((b) => `the titles "${textOf(a.item)}" and "${textOf(b.item)}" overlap`),
  ])
}

interface Series {
  readonly colour: string
  readonly points: ReadonlyArray<readonly [x: number, y: number]>
  /** Its width, or the diameter of its points, in pixels. */
  readonly width: number
  readonly isDashed: boolean
}

const near = 1.5

const isBeside = (
  [x, y]: readonly [number, number],
  points: Series["points"],
  isJoined: boolean,
): boolean =>
  points.some(([bx, by], i) => {
    if (Math.hypot(x - bx, y - by) < near) return true
    if (!isJoined || i === 0) return false
    const [ax, ay] = points[i - 1]!
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const along = length === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
    const t = Math.min(1, Math.max(0, along))
    return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) < near
  })

/** Some of the points, so that those of a line of thousands are not each compared with all of another. */
const some = (points: Series["points"]): Series["points"] => {
  const stride = Math.ceil(points.length / 200)
  return points.filter((_, i) => i % stride === 0)
}

const hides = (series: ReadonlyArray<Series>, isJoined: boolean): ReadonlyArray<string> =>
  series.flatMap((below, i) =>
    series
      .slice(i + 1)
      .filter(
        (above) =>
          above.colour !== below.colour &&
          !above.isDashed &&
          above.width >= below.width &&
          some(below.points).every((point) => isBeside(point, above.points, isJoined)),
      )
      .map((above) => `a series in ${below.colour} is hidden by one in ${above.colour}`),
  )

const lineSeries = (marks: ReadonlyArray<Placed>): ReadonlyArray<Series> =>
  marks.flatMap(({ mark: { items, marktype, name }, x, y }) => {
    const shown = items.filter(({ defined }) => defined !== false)
    const [first] = shown
    if (marktype !== "line" || first === undefined || name?.startsWith("leaders") === true)
      return []
    return [
      {
        colour: first.stroke ?? "",
        points: shown.map((item) => [x + (item.x ?? 0), y + (item.y ?? 0)] as const),
        width: first.strokeWidth ?? 0,
        isDashed: (first.strokeDash ?? []).some((dash) => dash > 0),
      },
    ]
  })

const pointSeries = (marks: ReadonlyArray<Placed>): ReadonlyArray<Series> => {
  const found = new Map<string, Array<readonly [number, number]>>()
  const widths = new Map<string, number>()
  for (const { mark, x, y } of marks) {
    if (mark.marktype !== "symbol" || !(mark.name ?? "").endsWith("marks")) continue
    for (const item of mark.items) {
      const colour = item.fill ?? ""
      if (!colour.startsWith("var") && !colour.startsWith("#")) continue
      const points = found.get(colour) ?? []
      points.push([x + (item.x ?? 0), y + (item.y ?? 0)])
      found.set(colour, points)
      widths.set(colour, Math.sqrt(item.size ?? 0))
    }
  }
  return Array.from(found, ([colour, points]) => ({
    colour,
    points,
    width: widths.get(colour)!,
    isDashed: false,
  }))
}

/** A line of one point is none, unless a point marks it. */
const lonely = (
  lines: ReadonlyArray<Series>,
  marked: ReadonlyArray<readonly [number, number]>,
): ReadonlyArray<string> =>
  lines
    .filter(({ points }) => points.length === 1 && !isBeside(points[0]!, marked, false))
    .map(({ colour }) => `a line in ${colour} has one point, which nothing marks`)

/** Pixels that a page has for a figure, and that a page of 360 has. */
const [widest, narrowest] = [736, 312]

/** Pixels of letters that can still be read. */
const smallest = 11

const widthOf = ({ items: [first] }: Mark): number =>
  (first?.bounds.x2 ?? 0) - (first?.bounds.x1 ?? 0)

/** Whether the words of a figure for narrow screens cannot be read where it is made as small as its page. */
export const smallPrint = (root: Mark): ReadonlyArray<string> => {
  const sizes = placed(root).flatMap(({ mark }) =>
    mark.marktype === "text" ? mark.items.map(({ fontSize = 11 }) => fontSize) : [],
  )
  const size = sizes.reduce((least, each) => Math.min(least, each), Infinity)
  const shown = size * Math.min(1, (narrowest + 8) / (widthOf(root) + 8))
  return shown < smallest ? [`on a narrow page its words have ${shown.toFixed(1)} pixels`] : []
}

/** What is wrong with a picture: empty in a good one. */
export const faults = (root: Mark): ReadonlyArray<string> => {
  const marks = placed(root)
  const lines = lineSeries(marks)
  const coloured = new Set(lines.map(({ colour }) => colour))
  // the markers of a line that can be seen may lie upon each other
  const points = pointSeries(marks).filter(({ colour }) => !coloured.has(colour))
  const symbols = marks
    .filter(({ mark }) => mark.marktype === "symbol")
    .flatMap(({ mark, x, y }) =>
      mark.items.map((item) => [x + (item.x ?? 0), y + (item.y ?? 0)] as const),
    )
  const width = widthOf(root)
  return [
    ...empty(marks),
    ...legends(marks),
    ...titles(marks),
    ...hides(lines, true),
    ...hides(points, false),
    ...lonely(lines, symbols),
    ...(width > widest ? [`it is ${Math.round(width)} pixels wide`] : []),
  ]
}
