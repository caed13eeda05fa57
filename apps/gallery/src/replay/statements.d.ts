/** Made by `build.mjs` of the systems that the lab composes. */
declare module "statements of all systems" {
  import type { Claim, Erratum } from "@nonconvex/evidence"
  export const statements: ReadonlyArray<Claim | Erratum>
}
