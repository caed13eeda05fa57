/** Sharpness-aware minimisation (SAM). The method is in the core, since other systems compare with it. */
export { sam } from "@nonconvex/problems/Sam"
