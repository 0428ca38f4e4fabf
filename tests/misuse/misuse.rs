//! Each case is a mistake that the compiler must reject.

#[test]
fn misuse_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("client/*.rs");
    cases.compile_fail("webhook/*.rs");
}
