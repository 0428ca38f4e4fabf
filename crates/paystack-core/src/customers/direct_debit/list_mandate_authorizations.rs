//! `GET /customer/{id}/directdebit-mandate-authorizations`

use http::Method;

use super::{MandateAuthorization, MandateStatus};
use crate::{Cursor, CustomerId, Operation, Path, Query, Resend};

/// Lists mandates, of a customer (`GET /customer/{id}/directdebit-mandate-authorizations`) or of
/// the integration (`GET /directdebit/mandate-authorizations`), a page at a time.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::{ListMandateAuthorizations, MandateStatus};
///
/// let of_ravi = ListMandateAuthorizations::new(CustomerId::new(297346561));
/// let pending = ListMandateAuthorizations::of_integration().status(MandateStatus::Pending);
/// ```
///
/// The page size, the cursor and the status are documented for the integration's list.
///
/// See <https://paystack.com/docs/api/customer/#fetch-mandate-authorizations> and
/// <https://paystack.com/docs/api/direct-debit/#list-mandate-authorizations>.
#[derive(Clone, Debug)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListMandateAuthorizations {
    customer: Option<CustomerId>,
    per_page: Option<u32>,
    after: Option<Cursor>,
    status: Option<MandateStatus>,
}

impl ListMandateAuthorizations {
    /// Those of the customer with this numeric id.
    pub fn new(customer: CustomerId) -> Self {
        Self {
            customer: Some(customer),
            ..Self::of_integration()
        }
    }

    /// Those of all customers.
    pub fn of_integration() -> Self {
        Self {
            customer: None,
            per_page: None,
            after: None,
            status: None,
        }
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

impl Operation for ListMandateAuthorizations {
    const NAME: &'static str = "customers.list_mandate_authorizations";
    const METHOD: Method = Method::GET;
    const RESEND: Resend = Resend::Always;
    type Output = Vec<MandateAuthorization>;

    fn path(&self) -> Path {
        match self.customer {
            Some(customer) => Path::new("customer")
                .number(customer.get())
                .segment("directdebit-mandate-authorizations"),
            None => Path::new("directdebit/mandate-authorizations"),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::wire_text;

    #[test]
    fn smallest() {
        let list = ListMandateAuthorizations::new(CustomerId::new(297_346_561));
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer/297346561/directdebit-mandate-authorizations
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn fullest() {
        let list = ListMandateAuthorizations::new(CustomerId::new(297_346_561))
            .per_page(20)
            .after(Cursor::new("bWFuZGF0ZTo3").unwrap())
            .status(MandateStatus::Active);
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer/297346561/directdebit-mandate-authorizations?per_page=20&cursor=bWFuZGF0ZTo3&status=active
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn a_status_that_the_sdk_does_not_know_is_sent_as_it_is() {
        let list = ListMandateAuthorizations::of_integration().status("resting@123456".into());
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations?status=resting%40123456
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn of_the_whole_integration() {
        let list = ListMandateAuthorizations::of_integration().status(MandateStatus::Pending);
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/directdebit/mandate-authorizations?status=pending
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }
}
