export { BadArchive, BadArray } from "./ArrayError.ts"
export * as Csv from "./Csv.ts"
export { BadCell, UnusableTable, type CsvError } from "./CsvError.ts"
export * as Dataset from "./Dataset.ts"
export { DataRead, Datasets } from "./Datasets.ts"
export { asTriplets, BadColumns } from "./EntriesError.ts"
export * from "./FileError.ts"
export * as Idx from "./Idx.ts"
export {
  BadMagic,
  WrongLength,
  EmptyIdx,
  CorruptGzip,
  CountMismatch,
  LabelOutOfRange,
  type IdxError,
} from "./IdxError.ts"
export { imageSplit } from "./ImageSplit.ts"
export * as Npy from "./Npy.ts"
export * as Npz from "./Npz.ts"
export { listOf, quote } from "./Quote.ts"
export * as Split from "./Split.ts"
export { InvalidSplit } from "./Split.ts"
export * as Spelling from "./Spelling.ts"
export * as Table from "./Table.ts"
export * as TableFile from "./TableFile.ts"
export * as Transform from "./Transform.ts"
export * from "./TypedError.ts"
