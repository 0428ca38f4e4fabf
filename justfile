# Frequent commands. Nothing depends on just: each line works in a shell.

# Lists the commands.
default:
    @just --list

# Runs the seven operations on customers, over a socket, against the sandbox.
try:
    cargo run --example quickstart

# Tests one crate, or all of them.
test crate="*":
    cargo test -p 'paystack-{{ trim_start_match(crate, "paystack-") }}' --all-features

# Runs the checks of every change.
check:
    .ci/run

# Runs the slow checks, or some of their steps: `just deep packages semver`.
deep *steps:
    .ci/deep {{ steps }}

# Renews the record of the public API.
api:
    .ci/api --write

# Measures calls of this SDK and of other clients, and writes the tables of docs/maintainers/performance.md.
bench:
    benches/run

# Runs the code in the README and in the guide.
guide:
    cargo test -p paystack-tests --doc

# Opens the reference in a browser.
doc:
    cargo doc --workspace --all-features --no-deps --open

# Starts the sandbox on this machine.
sandbox port="4010":
    cargo run -p paystack-sandbox --features server -- --port {{ port }}
