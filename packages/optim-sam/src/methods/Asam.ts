/** Adaptive SAM (ASAM): the radius is relative to the parameters. */
export { asam } from "@nonconvex/problems/Asam"
