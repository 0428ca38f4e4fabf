//! `GET /directdebit/mandate-authorizations`

use http::Method;
use serde::{Deserialize, Serialize};

use super::{MandateAuthorization, MandateStatus};
use crate::{Cursor, Operation, Paginate, Position, Query, RetryRule};

/// Lists the mandates of all customers, page by page: `GET /directdebit/mandate-authorizations`.
///
/// ```
/// use paystack_core::customers::direct_debit::{
///     ListIntegrationMandateAuthorizations, MandateStatus,
/// };
///
/// let pending = ListIntegrationMandateAuthorizations::new()
///     .status(MandateStatus::Pending)
///     .per_page(100);
/// ```
///
/// Paystack responds to an invalid cursor with 500, so the client retries it.
///
/// See <https://paystack.com/docs/api/direct-debit/#list-mandate-authorizations>.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListIntegrationMandateAuthorizations {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Cursor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<MandateStatus>,
}

impl ListIntegrationMandateAuthorizations {
    /// The first page, with Paystack's default size.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum number of mandates on a page.
    pub fn per_page(mut self, mandates: u32) -> Self {
        self.per_page = Some(mandates);
        self
    }

    /// Starts after this cursor: [`Meta::next`](crate::Meta::next).
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Excludes mandates with another status.
    pub fn status(mut self, status: MandateStatus) -> Self {
        self.status = Some(status);
        self
    }
}

impl Operation for ListIntegrationMandateAuthorizations {
    const NAME: &'static str = "customers.list_integration_mandate_authorizations";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/directdebit/mandate-authorizations";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = Vec<MandateAuthorization>;

    fn query(&self, query: &mut Query) {
        query.optional_pair("per_page", self.per_page);
        query.optional_pair("cursor", self.after.as_ref());
        query.optional_pair("status", self.status.as_ref().map(|status| status.as_str()));
    }
}

impl Paginate for ListIntegrationMandateAuthorizations {
    fn position(&self) -> Option<Position> {
        let after = self.after.clone();
        Some(after.map_or(Position::Cursor, Position::After))
    }

    fn at(&self, position: Position) -> Option<Self> {
        let after = match position {
            Position::Cursor => None,
            Position::After(cursor) => Some(cursor),
            Position::Page(_) | Position::Before(_) => return None,
        };
        Some(Self {
            after,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    #[test]
    fn list_without_parameters_sends_no_query() {
        let list = ListIntegrationMandateAuthorizations::new();
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn list_with_all_parameters_sends_them_in_the_query() {
        let list = ListIntegrationMandateAuthorizations::new()
            .per_page(20)
            .after(Cursor::new("bWFuZGF0ZTo3").unwrap())
            .status(MandateStatus::Active);
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations?per_page=20&cursor=bWFuZGF0ZTo3&status=active
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn unrecognized_status_is_sent_unchanged() {
        let list = ListIntegrationMandateAuthorizations::new().status("resting@123456".into());
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations?status=resting%40123456
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn first_page_keeps_status_and_page_size() {
        let first = ListIntegrationMandateAuthorizations::new()
            .status(MandateStatus::Pending)
            .per_page(20);
        let later = first
            .at(Position::After(Cursor::new("b").unwrap()))
            .unwrap();
        let again = later.at(Position::Cursor).unwrap();
        assert_eq!(again.position(), Some(Position::Cursor));
        assert_eq!(snapshot(&again), snapshot(&first));
    }
}
