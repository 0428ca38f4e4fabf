//! The rows of a CSV file.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::StringRecord;
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{AuthorizationCode, CustomerCode, Email, EmailOrCode, Metadata};
use serde::Deserialize;
use serde_json::Value;

use crate::Result;
use crate::job::Job;

/// The most faults that an error lists.
const FAULTS: usize = 20;

/// The columns. Those that an operation does not need may be empty or absent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    operation: String,
    customer: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    metadata: Option<String>,
    risk_action: Option<String>,
    country: Option<String>,
    bank_code: Option<String>,
    account_number: Option<String>,
    bvn: Option<String>,
    middle_name: Option<String>,
    authorization_code: Option<String>,
}

/// Reads the jobs of a file, each with its line number.
pub(crate) fn read(file: &Path) -> Result<impl Iterator<Item = (u64, Result<Job>)>> {
    let opened = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut reader = csv::Reader::from_reader(BufReader::new(opened));
    let headers = reader.headers()?.clone();
    let mut line = 0;
    Ok(std::iter::from_fn(move || {
        let mut record = StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => {}
            // The error of the CSV reader names a place, and no value.
            Err(error) => return Some((reader.position().line(), Err(error.into()))),
        }
        line = record.position().map_or(line, csv::Position::line);
        Some((line, parse(&record, &headers)))
    }))
}

/// Checks all rows of a file.
///
/// # Errors
///
/// Lists the lines with a fault. No value of the file is part of it.
pub(crate) fn check(file: &Path) -> Result<()> {
    let mut faults = Vec::new();
    let mut count: usize = 0;
    for (line, job) in read(file)? {
        if let Err(fault) = job {
            count = count.saturating_add(1);
            if faults.len() < FAULTS {
                faults.push(format!("\n  line {line}: {fault}"));
            }
        }
    }
    match count {
        0 => Ok(()),
        _ => Err(format!(
            "nothing was queued: {count} rows are wrong{}",
            faults.concat()
        )
        .into()),
    }
}

fn parse(record: &StringRecord, headers: &StringRecord) -> Result<Job> {
    let record: Record = record.deserialize(Some(headers)).map_err(without_values)?;
    Ok(match record.operation.as_str() {
        "create" => Job::Create(record.create()?),
        "update" => {
            let customer = CustomerCode::new(required(&record.customer, "customer")?)?;
            let update = record.update(&customer)?;
            Job::Update(customer, update)
        }
        "set_risk_action" => {
            let action = match required(&record.risk_action, "risk_action")?.into() {
                RiskAction::Unrecognized(_) => {
                    return Err("`risk_action` must be default, allow or deny".into());
                }
                action => action,
            };
            Job::SetRiskAction(SetRiskAction::new(record.customer()?, action))
        }
        "validate" => Job::Validate(record.validate()?),
        "deactivate_authorization" => {
            let code = required(&record.authorization_code, "authorization_code")?;
            Job::DeactivateAuthorization(record.customer()?, AuthorizationCode::new(code)?)
        }
        _ => {
            return Err(
                "`operation` must be create, update, set_risk_action, validate or \
                        deactivate_authorization"
                    .into(),
            );
        }
    })
}

impl Record {
    fn customer(&self) -> Result<EmailOrCode> {
        Ok(required(&self.customer, "customer")?.parse()?)
    }

    fn metadata(&self) -> Result<Option<Metadata>> {
        let Some(json) = self.metadata.as_deref() else {
            return Ok(None);
        };
        let json: Value =
            serde_json::from_str(json).map_err(|_| "`metadata` must be a JSON object")?;
        Ok(Some(Metadata::new(&json)?))
    }

    fn create(&self) -> Result<CreateCustomer> {
        let mut create = CreateCustomer::new(Email::new(required(&self.email, "email")?)?);
        if let Some(name) = &self.first_name {
            create = create.first_name(name.as_str());
        }
        if let Some(name) = &self.last_name {
            create = create.last_name(name.as_str());
        }
        if let Some(phone) = &self.phone {
            create = create.phone(phone.as_str());
        }
        if let Some(metadata) = self.metadata()? {
            create = create.metadata(metadata);
        }
        Ok(create)
    }

    /// An empty cell leaves a field unchanged.
    fn update(&self, customer: &CustomerCode) -> Result<UpdateCustomer> {
        let mut update = UpdateCustomer::new(customer);
        if let Some(name) = &self.first_name {
            update = update.first_name(name.as_str());
        }
        if let Some(name) = &self.last_name {
            update = update.last_name(name.as_str());
        }
        if let Some(phone) = &self.phone {
            update = update.phone(phone.as_str());
        }
        if let Some(metadata) = self.metadata()? {
            update = update.metadata(metadata);
        }
        Ok(update)
    }

    fn validate(&self) -> Result<ValidateCustomer> {
        let account = BankAccount::new(
            required(&self.country, "country")?,
            required(&self.bank_code, "bank_code")?,
            required(&self.account_number, "account_number")?,
            required(&self.bvn, "bvn")?,
            required(&self.first_name, "first_name")?,
            required(&self.last_name, "last_name")?,
        );
        let validate = ValidateCustomer::new(self.customer()?, account);
        Ok(match &self.middle_name {
            Some(name) => validate.middle_name(name.as_str()),
            None => validate,
        })
    }
}

fn required<'a>(cell: &'a Option<String>, column: &str) -> Result<&'a str> {
    let missing = || format!("`{column}` must not be empty").into();
    cell.as_deref().ok_or_else(missing)
}

/// Describes a row that has the wrong columns. The message of the `csv` crate may quote a value.
fn without_values(error: csv::Error) -> &'static str {
    match error.kind() {
        csv::ErrorKind::Deserialize { .. } => {
            "the columns must include `operation`, and only those that the guide lists"
        }
        _ => "the row must be CSV in UTF-8",
    }
}
