//! Threads that share the parts of one operation. They are started when they are first asked for, sleep between operations, and end with the last
//! environment of Node that loaded the module, which may be unloaded then.
use napi_sys::napi_env;
use std::ffi::c_void;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

type Work<'a> = dyn Fn(usize) + Sync + 'a;

/// Parts of an operation that are left to be begun, and how many helpers may still join.
struct Job {
    work: *const Work<'static>,
    next: usize,
    parts: usize,
    seats: usize,
}

// SAFETY: the work can be shared, and whoever posts a job waits until it is done
unsafe impl Send for Job {}

impl Job {
    fn is_open(&self) -> bool {
        self.seats > 0 && self.next < self.parts
    }
}

/// What callers and helpers share.
struct Crew {
    job: Mutex<Option<Job>>,
    begun: Condvar,
    done: Condvar,
    /// Counts the jobs, for helpers that look for the next one before they sleep.
    posted: AtomicUsize,
    /// Parts that have not been done.
    left: AtomicUsize,
    failed: AtomicBool,
    ended: AtomicBool,
}

static CREW: Crew = Crew {
    job: Mutex::new(None),
    begun: Condvar::new(),
    done: Condvar::new(),
    posted: AtomicUsize::new(0),
    left: AtomicUsize::new(0),
    failed: AtomicBool::new(false),
    ended: AtomicBool::new(false),
};

/// The helpers. Who holds them has the crew for one operation.
static HELPERS: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Environments of Node that have the module.
static ENVIRONMENTS: AtomicUsize = AtomicUsize::new(0);

/// Looks before a thread sleeps: some 20 us, about what waking it takes.
const LOOKS: usize = 1 << 12;

fn look_until(is_so: impl Fn() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        spin_loop();
    }
}

fn lock() -> MutexGuard<'static, Option<Job>> {
    // nobody panics while they hold it
    CREW.job.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does parts until none is left to be begun.
fn take_part(mut job: MutexGuard<'static, Option<Job>>) -> MutexGuard<'static, Option<Job>> {
    while let Some(Job { work, next, .. }) = job.as_mut().filter(|job| job.next < job.parts) {
        let (work, part) = (*work, *next);
        *next += 1;
        drop(job);
        // SAFETY: the work lives until all parts of it are done, and this one is not
        if catch_unwind(AssertUnwindSafe(|| unsafe { (*work)(part) })).is_err() {
            CREW.failed.store(true, Ordering::Relaxed);
        }
        job = lock();
        if CREW.left.fetch_sub(1, Ordering::Release) == 1 {
            CREW.done.notify_one();
        }
    }
    job
}

fn help() {
    let mut seen = CREW.posted.load(Ordering::Relaxed);
    loop {
        look_until(|| CREW.posted.load(Ordering::Relaxed) != seen);
        let mut job = lock();
        while !job.as_ref().is_some_and(Job::is_open) {
            if CREW.ended.load(Ordering::Relaxed) {
                return;
            }
            job = CREW.begun.wait(job).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(open) = job.as_mut() {
            open.seats -= 1;
        }
        seen = CREW.posted.load(Ordering::Relaxed);
        drop(take_part(job));
    }
}

/// Starts helpers until there are as many; a machine that has no room for them does with fewer.
fn start(helpers: &mut Vec<JoinHandle<()>>, count: usize) {
    while helpers.len() < count {
        match Builder::new().name("nonconvex".into()).spawn(help) {
            Ok(helper) => helpers.push(helper),
            Err(_) => return,
        }
    }
}

/// Calls `work` for each of `parts` parts, on up to `threads` threads, this one among them. While another thread of Node has the helpers, this one is alone.
pub fn share(threads: usize, parts: usize, work: &Work<'_>) {
    let helpers = (threads > 1 && parts > 1).then(|| HELPERS.try_lock());
    let Some(Ok(mut helpers)) = helpers else {
        (0..parts).for_each(work);
        return;
    };
    let seats = threads.min(parts) - 1;
    start(&mut helpers, seats);
    // SAFETY: only the lifetime changes: this function returns after the last part is done
    let work: *const Work<'static> =
        unsafe { std::mem::transmute::<&Work<'_>, &Work<'static>>(work) };
    CREW.left.store(parts, Ordering::Relaxed);
    *lock() = Some(Job {
        work,
        next: 0,
        parts,
        seats,
    });
    CREW.posted.fetch_add(1, Ordering::Relaxed);
    CREW.begun.notify_all();
    drop(take_part(lock()));
    look_until(|| CREW.left.load(Ordering::Acquire) == 0);
    let mut job = lock();
    while CREW.left.load(Ordering::Acquire) != 0 {
        job = CREW.done.wait(job).unwrap_or_else(PoisonError::into_inner);
    }
    *job = None;
    drop(job);
    drop(helpers);
    assert!(
        !CREW.failed.swap(false, Ordering::Relaxed),
        "a part of an operation failed"
    );
}

/// Where part `part` of `parts` of `length` elements begins, for `part` from 0 to `parts`: at a multiple of `step`, or the end. None but the
/// last is shorter than the others by more than a step.
pub fn cut(length: usize, parts: usize, part: usize, step: usize) -> usize {
    if part == parts {
        length
    } else {
        length * part / parts / step * step
    }
}

/// What several threads may use, each another part of it.
pub struct Shared<T>(pub T);

// SAFETY: whoever makes one sees to it that no two threads write to the same elements
unsafe impl<T> Sync for Shared<T> {}

impl<T: Copy> Shared<T> {
    pub fn get(&self) -> T {
        self.0
    }
}

/// Calls `work` with where it begins for each part of `values`, one for each of up to `threads` threads; parts begin at multiples of `step`.
pub fn share_out<T: Send>(
    threads: usize,
    step: usize,
    values: &mut [T],
    work: &(dyn Fn(usize, &mut [T]) + Sync),
) {
    let length = values.len();
    let parts = threads.min(length.div_ceil(step));
    let at = Shared(values.as_mut_ptr());
    share(threads, parts, &|part| {
        let from = cut(length, parts, part, step);
        let count = cut(length, parts, part + 1, step) - from;
        // SAFETY: parts share no elements
        work(from, unsafe {
            std::slice::from_raw_parts_mut(at.get().add(from), count)
        });
    });
}

/// Notes that an environment has the module.
///
/// # Safety
/// To be called by Node alone, as it loads the module.
pub unsafe fn enter(env: napi_env) {
    ENVIRONMENTS.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the environment is that of the call
    unsafe { napi_sys::napi_add_env_cleanup_hook(env, Some(leave), null_mut()) };
}

/// Ends the helpers with the last environment: the code that they run may be gone after it.
unsafe extern "C" fn leave(_: *mut c_void) {
    if ENVIRONMENTS.fetch_sub(1, Ordering::SeqCst) > 1 {
        return;
    }
    let mut helpers = HELPERS.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let _job = lock();
        CREW.ended.store(true, Ordering::Relaxed);
        CREW.begun.notify_all();
    }
    for helper in helpers.drain(..) {
        // it catches what its parts throw
        let _ = helper.join();
    }
    CREW.ended.store(false, Ordering::Relaxed);
}
