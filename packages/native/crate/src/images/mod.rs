//! Convolutions and maximum pools of images with channels last, sums and combinations of their channels, in float32: every window is used where it lies, and no
//! matrix of them is made.
mod channels;
mod convolve;
mod correlate;
mod filter;
mod gate;
mod lanes;
pub mod operations;
mod parts;
mod pool;
mod shape;
mod tiles;
mod turned;
