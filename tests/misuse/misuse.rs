//! Each case is a mistake that somebody makes; the compiler has to find it.

#[test]
fn misuse_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("client/*.rs");
    cases.compile_fail("webhook/*.rs");
}
