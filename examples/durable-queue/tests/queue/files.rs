//! The files that `enqueue` reads and refuses.

use crate::support::{HEADER, Queue, rows};

const EMPTY: &str = "0 waiting, 0 under way or unknown, 0 done, 0 failed\n";

#[tokio::test(flavor = "multi_thread")]
async fn wrong_rows_are_listed_and_nothing_is_queued() {
    let queue = Queue::new("wrong").await;
    let csv = "operation,customer,email,first_name,risk_action\n\
         create,,ada@example.com,Ada,\ncreate,,secret.example.com,,\n\
         \"update\",CUS_a,,\"two\nlines\",\nset_risk_action,CUS_a,,,forbid\nupdate,CUS_b,,,\nrefund,CUS_a,,,\n";
    let errors = queue.fail(&["enqueue", &queue.write("rows.csv", csv)]);
    assert_eq!(
        errors,
        "durable-queue: nothing was queued: 4 rows are wrong\n  \
         line 3: e-mail address must contain exactly one `@`\n  \
         line 6: `risk_action` must be default, allow or deny\n  \
         line 7: `update` must set a field\n  \
         line 8: `operation` must be create, update, set_risk_action, validate or deactivate_authorization\n"
    );
    assert_eq!(queue.succeed(&["status"]), EMPTY);
}

#[tokio::test(flavor = "multi_thread")]
async fn line_numbers_are_exact() {
    let queue = Queue::new("lines").await;
    for end in ["\n", "\r\n", "\r"] {
        let lines = [
            "\u{feff}operation,email",
            "",
            "create,ada@example.com",
            "create,a",
            "",
            "",
            "create",
            "\"create\",b",
        ];
        let errors = queue.fail(&["enqueue", &queue.write("rows.csv", &lines.join(end))]);
        assert_eq!(
            errors,
            "durable-queue: nothing was queued: 3 rows are wrong\n  \
             line 4: e-mail address must contain exactly one `@`\n  \
             line 7: the row must have as many cells as the header\n  \
             line 8: e-mail address must contain exactly one `@`\n",
            "{end:?}"
        );
    }
    std::fs::write(
        queue.folder.file("rows.csv"),
        b"operation,email\r\n\r\ncreate,\xff\r\n",
    )
    .unwrap();
    let errors = queue.fail(&[
        "enqueue",
        &queue.folder.file("rows.csv").display().to_string(),
    ]);
    assert!(
        errors.ends_with("\n  line 3: the row must be CSV in UTF-8\n"),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_rows_are_counted() {
    let queue = Queue::new("many-wrong").await;
    let csv = format!("operation\n{}", "refund\n".repeat(30));
    let errors = queue.fail(&["enqueue", &queue.write("rows.csv", &csv)]);
    assert!(
        errors.contains(": 30 rows are wrong\n  line 2: "),
        "{errors}"
    );
    assert!(errors.ends_with("\n  and 10 more\n"), "{errors}");
    assert_eq!(errors.lines().count(), 22);
}

#[tokio::test(flavor = "multi_thread")]
async fn second_row_of_a_customer_and_operation_is_wrong() {
    let queue = Queue::new("second").await;
    let csv = "operation,customer,email,phone,authorization_code\nupdate,CUS_a,,1,x\ncreate,,ada@example.com,,\n\
         update,CUS_b,,1,\ncreate,,Ada@example.com,1,y\nupdate,CUS_a,,2,z\n";
    let errors = queue.fail(&["enqueue", &queue.write("rows.csv", csv)]);
    assert_eq!(
        errors,
        "durable-queue: nothing was queued: 2 rows are wrong\n  \
         line 5: line 3 has the same operation and customer; put it into a later file\n  \
         line 6: line 2 has the same operation and customer; put it into a later file\n"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn pipe_is_refused() {
    let queue = Queue::new("pipe").await;
    let mut enqueue = queue.command(&["enqueue", "--live", "/dev/stdin"]);
    enqueue.stdin(std::process::Stdio::piped());
    let output = enqueue.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        errors,
        "durable-queue: /dev/stdin: must be a file that can be read twice\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn known_file_name_is_refused() {
    let queue = Queue::new("known").await;
    queue.enqueue(&rows(&queue, 0..5));
    let file = queue.write("rows.csv", &rows(&queue, 5..10));
    assert_eq!(
        queue.fail(&["enqueue", "--live", &file]),
        "durable-queue: rows.csv is in the queue already; rename another file\n"
    );
    let status = queue.succeed(&["status"]);
    assert_eq!(status, EMPTY.replacen('0', "5", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn queue_for_the_other_mode_is_refused() {
    let queue = Queue::new("mode").await;
    let csv = format!("{HEADER}create,,ada@example.com,,,,,,,,,,\n");
    queue.succeed(&["enqueue", &queue.write("test.csv", &csv)]);
    let refused = "durable-queue: this queue is for test keys; use another --database\n";
    assert_eq!(
        queue.fail(&["enqueue", "--live", &queue.write("live.csv", &csv)]),
        refused
    );
    assert_eq!(queue.fail(&["work", "--live"]), refused);
    let mut worker = queue.command(&["work", "--live"]);
    assert!(
        !worker
            .env("PAYSTACK_SECRET_KEY", "sk_test_queue")
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(queue.requests(), 0);
}
