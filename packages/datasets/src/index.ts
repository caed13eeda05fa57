export { BadArchive, BadArray } from "./ArrayError.ts"
export * as Cifar10 from "./Cifar10.ts"
export * as Csv from "./Csv.ts"
export {
  BadCell,
  RaggedRow,
  EmptyCsv,
  BadHeader,
  MissingColumn,
  NoFeatures,
  SingleClass,
  TooManyCells,
  MalformedCsv,
  UnusableTable,
  UnclearDelimiter,
  NotText,
  BadEncoding,
  type CsvError,
} from "./CsvError.ts"
export * as Dataset from "./Dataset.ts"
export { DataRead, Datasets, UnknownDataset } from "./Datasets.ts"
export type { LoadError } from "./Catalogue.ts"
export * as FashionMnist from "./FashionMnist.ts"
export { FashionMnistNotFound } from "./FashionMnist.ts"
export * as Encoder from "./Encoder.ts"
export * as Entries from "./Entries.ts"
export {
  asTriplets,
  TooMany,
  NoTriplets,
  OneColumn,
  BadColumns,
  RepeatedEntry,
  Nameless,
  WordAmongThree,
  BadWeight,
  OtherWeights,
} from "./EntriesError.ts"
export * as EntriesFile from "./EntriesFile.ts"
export * from "./FileError.ts"
export * as Frame from "./Frame.ts"
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
export { imageSplit, type Images, type ImageSplit } from "./ImageSplit.ts"
export * as LabelledImages from "./LabelledImages.ts"
export * as Npy from "./Npy.ts"
export * as Npz from "./Npz.ts"
export * as Prepared from "./Prepared.ts"
export { listOf, quote } from "./Quote.ts"
export * as Split from "./Split.ts"
export { InvalidSplit } from "./Split.ts"
export * as Spelling from "./Spelling.ts"
export * as Table from "./Table.ts"
export * as TableFile from "./TableFile.ts"
export * as Transform from "./Transform.ts"
export * as Triplets from "./Triplets.ts"
export * from "./TypedError.ts"
export * as Zip from "./Zip.ts"
