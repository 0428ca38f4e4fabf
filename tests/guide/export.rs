//! The example `export` writes the same file, even if it is killed and resumed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use paystack_sandbox::{Sandbox, server::Server};
use paystack_transport::Mode;

const CUSTOMERS: usize = 1_500;

/// Creates an empty folder for one test.
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

/// Kills an export after it has written this many bytes. Returns whether it was killed.
///
/// An export that ends earlier must succeed.
fn kill_at(bytes: u64, file: &Path, mut child: Child) -> bool {
    loop {
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{ended}");
            return false;
        }
        if length(&beside(file, "partial")) >= bytes {
            child.kill().unwrap();
            return !child.wait().unwrap().success();
        }
        thread::sleep(Duration::from_micros(200));
    }
}

/// Starts and kills exports until one leaves a saved state. Returns its number of saved bytes.
fn interrupted(export: impl Fn() -> Command, file: &Path) -> usize {
    for _ in 0..20 {
        let child = export().arg("--anew").spawn().unwrap();
        if kill_at(200_000, file, child)
            && let Ok(state) = fs::read(beside(file, "state"))
        {
            let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
            return state["bytes"].as_u64().unwrap().try_into().unwrap();
        }
    }
    panic!("every export ended before the test could kill it")
}

/// Kills an export twice, resumes it, and compares the files. Returns the number of resumable kills.
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
        "seed {seed}: the files differ"
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
fn killed_export_resumes_to_the_same_file() {
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
    println!("{resumable} of 100 kills left a saved state");
    assert!(resumable >= 20, "only {resumable} kills left a saved state");
}

#[test]
fn export_with_other_options_is_not_resumed() {
    let folder = folder("other_exports");
    let file = folder.join("customers");
    interrupted(|| export(&[], &file), &file);
    let other_format = export(&["--csv", "--resume"], &file).status().unwrap();
    assert!(!other_format.success());
    let other_size = export(&["--per-page", "20", "--resume"], &file).status();
    assert!(!other_size.unwrap().success());
    let without_a_word = export(&[], &file).status().unwrap();
    assert!(
        !without_a_word.success(),
        "an export must not discard saved progress"
    );
    assert!(export(&["--resume"], &file).status().unwrap().success());
}

