//! The rows as benchmarks, for development: `cargo bench --bench rows -- page/1000` in this directory.
//! `./run` measures the figures of `docs/maintainers/performance.md`.

use divan::{AllocProfiler, Bencher};
use paystack_benches::rows;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn names() -> Vec<String> {
    rows::all().into_iter().map(|row| row.name).collect()
}

#[divan::bench(args = names())]
fn row(bencher: Bencher, name: &String) {
    let rows = rows::all();
    let row = rows.iter().find(|row| row.name == *name).unwrap();
    let work = (row.prepare)();
    bencher.bench_local(work);
}
