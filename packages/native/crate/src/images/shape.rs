//! What the windows of an image are.
use crate::lines::Lines;
use crate::node::Part;

/// Of rows or of columns.
#[derive(Clone, Copy)]
pub struct Axis {
    pub image: usize,
    pub filter: usize,
    pub out: usize,
    pub stride: usize,
    /// Zeros before the image; as many as are needed come after it.
    pub before: usize,
}

impl Axis {
    /// None unless every window has a part of the image, or of what is up to a window wide on either side of it.
    fn of(image: u32, filter: u32, out: u32, stride: u32, before: u32) -> Option<Self> {
        let [image, filter, out, stride, before] =
            [image, filter, out, stride, before].map(|value| value as usize);
        let all = [image, filter, out, stride];
        let fits = all.iter().all(|value| (1..1 << 31).contains(value)) && before < filter;
        let last = out.checked_sub(1)?.checked_mul(stride)?;
        (fits && last < image + before).then_some(Self {
            image,
            filter,
            out,
            stride,
            before,
        })
    }

    /// Of the image with all zeros that its windows have.
    pub fn padded(self) -> usize {
        (self.image + self.before).max((self.out - 1) * self.stride + self.filter)
    }

    /// Whether every number of the image lies in a window, of those that are apart.
    pub fn is_covered(self) -> bool {
        self.stride == self.filter && self.out * self.stride >= self.image + self.before
    }

    /// Where the part of window i in the image begins and ends.
    pub fn window(self, i: usize) -> (usize, usize) {
        let at = i * self.stride;
        let end = (at + self.filter).saturating_sub(self.before);
        (at.saturating_sub(self.before), end.min(self.image))
    }
}

#[derive(Clone, Copy)]
pub struct Shape {
    pub batch: usize,
    pub rows: Axis,
    pub columns: Axis,
    /// Channels of the image.
    pub channels: usize,
    /// Channels of the output.
    pub outputs: usize,
}

/// A product that does not overflow.
fn product(factors: &[usize]) -> Option<usize> {
    factors
        .iter()
        .try_fold(1usize, |so_far, factor| so_far.checked_mul(*factor))
}

impl Shape {
    /// Of the numbers batch, image height, image width, channels, filter height, filter width, outputs, output height, output width, stride
    /// from row to row, stride from column to column, rows before, columns before.
    pub fn of(numbers: Part<u32>) -> Option<Self> {
        // SAFETY: nothing writes to them while they are copied
        let n: [u32; 13] = unsafe { numbers.exactly(13)?.slice() }.try_into().ok()?;
        let counts = [n[0], n[3], n[6]].map(|value| value as usize);
        let [batch, channels, outputs] = counts;
        counts.iter().all(|count| *count > 0).then_some(())?;
        Some(Self {
            batch,
            channels,
            outputs,
            rows: Axis::of(n[1], n[4], n[7], n[9], n[11])?,
            columns: Axis::of(n[2], n[5], n[8], n[10], n[12])?,
        })
    }

    /// The images with the zeros that their windows have. None where there is no memory.
    pub fn planes(self, images: &[f32]) -> Option<Planes<'_>> {
        Planes::of(
            images,
            [self.rows.image, self.columns.image, self.channels],
            [self.rows.before, self.columns.before],
            [self.rows.padded(), self.columns.padded()],
        )
    }

    pub fn image(self) -> Option<usize> {
        product(&[
            self.batch,
            self.rows.image,
            self.columns.image,
            self.channels,
        ])
    }

    pub fn filter(self) -> Option<usize> {
        product(&[
            self.rows.filter,
            self.columns.filter,
            self.channels,
            self.outputs,
        ])
    }

    pub fn out(self) -> Option<usize> {
        product(&[self.batch, self.rows.out, self.columns.out, self.outputs])
    }
}

/// Images of a batch, one at a time with its zeros.
pub struct Planes<'a> {
    images: &'a [f32],
    /// Height and width of an image, and its channels.
    size: [usize; 3],
    before: [usize; 2],
    width: usize,
    /// Empty where there are no zeros: the images are used where they are then.
    room: Lines<f32>,
}

impl<'a> Planes<'a> {
    /// `images` of `size`, `before` zeros before rows and columns, and in all `padded` of them. None where there is no memory.
    pub fn of(
        images: &'a [f32],
        size: [usize; 3],
        before: [usize; 2],
        padded: [usize; 2],
    ) -> Option<Self> {
        let is_bare = padded[0] <= size[0] && padded[1] <= size[1];
        let count = product(&[padded[0], padded[1], size[2]])?;
        Some(Self {
            images,
            size,
            before,
            width: padded[1],
            room: Lines::zeros(if is_bare { 0 } else { count })?,
        })
    }

    /// Numbers from row to row.
    pub fn pitch(&self) -> usize {
        self.size[2]
            * if self.room.is_empty() {
                self.size[1]
            } else {
                self.width
            }
    }

    /// Image `index` with its zeros, until the next one is asked for.
    pub fn plane(&mut self, index: usize) -> *const f32 {
        let [height, width, channels] = self.size;
        let row = width * channels;
        let image = &self.images[index * height * row..][..height * row];
        if self.room.is_empty() {
            return image.as_ptr();
        }
        let pitch = self.pitch();
        let first = self.before[0] * pitch + self.before[1] * channels;
        for (i, from) in image.chunks_exact(row).enumerate() {
            self.room[first + i * pitch..][..row].copy_from_slice(from);
        }
        self.room.as_ptr()
    }
}
