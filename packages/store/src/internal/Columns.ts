/**
 * Rows by their columns: numbers as float64, texts by a dictionary, booleans as bytes.
 *
 * Rows with the same fields in the same order have one shape. A row that lacks a cell, or has a number where others have a
 * text, has another shape. Columns therefore have no gaps and one type each, and rows keep the order of their fields.
 */
import type { Row } from "@nonconvex/evidence/Experiment"
import type { Schema } from "effect"
import * as Blob from "./Blob.ts"

type Cell = Row[string]

interface Column {
  readonly name: string
  readonly type: "number" | "string" | "boolean"
  /** The texts of a column of texts. */
  readonly texts: ReadonlyArray<string>
  /** Number of its cells. */
  readonly count: number
}

/** Rows apart from the bytes of their cells. */
export interface Layout {
  readonly rows: number
  readonly columns: ReadonlyArray<Column>
  /** The columns of each shape of a row, in the order of its fields. */
  readonly shapes: ReadonlyArray<ReadonlyArray<number>>
}

/** Bytes of a cell. */
const widthOf = ({ texts, type }: Column): 0 | 1 | 2 | 4 | 8 => {
  if (type === "number") return 8
  return type === "boolean" ? 1 : Blob.widthOf(texts.length)
}

/** Offsets of the cells of each column, after the shapes of the rows, and the end of the last. */
const placesOf = ({ columns, rows, shapes }: Layout): ReadonlyArray<number> => {
  const places = [rows * Blob.widthOf(shapes.length)]
  for (const column of columns) places.push(places.at(-1)! + column.count * widthOf(column))
  return places
}

export const sizeOf = (layout: Layout): number => placesOf(layout).at(-1)!

interface Gathered {
  readonly layout: Layout
  readonly shapeOf: Uint32Array
  readonly cells: ReadonlyArray<ReadonlyArray<Cell>>
  readonly textPlaces: ReadonlyArray<ReadonlyMap<string, number>>
}

/** The columns and shapes of rows, and the cells of each column in the order of the rows. */
export const gather = (rows: ReadonlyArray<Row>): Gathered => {
  const names: Array<Pick<Column, "name" | "type">> = []
  const cells: Array<Array<Cell>> = []
  const textPlaces: Array<Map<string, number>> = []
  const columnOf = new Map<string, number>()
  const shapes: Array<ReadonlyArray<number>> = []
  const shapePlaces = new Map<string, number>()
  const shapeOf = new Uint32Array(rows.length)
  const columnFor = (name: string, type: Column["type"]): number => {
    const key = `${type} ${name}`
    const known = columnOf.get(key)
    if (known !== undefined) return known
    columnOf.set(key, names.length)
    cells.push([])
    textPlaces.push(new Map())
    return names.push({ name, type }) - 1
  }
  rows.forEach((row, index) => {
    const shape: Array<number> = []
    for (const name of Object.keys(row)) {
      const cell = row[name]!
      const column = columnFor(name, typeof cell as Column["type"])
      shape.push(column)
      cells[column]!.push(cell)
      const texts = textPlaces[column]!
      if (typeof cell === "string" && !texts.has(cell)) texts.set(cell, texts.size)
    }
    const key = shape.join()
    if (!shapePlaces.has(key)) shapePlaces.set(key, shapes.push(shape) - 1)
    shapeOf[index] = shapePlaces.get(key)!
  })
  const columns = names.map((named, column) => ({
    ...named,
    texts: [...textPlaces[column]!.keys()],
    count: cells[column]!.length,
  }))
  return { layout: { rows: rows.length, columns, shapes }, shapeOf, cells, textPlaces }
}

/** Writes the output of `gather`, `sizeOf` bytes. */
export const write = ({ cells, layout, shapeOf, textPlaces }: Gathered, body: DataView): void => {
  const places = placesOf(layout)
  const shapeWidth = Blob.widthOf(layout.shapes.length)
  if (shapeWidth > 0) {
    shapeOf.forEach((shape, row) => Blob.setIndex(body, row * shapeWidth, shapeWidth, shape))
  }
  layout.columns.forEach((column, index) => {
    const start = places[index]!
    const width = widthOf(column)
    const texts = textPlaces[index]!
    cells[index]!.forEach((cell, k) => {
      const at = start + k * width
      if (typeof cell === "number") Blob.setNumber(body, at, cell)
      else if (typeof cell === "boolean") body.setUint8(at, Number(cell))
      else Blob.setIndex(body, at, width as 0 | 1 | 2 | 4, texts.get(cell)!)
    })
  })
}

const reader = (column: Column, start: number, body: DataView): (() => Cell) => {
  let at = start
  const { texts, type } = column
  const width = widthOf(column)
  const step = () => (at += width) - width
  if (type === "number") return () => body.getFloat64(step(), true)
  if (type === "boolean") return () => body.getUint8(step()) !== 0
  return () => texts[Blob.getIndex(body, step(), width as 0 | 1 | 2 | 4)]!
}

/**
 * Maximum number of rows and cells without bytes of their own, since there is one shape or one text, in a part of some
 * bytes. A store may be untrusted, and a few bytes can claim any number of these.
 */
const mostWithoutBytes = (bytes: number): number => 1_000_000 + 4 * bytes

/** Tests whether the rows have the cells that the columns count, each column at most once a row. */
const isConsistent = ({ columns, rows, shapes }: Layout, body: DataView): boolean => {
  const left = columns.map(({ count }) => count)
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
  if (!isCount(rows) || !left.every(isCount)) return false
  const width = Blob.widthOf(shapes.length)
  const isFree = columns.map((column) => widthOf(column) === 0)
  const free = left.reduce((sum, count, column) => sum + (isFree[column]! ? count : 0), 0)
  if (free + (width === 0 ? rows : 0) > mostWithoutBytes(body.byteLength)) return false
  if (sizeOf({ columns, rows, shapes }) !== body.byteLength) return false
  const rowsOf = shapes.map(() => 0)
  for (let row = 0; row < rows; row++) {
    const shape = Blob.getIndex(body, row * width, width)
    if (!(shape < shapes.length)) return false
    rowsOf[shape]!++
  }
  for (const [at, shape] of shapes.entries()) {
    if (new Set(shape).size !== shape.length) return false
    for (const column of shape) {
      if (!Number.isInteger(column) || left[column] === undefined) return false
      left[column] -= rowsOf[at]!
    }
  }
  return left.every((count) => count === 0)
}

/** Reads the rows that `write` wrote. Throws on other bytes before any row is created. */
export const read = (layout: Layout, body: DataView): ReadonlyArray<Row> => {
  if (!isConsistent(layout, body)) {
    throw new Error(`${body.byteLength} bytes are no ${layout.rows} rows`)
  }
  const places = placesOf(layout)
  const next = layout.columns.map((column, index) => reader(column, places[index]!, body))
  const shapeWidth = Blob.widthOf(layout.shapes.length)
  return Array.from({ length: layout.rows }, (_, index) => {
    const row: Record<string, Cell> = {}
    for (const column of layout.shapes[Blob.getIndex(body, index * shapeWidth, shapeWidth)]!) {
      row[layout.columns[column]!.name] = next[column]!()
    }
    return row
  })
}

/** A layout is data already. */
export const toJson = (layout: Layout): Schema.Json => layout as unknown as Schema.Json
