import { Schema } from "effect"

/** Neither a network with its data nor a program was named. */
export class NothingToCertify extends Schema.TaggedError<NothingToCertify>()(
  "NothingToCertify",
  {},
) {
  override get message(): string {
    return "certify needs a network and its data, or --oracle with a program; for example: nonconvex certify digits.json digits (help: nonconvex certify --help)"
  }
}
