//! What the documents leave open, each a switch.

/// How the twin behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which credentials it asks for.
    pub auth: Auth,
    /// What it does with passwords.
    pub passwords: Passwords,
    /// How its errors look.
    pub errors: ErrorShape,
    /// What a partial update of `ClientApp` does to its members that were not sent.
    pub nested: Nested,
    /// What our account may do.
    pub grants: Grants,
    /// Whether somebody whom others name in `SupervisorID` can be deleted.
    pub supervisors: Supervisors,
    /// What becomes of a batch of extensions that is wrong somewhere.
    pub batches: Batches,
}

/// Which credentials it asks for.
#[derive(Clone, Default)]
pub enum Auth {
    /// None.
    #[default]
    None,
    /// HTTP basic authentication.
    Basic {
        /// The user's name.
        username: String,
        /// The password.
        password: String,
    },
    /// A bearer token.
    Bearer(String),
    /// A header with a value.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
}

impl std::fmt::Debug for Auth {
    /// The way only, never the credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Basic { .. } => "Basic",
            Self::Bearer(_) => "Bearer",
            Self::Header { .. } => "Header",
        })
    }
}

/// What it does with passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Passwords {
    /// It stores what it is sent, and shows it: the reading that the samples support.
    #[default]
    AsSent,
    /// It stores and shows the first 16 hex digits of the MD5 of what it is sent.
    Digests,
    /// It stores what it is sent, and shows eight asterisks.
    Masked,
    /// It stores what it is sent, and leaves the member out of its answers.
    Omitted,
}

/// How its errors look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorShape {
    /// Which HTTP status goes with an error.
    pub statuses: Statuses,
    /// How numbers in `error` are written, on success, too.
    pub numbers: Numbers,
    /// What the number of the error's detail is called.
    pub detail: &'static str,
    /// What the number of the entity's type is called.
    pub entity: &'static str,
}

impl Default for ErrorShape {
    fn default() -> Self {
        Self { statuses: Statuses::AsCode, numbers: Numbers::Plain, detail: "detail", entity: "entity" }
    }
}

/// Which HTTP status goes with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// The same number as `error.code`.
    AsCode,
    /// 200, always.
    Always200,
}

/// How numbers in `error` are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// `404`
    Plain,
    /// `"404"`
    Texts,
}

/// What a partial update of `ClientApp` does to its members that were not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nested {
    /// They are gone: the object is replaced.
    #[default]
    Replaces,
    /// They stay.
    Merges,
}

/// What our account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grants {
    /// Everything.
    #[default]
    All,
    /// Read; every write is answered "No permissions" (103).
    ReadOnly,
}

/// Whether somebody whom others name in `SupervisorID` can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Supervisors {
    /// As anybody else; the others go on naming an id that is gone.
    #[default]
    Deletable,
    /// No: "Object in use" (106), by an agent.
    InUse,
}

/// What becomes of a batch of extensions that is wrong somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Batches {
    /// Nothing of it is done.
    #[default]
    Whole,
    /// What stands before the first thing that is wrong is done: deletes first, then the inserted ones in order.
    UntilWrong,
}
