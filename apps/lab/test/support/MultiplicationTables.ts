/** Multiplication tables with holes, to be completed. */
const holes = new Set(["1,2", "4,0", "6,5", "3,3"])

export const product = (row: number, column: number): number => (row + 1) * (column + 2)

const cells = Array.from({ length: 8 }, (_row, r) =>
  Array.from({ length: 6 }, (_cell, c) => (holes.has(`${r},${c}`) ? "" : String(product(r, c)))),
)

/** 8 x 6 with four holes. */
export const matrix = [
  "name,a,b,c,d,e,f",
  ...cells.map((row, r) => [`r${r}`, ...row].join(",")),
].join("\n")

/** A larger one, every third of its cells a hole and no two rows alike: it takes a while. */
export const large = [
  Array.from({ length: 60 }, (_cell, c) => `c${c}`).join(","),
  ...Array.from({ length: 90 }, (_row, r) =>
    Array.from({ length: 60 }, (_cell, c) =>
      (r + 2 * c) % 3 === 0 ? "" : String(product(r, c) + ((r * r + 7 * c) % 11)),
    ).join(","),
  ),
].join("\n")

/** The small one, a line for each cell. */
export const triplets = [
  "user,item,rating",
  ...cells.flatMap((row, r) =>
    row.flatMap((cell, c) => (cell === "" ? [] : [`r${r},${"abcdef"[c]!},${cell}`])),
  ),
].join("\n")
