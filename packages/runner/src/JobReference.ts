/** Reference to the system of a job, by which another thread imports it. */
import type { Home } from "@nonconvex/evidence/System"

/**
 * Reference by which a job names a system.
 *
 * @internal
 */
export const refOf = (system: Home) => ({
  package: system.package,
  version: system.version,
  id: system.id,
})
