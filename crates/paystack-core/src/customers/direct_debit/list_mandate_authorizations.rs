//! `GET /customer/{id}/directdebit-mandate-authorizations`

use http::Method;
use serde::{Deserialize, Serialize};

use super::MandateAuthorization;
use crate::{Cursor, CustomerId, Operation, Paginate, Path, Position, Query, RetryRule};

/// Lists the mandates of a customer, page by page:
/// `GET /customer/{id}/directdebit-mandate-authorizations`.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::ListMandateAuthorizations;
///
/// let of_ravi = ListMandateAuthorizations::new(CustomerId::new(297346561));
/// ```
///
/// Paystack documents no parameter for it, but its responses contain a `next` cursor. The SDK sends it as
/// [`ListIntegrationMandateAuthorizations`](super::ListIntegrationMandateAuthorizations) does, for which the
/// parameter is documented.
///
/// Paystack refuses with 404: no such customer. It responds to an invalid cursor with 500, so the client retries it.
///
/// See <https://paystack.com/docs/api/customer/#fetch-mandate-authorizations>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListMandateAuthorizations {
    customer: CustomerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Cursor>,
}

impl ListMandateAuthorizations {
    /// The mandates of the customer with this numeric id.
    pub fn new(customer: CustomerId) -> Self {
        Self {
            customer,
            after: None,
        }
    }

    /// Starts after this cursor: [`Meta::next`](crate::Meta::next).
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }
}

impl Operation for ListMandateAuthorizations {
    const NAME: &'static str = "customers.list_mandate_authorizations";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/customer/{id}/directdebit-mandate-authorizations";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = Vec<MandateAuthorization>;

    fn path(&self) -> Path {
        Path::new(Self::PATH).number(self.customer.get())
    }

    fn query(&self, query: &mut Query) {
        query.optional_pair("cursor", self.after.as_ref());
    }
}

impl Paginate for ListMandateAuthorizations {
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
    fn list_has_the_customer_id_in_its_path() {
        let list = ListMandateAuthorizations::new(CustomerId::new(297_346_561));
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer/297346561/directdebit-mandate-authorizations
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn list_after_a_cursor_sends_the_cursor() {
        let list = ListMandateAuthorizations::new(CustomerId::new(297_346_561))
            .after(Cursor::new("bWFuZGF0ZTo3").unwrap());
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer/297346561/directdebit-mandate-authorizations?cursor=bWFuZGF0ZTo3
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }
}
