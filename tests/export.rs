//! The example `export` as a program: killed anywhere, it goes on to the very same file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

const CUSTOMERS: usize = 1_500;

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn export(arguments: &[&str], file: &Path) -> Command {
    let mut export = Command::new(env!("CARGO_BIN_EXE_export"));
    export.env_remove("PAYSTACK_SECRET_KEY");
    export.args(["--customers", &CUSTOMERS.to_string(), "--per-page", "10"]);
    export.args(arguments).arg(file);
    export.stdout(Stdio::null()).stderr(Stdio::null());
    export
}

fn beside(file: &Path, extension: &str) -> PathBuf {
    PathBuf::from(format!("{}.{extension}", file.display()))
}

fn length(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}

/// Kills an export once it has written so many bytes, or lets it end. Whether it was killed.
fn kill_at(bytes: u64, file: &Path, mut child: Child) -> bool {
    while child.try_wait().unwrap().is_none() {
        if length(&beside(file, "partial")) >= bytes {
            child.kill().unwrap();
            break;
        }
        thread::sleep(Duration::from_micros(200));
    }
    !child.wait().unwrap().success()
}

/// Kills an export at two places, goes on, and compares. How often it was killed with something to
/// go on with.
fn killed_and_resumed(seed: u64, arguments: &[&str], whole: &[u8], folder: &Path) -> usize {
    let mut random = fastrand::Rng::with_seed(seed);
    let file = folder.join(format!("{seed}"));
    let mut resumable = 0;
    for _ in 0..2 {
        let bytes = random.u64(..whole.len() as u64);
        let resume: &[&str] = &[arguments, &["--resume"]].concat();
        let child = export(resume, &file).spawn().unwrap();
        let killed = kill_at(bytes, &file, child);
        assert!(killed || file.exists(), "seed {seed}");
        resumable += usize::from(killed && beside(&file, "state").exists());
    }
    let resume = &[arguments, &["--resume"]].concat();
    let ended = export(resume, &file).status().unwrap();
    assert!(ended.success(), "seed {seed}");
    assert!(
        fs::read(&file).unwrap() == whole,
        "seed {seed}: another file"
    );
    let left = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let left: Vec<_> = left
        .filter(|path| path.file_stem() == file.file_stem())
        .collect();
    assert_eq!(left, [file], "seed {seed}");
    resumable
}

#[test]
fn an_export_that_is_killed_anywhere_goes_on_to_the_very_same_file() {
    let folder = folder("killed_exports");
    let mut resumable = 0;
    for (arguments, seeds) in [(&[][..], 0..25), (&["--csv"][..], 25..50)] {
        let file = folder.join("whole");
        assert!(export(arguments, &file).status().unwrap().success());
        let whole = fs::read(&file).unwrap();
        let header = arguments.len();
        let lines = whole.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines, CUSTOMERS + header);
        let seeds: Vec<_> = seeds.collect();
        let (whole, folder) = (&whole, &folder);
        resumable += thread::scope(|scope| {
            let halves = seeds.chunks(seeds.len().div_ceil(2)).map(|seeds| {
                scope.spawn(move || {
                    let killed = seeds.iter();
                    let killed =
                        killed.map(|seed| killed_and_resumed(*seed, arguments, whole, folder));
                    killed.sum::<usize>()
                })
            });
            let halves: Vec<_> = halves.collect();
            halves
                .into_iter()
                .map(|half| half.join().unwrap())
                .sum::<usize>()
        });
    }
    println!("{resumable} of 100 kills left something to go on with");
    assert!(resumable >= 20, "only {resumable} kills came in the middle");
}

#[test]
fn an_export_goes_on_only_with_what_it_was() {
    let folder = folder("other_exports");
    let file = folder.join("customers");
    let interrupted = (0..20).any(|_| {
        let child = export(&[], &file).spawn().unwrap();
        kill_at(200_000, &file, child) && beside(&file, "state").exists()
    });
    assert!(
        interrupted,
        "it was done each time before it could be killed"
    );
    let other_format = export(&["--csv", "--resume"], &file).status().unwrap();
    assert!(!other_format.success());
    let other_size = export(&["--per-page", "20", "--resume"], &file).status();
    assert!(!other_size.unwrap().success());
    assert!(export(&["--resume"], &file).status().unwrap().success());
}
