/** Plain text tables and numbers for a terminal. */

/** Columns padded to their widest cell, two spaces apart. */
export const render = (
  header: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => {
  const lines = [header, ...rows]
  const widths = header.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? "").length)),
  )
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

/** Six significant digits, without trailing zeros. */
export const number = (value: number): string => String(Number(value.toPrecision(6)))

/** A margin in three digits. */
export const margin = (value: number): string => String(Number(value.toPrecision(3)))

/** Groups of three digits, a narrow space apart. */
export const count = (value: number): string =>
  String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, " ")

/** Seconds as `0.4 s`, `12 s`, `3 min 20 s` or `2 h 5 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** The text in lines of at most `width` characters, each after `indent`, broken at spaces. */
export const wrap = (text: string, width: number, indent = ""): string => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, indent + line].join("\n")
}

/** `1 claim`, `2 claims`; the plural is `one` with an s unless given. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`

/** The width to wrap text at: that of the terminal, but readable on a wide one, and fixed where there is none. */
export const lineWidth = (columns: number): number => (columns > 20 ? Math.min(columns, 100) : 100)
