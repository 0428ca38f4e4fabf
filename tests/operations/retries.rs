//! The request and the retry rule of each operation, compared with the table of the guide.

use paystack_core::RetryRule;
use paystack_core::http::Method;
use paystack_tests::operations::{Entry, Example, Visitor, each_operation, names};
use paystack_tests::values::Values;

/// The table of all operations: `` | [`Name`](source) | `METHOD /path` | output | retried | ``.
struct Table(Vec<Vec<&'static str>>);

impl Table {
    fn read() -> Self {
        let page = include_str!("../../docs/operations.md");
        let rows = page.lines().filter(|line| line.starts_with("| [`"));
        Self(rows.map(|row| row.split(" | ").collect()).collect())
    }
}

impl Visitor for Table {
    fn visit<O: Example>(&mut self, _: Entry<O>) {
        let request = format!("`{} {}`", O::METHOD, O::PATH);
        let row = self.0.iter().find(|row| row[1] == request);
        let row = row.unwrap_or_else(|| panic!("docs/operations.md lacks {request}"));
        let retried = match row[3] {
            "yes |" => RetryRule::Idempotent,
            "no |" => RetryRule::IfNotProcessed,
            other => panic!("{other}"),
        };
        assert_eq!(O::RETRY, retried, "{request}");
        if O::METHOD == Method::GET {
            assert_eq!(O::RETRY, RetryRule::Idempotent, "{request} is a read");
        }
    }
}

#[test]
fn only_idempotent_operations_are_always_retried() {
    let mut table = Table::read();
    each_operation(&Values::default(), &mut table);
    let listed: Vec<_> = names().iter().map(|name| name.type_name).collect();
    let described = table.0.iter().map(|row| row[0].split('`').nth(1).unwrap());
    assert_eq!(described.collect::<Vec<_>>(), listed);
}
