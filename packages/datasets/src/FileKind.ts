/** Kind of a file that is not a table, recognised by its first bytes. */

/** Formats by their first bytes. */
const signatures = [
  ["spreadsheet", "504b0304"],
  ["spreadsheet", "d0cf11e0"],
  ["gzip", "1f8b"],
  ["sqlite", "53514c69746520666f726d6174203300"],
  ["hdf5", "894844460d0a1a0a"],
  ["picture", "89504e470d0a1a0a"],
  ["picture", "ffd8ff"],
  ["pdf", "255044462d"],
  ["pickle", "8002"],
  ["pickle", "8003"],
  ["pickle", "8004"],
  ["pickle", "8005"],
] as const

/** Formats by the first letters of a text. */
const openings = [
  ["pointer", /^version https:\/\/git-lfs\.github\.com\//],
  ["markup", /^\s*<(?:\?xml|!doctype|html|table)\b/i],
  ["json", /^\s*[[{]\s*(?:["{[]|$)/],
] as const

type FileKind = (typeof signatures)[number][0] | (typeof openings)[number][0] | "safetensors"

/** Name of each kind, to follow "it is". */
export const names: Readonly<Record<FileKind, string>> = {
  spreadsheet: "a spreadsheet or an archive",
  gzip: "compressed",
  sqlite: "a SQLite database",
  hdf5: "HDF5",
  picture: "a picture",
  pdf: "a PDF",
  pickle: "a pickle, which can run code when loaded",
  safetensors: "a safetensors file of weights",
  pointer: "a Git LFS pointer, not the file itself",
  markup: "HTML or XML",
  json: "JSON",
}

/** Kind of a file that is not text, from its first bytes; undefined if unknown. */
export const ofBytes = (bytes: Uint8Array): FileKind | undefined => {
  const head = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0"))
  const found = signatures.find(([, first]) => head.join("").startsWith(first))?.[0]
  // the length of a header of JSON, far below 2^32
  return found ?? (/^.{8}0{8}7b22/.test(head.join("")) ? "safetensors" : undefined)
}

/** Kind of a text that is not a table; undefined if it may be one. */
export const ofText = (text: string): FileKind | undefined =>
  openings.find(([, pattern]) => pattern.test(text))?.[0]
