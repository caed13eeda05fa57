//! The vectors that the kernels use: the widest of the processor, or narrower ones where NONCONVEX_NATIVE_VECTORS names them, as tests do.
use pulp::Arch;
use std::sync::LazyLock;

/// Asked once, when the first kernel is.
static ARCH: LazyLock<Arch> = LazyLock::new(|| {
    let asked = std::env::var("NONCONVEX_NATIVE_VECTORS");
    narrowed(Arch::new(), asked.as_deref().unwrap_or_default())
});

pub fn arch() -> Arch {
    *ARCH
}

#[cfg(target_arch = "x86_64")]
fn narrowed(widest: Arch, asked: &str) -> Arch {
    match (asked, widest) {
        ("SSE2", _) => Arch::Scalar,
        ("AVX2", Arch::V4(_)) => pulp::x86::V3::try_new().map_or(Arch::Scalar, Arch::V3),
        _ => widest,
    }
}

/// There is one kind.
#[cfg(target_arch = "aarch64")]
fn narrowed(widest: Arch, _: &str) -> Arch {
    widest
}

/// The name of the vectors.
pub fn name() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    return match arch() {
        Arch::V4(_) => "AVX-512",
        Arch::V3(_) => "AVX2",
        _ => "SSE2",
    };
    #[cfg(target_arch = "aarch64")]
    return "NEON";
}

/// Vectors of 256 bits, where the kernels use these or wider ones.
#[cfg(target_arch = "x86_64")]
pub fn of_256_bits() -> Option<pulp::x86::V3> {
    static NARROW: LazyLock<Option<pulp::x86::V3>> = LazyLock::new(|| match arch() {
        Arch::Scalar => None,
        _ => pulp::x86::V3::try_new(),
    });
    *NARROW
}
