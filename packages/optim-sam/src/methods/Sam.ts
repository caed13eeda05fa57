/** Sharpness-aware minimisation (SAM): the method stands in the core, where other systems compare themselves with it. */
export { sam } from "@nonconvex/problems/Sam"
