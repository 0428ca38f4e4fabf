//! `GET /directdebit/mandate-authorizations`

use http::Method;

use super::{MandateAuthorization, MandateStatus};
use crate::{Cursor, Operation, Paged, Path, Query, Resend, Start};

/// Lists the mandates of all customers of the integration, a page at a time:
/// `GET /directdebit/mandate-authorizations`.
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
/// Refused with 400: a cursor that Paystack does not take.
///
/// See <https://paystack.com/docs/api/direct-debit/#list-mandate-authorizations>.
#[derive(Clone, Debug, Default)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListIntegrationMandateAuthorizations {
    per_page: Option<u32>,
    after: Option<Cursor>,
    status: Option<MandateStatus>,
}

impl ListIntegrationMandateAuthorizations {
    /// The first page, as long as Paystack makes it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many mandates a page holds at most.
    pub fn per_page(mut self, mandates: u32) -> Self {
        self.per_page = Some(mandates);
        self
    }

    /// Starts after this place: [`Meta::next`](crate::Meta::next).
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Leaves out all others.
    pub fn status(mut self, status: MandateStatus) -> Self {
        self.status = Some(status);
        self
    }
}

impl Operation for ListIntegrationMandateAuthorizations {
    const NAME: &'static str = "customers.list_integration_mandate_authorizations";
    const METHOD: Method = Method::GET;
    const RESEND: Resend = Resend::Always;
    type Output = Vec<MandateAuthorization>;

    fn path(&self) -> Path {
        Path::new("directdebit/mandate-authorizations")
    }

    fn query(&self, query: &mut Query) {
        if let Some(per_page) = self.per_page {
            query.pair("per_page", per_page);
        }
        if let Some(cursor) = &self.after {
            query.pair("cursor", cursor);
        }
        if let Some(status) = &self.status {
            query.pair("status", status.as_str());
        }
    }
}

impl Paged for ListIntegrationMandateAuthorizations {
    fn position(&self) -> Option<Start> {
        let after = self.after.clone();
        Some(after.map_or(Start::Cursor, Start::After))
    }

    fn at(&self, start: Start) -> Option<Self> {
        let after = match start {
            Start::Cursor => None,
            Start::After(cursor) => Some(cursor),
            Start::Page(_) | Start::Before(_) => return None,
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
    use crate::tests::wire_text;

    #[test]
    fn smallest() {
        let list = ListIntegrationMandateAuthorizations::new();
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn fullest() {
        let list = ListIntegrationMandateAuthorizations::new()
            .per_page(20)
            .after(Cursor::new("bWFuZGF0ZTo3").unwrap())
            .status(MandateStatus::Active);
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations?per_page=20&cursor=bWFuZGF0ZTo3&status=active
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }
    #[test]
    fn a_status_that_the_sdk_does_not_know_is_sent_as_it_is() {
        let list = ListIntegrationMandateAuthorizations::new().status("resting@123456".into());
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations?status=resting%40123456
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn the_list_starts_again_with_its_filter_kept() {
        let later = ListIntegrationMandateAuthorizations::new()
            .at(Start::After(Cursor::new("b").unwrap()))
            .unwrap();
        let again = later.at(Start::Cursor).unwrap();
        assert_eq!(again.position(), Some(Start::Cursor));
        let first = ListIntegrationMandateAuthorizations::new();
        assert_eq!(wire_text(&again), wire_text(&first));
    }
}
