/** Training of networks on images, in float32: entry `@nonconvex/optim-sam/images`. */
export { trainImages } from "./TrainImages.ts"
export { system } from "./system.ts"
