/** Curves and points as text, made of Braille characters with two by four dots each. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { extentOf } from "../Extent.ts"

export interface Axis {
  readonly title: string
  readonly scale: "linear" | "log" | "symlog"
}

export interface Curve {
  readonly name: string
  readonly points: ReadonlyArray<readonly [x: number, y: number]>
}

export interface Plot {
  readonly x: Axis
  readonly y: Axis
  readonly curves: ReadonlyArray<Curve>
  /** Joins successive points by lines. */
  readonly joined: boolean
}

export interface Look {
  /** Characters per line, including labels. */
  readonly width: number
  /** Lines of the picture, without labels. */
  readonly height: number
  /** Formats a number at the end of an axis. */
  readonly number: (value: number) => string
  /** Colours text by the index of its curve. Without it, several curves are drawn with letters. */
  readonly colour?: ((curve: number, text: string) => string) | undefined
}

/** The dots of a character by column and row, as bits of its code. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

const blank = 0x2800

const scaled = ({ scale }: Axis, value: number): number => {
  if (scale === "linear") return value
  return scale === "log"
    ? Elementary.log10(value)
    : Math.sign(value) * Elementary.log1p(Math.abs(value))
}

type Range = ReturnType<typeof extentOf>

/** Relative position of a value on its axis, from 0 to 1; the middle where both ends are equal. */
const between = (axis: Axis, [low, high]: Range, value: number): number => {
  const [from, to] = [scaled(axis, low), scaled(axis, high)]
  return from === to ? 0.5 : (scaled(axis, value) - from) / (to - from)
}

/** Mutable canvas: the set dots of each character, and the last curve there. */
class Canvas {
  readonly #columns: number
  readonly #bits: Uint8Array
  readonly #owner: Int16Array
  readonly width: number
  readonly height: number

  constructor(columns: number, rows: number) {
    this.#columns = columns
    this.#bits = new Uint8Array(columns * rows)
    this.#owner = new Int16Array(columns * rows).fill(-1)
    this.width = 2 * columns
    this.height = 4 * rows
  }

  /** Sets the dot at these integers, from the left and from the top. */
  set(x: number, y: number, curve: number): void {
    const at = (y >> 2) * this.#columns + (x >> 1)
    this.#bits[at]! |= dots[x & 1]![y & 3]!
    this.#owner[at] = curve
  }

  /** Sets the dots nearest to the straight line between two of them. */
  join(
    [x0, y0]: readonly [number, number],
    [x1, y1]: readonly [number, number],
    curve: number,
  ): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1)
    for (let k = 0; k <= steps; k++) {
      const part = k / steps
      this.set(Math.round(x0 + part * (x1 - x0)), Math.round(y0 + part * (y1 - y0)), curve)
    }
  }

  /** Formats a line of characters; neighbours of one curve are shown together. */
  row(row: number, show: (curve: number, braille: string) => string): string {
    let [line, run, curve] = ["", "", -1]
    const end = () => {
      line += run === "" ? "" : show(curve, run)
      run = ""
    }
    for (let at = row * this.#columns; at < (row + 1) * this.#columns; at++) {
      const [bits, owner] = [this.#bits[at]!, this.#owner[at]!]
      if (bits === 0 || owner !== curve) end()
      if (bits === 0) line += " "
      else [curve, run] = [owner, run + String.fromCodePoint(blank + bits)]
    }
    end()
    return line
  }
}

const letter = (curve: number): string => String.fromCodePoint(97 + (curve % 26))

/** Draws the picture with its axes, and with the names of its curves if there are several. Empty if no point can be drawn. */
export const render = ({ curves, joined, x, y }: Plot, look: Look): ReadonlyArray<string> => {
  const fits = (axis: Axis, value: number) =>
    Number.isFinite(value) && (axis.scale !== "log" || value > 0)
  const drawn = curves.map(({ name, points }) => ({
    name,
    points: points.filter((point) => fits(x, point[0]) && fits(y, point[1])),
  }))
  const all = drawn.flatMap(({ points }) => points)
  if (all.length === 0) return []
  const [xs, ys] = [extentOf(all.map(([each]) => each)), extentOf(all.map(([, each]) => each))]
  const [top, bottom] = [look.number(ys[1]), look.number(ys[0])]
  const gutter = Math.max(top.length, bottom.length)
  const canvas = new Canvas(Math.max(8, look.width - gutter - 2), look.height)
  const place = (point: readonly [number, number]) =>
    [
      Math.round(between(x, xs, point[0]) * (canvas.width - 1)),
      Math.round((1 - between(y, ys, point[1])) * (canvas.height - 1)),
    ] as const
  drawn.forEach(({ points }, curve) => {
    const places = points.map(place)
    places.forEach((at, k) => canvas.join(joined ? (places[k - 1] ?? at) : at, at, curve))
  })
  const isSeveral = curves.length > 1
  const show = (curve: number, braille: string) => {
    if (!isSeveral) return braille
    return look.colour?.(curve, braille) ?? letter(curve).repeat(braille.length)
  }
  const labelOf = (row: number): string => {
    if (row === 0) return top
    return row === look.height - 1 ? bottom : ""
  }
  const [left, right] = [look.number(xs[0]), look.number(xs[1])]
  const room = canvas.width / 2
  const names = drawn.map(
    ({ name }, curve) => look.colour?.(curve, `● ${name}`) ?? `${letter(curve)} ${name}`,
  )
  const scaleOf = (axis: Axis) => (axis.scale === "linear" ? "" : `, ${axis.scale} scale`)
  return [
    `${y.title}${scaleOf(y)}`,
    ...Array.from({ length: look.height }, (_, row) =>
      `${labelOf(row).padStart(gutter)} │${canvas.row(row, show)}`.trimEnd(),
    ),
    `${" ".repeat(gutter)} └${"─".repeat(room)}`,
    `${" ".repeat(gutter + 2)}${left}${right.padStart(Math.max(1, room - left.length))}`,
    `${" ".repeat(gutter + 2)}${x.title}${scaleOf(x)}`,
    ...(isSeveral ? [`${" ".repeat(gutter + 2)}${names.join("  ")}`] : []),
  ]
}
