//! Convolutions of batches by several threads: the images are divided among them, and each is computed as by one thread alone.
use super::convolve::Convolution;
use super::filter::FilterGradient;
use super::lanes::dispatch;
use super::shape::Shape;
use super::turned::ImageGradient;
use crate::lines::Lines;
use crate::threads::{Shared, cut, share};
use std::slice::from_raw_parts_mut;
use std::sync::atomic::{AtomicBool, Ordering};

/// Multiply-adds from which on two threads take less time than one.
const WORTH_SHARING: usize = 1 << 18;

/// Parts for each thread: who is interrupted does fewer.
const PARTS_EACH: usize = 4;

/// Parts of a batch whose filter gradients are summed by themselves, whatever the number of threads.
const SUMS: usize = 8;

/// As many threads as the work is worth.
fn worth(threads: usize, shape: Shape) -> usize {
    let each = shape.rows.filter * shape.columns.filter * shape.channels;
    match shape.out() {
        Some(outputs) if outputs.saturating_mul(each) >= WORTH_SHARING => threads,
        _ => 1,
    }
}

/// Calls `work` with the number of each part of the batch, its first image and its shape. None where one of them had no memory.
fn in_parts(
    threads: usize,
    parts: usize,
    shape: Shape,
    work: &(dyn Fn(usize, usize, Shape) -> Option<()> + Sync),
) -> Option<()> {
    let failed = AtomicBool::new(false);
    share(threads, parts, &|part| {
        let from = cut(shape.batch, parts, part, 1);
        let batch = cut(shape.batch, parts, part + 1, 1) - from;
        if batch > 0 && work(part, from, Shape { batch, ..shape }).is_none() {
            failed.store(true, Ordering::Relaxed);
        }
    });
    (!failed.into_inner()).then_some(())
}

pub fn convolve(
    threads: usize,
    shape: Shape,
    images: &[f32],
    filter: &[f32],
    out: &mut [f32],
) -> Option<()> {
    let threads = worth(threads, shape);
    let (image, size) = (images.len() / shape.batch, out.len() / shape.batch);
    let to = Shared(out.as_mut_ptr());
    let parts = if threads == 1 { 1 } else { PARTS_EACH * threads };
    in_parts(threads, parts, shape, &|_, from, shape| {
        // SAFETY: parts share no images
        let out = unsafe { from_raw_parts_mut(to.get().add(from * size), shape.batch * size) };
        dispatch(
            shape.outputs,
            Convolution {
                shape,
                images: &images[from * image..][..shape.batch * image],
                filter,
                out,
            },
        )
    })
}

pub fn image_gradient(
    threads: usize,
    shape: Shape,
    dy: &[f32],
    filter: &[f32],
    out: &mut [f32],
) -> Option<()> {
    let threads = worth(threads, shape);
    let (size, image) = (dy.len() / shape.batch, out.len() / shape.batch);
    let to = Shared(out.as_mut_ptr());
    let parts = if threads == 1 { 1 } else { PARTS_EACH * threads };
    in_parts(threads, parts, shape, &|_, from, shape| {
        // SAFETY: parts share no images
        let out = unsafe { from_raw_parts_mut(to.get().add(from * image), shape.batch * image) };
        dispatch(
            shape.channels,
            ImageGradient {
                shape,
                dy: &dy[from * size..][..shape.batch * size],
                filter,
                out,
            },
        )
    })
}

pub fn filter_gradient(
    threads: usize,
    shape: Shape,
    images: &[f32],
    dy: &[f32],
    out: &mut [f32],
) -> Option<()> {
    let threads = worth(threads, shape);
    let (image, size) = (images.len() / shape.batch, dy.len() / shape.batch);
    let count = out.len();
    let parts = SUMS.min(shape.batch);
    let mut sums = Lines::<f32>::zeros(count.checked_mul(parts)?)?;
    let to = Shared(sums.as_mut_ptr());
    in_parts(threads, parts, shape, &|part, from, shape| {
        // SAFETY: each part has a sum of its own
        let out = unsafe { from_raw_parts_mut(to.get().add(part * count), count) };
        dispatch(
            shape.outputs,
            FilterGradient {
                shape,
                images: &images[from * image..][..shape.batch * image],
                dy: &dy[from * size..][..shape.batch * size],
                out,
            },
        )
    })?;
    out.copy_from_slice(&sums[..count]);
    for sum in sums[count..].chunks_exact(count) {
        for (total, value) in out.iter_mut().zip(sum) {
            *total += value;
        }
    }
    Some(())
}
