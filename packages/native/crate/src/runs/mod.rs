//! Whole runs of small methods: many steps in one call, several runs in the lanes of the vectors.
mod descent;
mod lanes;
mod layers;
mod monotone;
mod monotone_several;
mod monotone_single;
mod noisy;
mod noisy_narrow;
mod noisy_several;
pub mod operations;
mod padded;
mod perturb;
mod perturb_several;
mod quadratic;
mod samples;
mod sets;
mod sorting;
mod support;
