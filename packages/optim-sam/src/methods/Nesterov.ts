/** Nesterov momentum, an update that SAM perturbs as it does plain descent. */
export { nesterov } from "@nonconvex/problems/Nesterov"
