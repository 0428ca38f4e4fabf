//! The rows of work that takes no network, for those who change them:
//! `cargo bench --bench rows -- page/1000` in this folder. The figures of `docs/performance.md` come of
//! `./run`.

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
