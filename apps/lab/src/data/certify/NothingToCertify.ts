import { Schema } from "effect"

/** No network with data and no program was named. */
export class NothingToCertify extends Schema.TaggedError<NothingToCertify>()(
  "NothingToCertify",
  {},
) {
  override get message(): string {
    return "certify needs a network and its data, or --oracle with a program; for example: nonconvex certify digits.json digits (help: nonconvex certify --help)"
  }
}
