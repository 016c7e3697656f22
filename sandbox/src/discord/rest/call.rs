//! A request as the routes see it, and its query read strictly: what is out of range is refused, not bent.

use super::super::{
    refusal::{Form, Refusal},
    validate::optional_number,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, ops::RangeInclusive};

/// A request, taken apart.
pub(super) struct Call {
    pub(super) method: String,
    /// The path behind `/api/v10/`, its parts decoded.
    pub(super) parts: Vec<String>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) body: Value,
    pub(super) authorization: Option<String>,
    pub(super) gateway_url: String,
}

impl Call {
    /// A whole number of the query within a range, if it is there.
    pub(super) fn number(&self, name: &str, allowed: RangeInclusive<u64>) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.query.get(name) else { return Ok(None) };
        let value = text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number));
        let mut form = Form::default();
        let number = optional_number(&mut form, name, &value, allowed);
        form.verdict()?;
        Ok(number)
    }

    /// How many are asked for, or how many that is when nothing is said.
    pub(super) fn limit(&self, default: usize, most: usize) -> Result<usize, Refusal> {
        let asked = self.number("limit", 1..=u64::try_from(most).unwrap_or(u64::MAX))?;
        Ok(asked.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(default))
    }

    /// The id behind which a page begins; 0 for the first page.
    pub(super) fn after(&self) -> Result<u64, Refusal> {
        Ok(self.number("after", 0..=u64::MAX)?.unwrap_or_default())
    }

    /// A switch of the query.
    pub(super) fn says(&self, name: &str) -> bool {
        matches!(self.query.get(name).map(String::as_str), Some("true" | "1" | "True"))
    }
}