#[test]
fn resumed_export_keeps_the_saved_rows() {
    let folder = folder("kept_exports");
    let (whole, file) = (folder.join("whole"), folder.join("customers"));
    assert!(export(&[], &whole).status().unwrap().success());
    let kept = interrupted(|| export(&[], &file), &file);
    // Marks the saved rows. Rows that are fetched again have no marks.
    let mark = |mut bytes: Vec<u8>| {
        for byte in bytes.iter_mut().take(kept) {
            if *byte == b'{' {
                *byte = b'#';
            }
        }
        bytes
    };
    let partial = beside(&file, "partial");
    fs::write(&partial, mark(fs::read(&partial).unwrap())).unwrap();
    assert!(export(&["--resume"], &file).status().unwrap().success());
    assert!(kept > 0 && fs::read(&file).unwrap() == mark(fs::read(&whole).unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn export_with_another_key_is_not_resumed() {
    let folder = folder("exports_of_other_keys");
    let file = folder.join("customers");
    let sandbox = Sandbox::new(1).without_rate_limits();
    let server = Server::start(sandbox, 0).await.unwrap();
    server.with(|sandbox, now| sandbox.seed_customers(&Mode::Test, 1_500, now));
    let from = |key: &str, arguments: &[&str]| {
        let mut export = export(arguments, &file);
        export.env("PAYSTACK_SECRET_KEY", key);
        // Large pages, so that the rate limit does not delay the export.
        export.args(["--base-url", &server.url(), "--per-page", "50"]);
        export
    };
    interrupted(|| from("sk_test_one", &[]), &file);
    let state = fs::read_to_string(beside(&file, "state")).unwrap();
    assert!(!state.contains("sk_test_one"));
    let other = from("sk_test_two", &["--resume"]).status().unwrap();
    assert!(!other.success());
    let same = from("sk_test_one", &["--resume"]).status().unwrap();
    assert!(same.success());
}

#[test]
fn export_killed_at_its_end_is_completed() {
    let folder = folder("complete_exports");
    let (whole, file) = (folder.join("whole"), folder.join("customers"));
    assert!(export(&[], &whole).status().unwrap().success());
    let whole = fs::read(whole).unwrap();
    interrupted(|| export(&[], &file), &file);
    let (state, partial) = (beside(&file, "state"), beside(&file, "partial"));
    let mut complete: serde_json::Value =
        serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    complete["complete"] = true.into();
    complete["bytes"] = whole.len().into();
    fs::remove_file(&partial).unwrap();
    for (is_renamed, there, ends_well) in [
        (false, &whole[..], true),
        (true, &whole, true),
        (true, b"that of yesterday", false),
    ] {
        fs::write(&state, complete.to_string()).unwrap();
        fs::write(if is_renamed { &file } else { &partial }, there).unwrap();
        let ended = export(&["--resume"], &file).status().unwrap();
        assert_eq!(ended.success(), ends_well);
        assert!(fs::read(&file).unwrap() == there);
        assert_eq!(
            state.exists(),
            !ends_well,
            "a failed export must keep its state"
        );
    }
}

#[cfg(unix)]
#[test]
fn interrupted_export_saves_its_progress() {
    let folder = folder("interrupted_exports");
    let (whole, file) = (folder.join("whole"), folder.join("customers"));
    assert!(export(&[], &whole).status().unwrap().success());
    let interrupted = (0..20).any(|_| {
        let mut child = export(&["--anew"], &file).spawn().unwrap();
        while length(&beside(&file, "partial")) < 100_000 {
            if child.try_wait().unwrap().is_some() {
                return false; // its process id may belong to another process by now
            }
            thread::sleep(Duration::from_micros(200));
        }
        let interrupt = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        interrupt.unwrap();
        child.wait().unwrap().code() == Some(130)
    });
    assert!(
        interrupted,
        "every export ended before the test could interrupt it"
    );
    let state = fs::read(beside(&file, "state")).unwrap();
    let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
    assert_eq!(
        state["bytes"].as_u64(),
        Some(length(&beside(&file, "partial")))
    );
    assert!(export(&["--resume"], &file).status().unwrap().success());
    assert!(fs::read(&file).unwrap() == fs::read(&whole).unwrap());
}

#[test]
fn export_without_customers_writes_a_file() {
    let folder = folder("empty_exports");
    let file = folder.join("customers");
    for (arguments, lines) in [
        (&["--customers", "0"][..], 0),
        (&["--customers", "0", "--csv"], 1),
    ] {
        assert!(export(arguments, &file).status().unwrap().success());
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), lines);
    }
}

#[test]
fn export_states_why_it_does_not_begin() {
    let folder = folder("refused_exports");
    let file = folder.join("customers");
    interrupted(|| export(&[], &file), &file);
    let message = |mut export: Command| {
        let output = export.stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success());
        let message = String::from_utf8(output.stderr).unwrap();
        message.replace(&file.display().to_string(), "FILE")
    };
    let mut with_live_key = export(&["--anew"], &file);
    with_live_key.env("PAYSTACK_SECRET_KEY", "sk_live_x");
    let mut messages = message(with_live_key);
    messages += &message(export(&[], &file));
    messages += &message(export(&["--csv", "--resume"], &file));
    let mut partial = fs::File::options();
    let partial = partial.write(true).open(beside(&file, "partial"));
    partial.unwrap().set_len(9).unwrap();
    messages += &message(export(&["--resume"], &file));
    insta::assert_snapshot!(messages, @"
    export: this is a live key; the example only runs in test mode
    export: an export to FILE was interrupted: resume it with --resume FILE and the same options, or discard it with --anew
    export: this export was begun as JSON Lines of a sandbox of 1500: resume it with the same options, or discard it with --anew
    export: rows are missing from the partial file: begin with --anew
    ");
}
