/** Heavy-ball momentum, an update that SAM perturbs as it does plain descent. */
export { momentum } from "@nonconvex/problems/Momentum"
