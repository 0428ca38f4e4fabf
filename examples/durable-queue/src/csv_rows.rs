//! The rows of a CSV file.

use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
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
    // A pipe can be read once only.
    if fs::metadata(file).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(format!("{}: must be a file that can be read twice", file.display()).into());
    }
    let open = || File::open(file).map_err(|error| format!("{}: {error}", file.display()));
    let mut reader = csv::Reader::from_reader(open()?);
    let mut lines = Lines::new(open()?);
    let headers = reader.headers()?.clone();
    let mut seen = HashMap::new();
    Ok(std::iter::from_fn(move || {
        let mut record = StringRecord::new();
        let (job, position) = match reader.read_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => (parse(&record, &headers), record.position().cloned()),
            Err(error) => (
                Err(without_values(&error).into()),
                error.position().cloned(),
            ),
        };
        let line = lines.at(position.map_or(0, |position| position.byte()));
        let job = job.and_then(|(key, job)| match seen.insert(key, line) {
            None => Ok(job),
            Some(first) => Err(format!(
                "line {first} has the same operation and customer; put it into a later file"
            )
            .into()),
        });
        Some((line, job))
    }))
}

/// Counts the lines of a file. The `csv` crate counts no CR, and not the line ends just before a row.
struct Lines {
    file: BufReader<File>,
    offset: u64,
    line: u64,
    last: u8,
}

impl Lines {
    fn new(file: File) -> Self {
        Self {
            file: BufReader::new(file),
            offset: 0,
            line: 1,
            last: 0,
        }
    }

    /// Returns the line of the first byte from this offset that is no line end.
    fn at(&mut self, offset: u64) -> u64 {
        // The reader of the rows reports an error of the file.
        while let Some(&byte) = self.file.fill_buf().ok().and_then(<[u8]>::first) {
            let ends_line = matches!(byte, b'\r' | b'\n');
            if self.offset >= offset && !ends_line {
                break;
            }
            if ends_line && (self.last, byte) != (b'\r', b'\n') {
                self.line = self.line.saturating_add(1);
            }
            self.last = byte;
            self.offset = self.offset.saturating_add(1);
            self.file.consume(1);
        }
        self.line
    }
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
        _ => {
            if count > FAULTS {
                faults.push(format!("\n  and {} more", count.saturating_sub(FAULTS)));
            }
            let faults = faults.concat();
            Err(format!("nothing was queued: {count} rows are wrong{faults}").into())
        }
    }
}

/// Returns the job of a row, and a hash of its operation and customer.
fn parse(record: &StringRecord, headers: &StringRecord) -> Result<(u64, Job)> {
    let record = record.deserialize::<Record>(Some(headers));
    let record = record.map_err(|error| without_values(&error))?;
    let job = match record.operation.as_str() {
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
    };
    Ok((record.key(), job))
}

impl Record {
    fn key(&self) -> u64 {
        let (customer, code) = match self.operation.as_str() {
            "create" => (&self.email, &None),
            "deactivate_authorization" => (&self.customer, &self.authorization_code),
            _ => (&self.customer, &None),
        };
        let customer = customer.as_ref().map(|customer| customer.to_lowercase());
        let mut hasher = DefaultHasher::new();
        (&self.operation, customer, code).hash(&mut hasher);
        hasher.finish()
    }

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
        if [
            &self.first_name,
            &self.last_name,
            &self.phone,
            &self.metadata,
        ]
        .iter()
        .all(|cell| cell.is_none())
        {
            return Err("`update` must set a field".into());
        }
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
fn without_values(error: &csv::Error) -> &'static str {
    match error.kind() {
        csv::ErrorKind::Io(_) => "the file could not be read",
        csv::ErrorKind::UnequalLengths { .. } => "the row must have as many cells as the header",
        csv::ErrorKind::Deserialize { .. } => {
            "the columns must include `operation`, and only those that the guide lists"
        }
        _ => "the row must be CSV in UTF-8",
    }
}
