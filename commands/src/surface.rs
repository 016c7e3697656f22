//! One documented struct, four outputs: `surface!` turns it into the definition that is registered, the reader, the
//! stored shape, and the writer that tests use to type commands.
//!
//! What a definition becomes on the wire is in `definitions.rs`; how hostile options are refused is in `reading.rs`.

use serenity::model::id::UserId;

use crate::reading::{Given, ReadError};
use crate::{AgentText, Command, CompletedOption, Permission, StateFilter};

/// Declares a command, or the roster of all commands.
///
/// A command: the first line of a doc comment is the description that people read in Discord; what follows it is for
/// readers of the code. Each option is `"name" pub field: Type = shape;`, where the type says whether it is required
/// (`Option` is not) and the shape what it takes ([`text`], [`number`], …).
///
/// The roster: an enum with one line per command, `Variant(Struct) = "stored.name"`.
macro_rules! surface {
    (
        #[doc = $about:literal] $(#[doc = $more:literal])*
        $vis:vis struct $struct:ident = $command:literal {
            group: $group:expr,
            permission: $permission:expr,
        }
        $(
            #[doc = $help:literal] $(#[doc = $help_more:literal])*
            $name:literal $field_vis:vis $field:ident: $type:ty = $shape:expr;
        )*
    ) => {
        #[doc = $about] $(#[doc = $more])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $vis struct $struct {
            $(
                #[doc = $help] $(#[doc = $help_more])*
                #[serde(rename = $name, skip_serializing_if = "crate::surface::Value::is_absent")]
                $field_vis $field: $type,
            )*
        }

        impl crate::surface::Surface for $struct {
            const NAME: &'static str = $command;
            const GROUP: Option<&'static crate::surface::Group> = $group;
            const ABOUT: &'static str = $about.trim_ascii();
            const PERMISSION: Option<crate::Permission> = $permission;
            const OPTIONS: &'static [crate::surface::OptionSpec] = &[
                $(crate::surface::OptionSpec {
                    name: $name,
                    about: $help.trim_ascii(),
                    need: <$type as crate::surface::Value>::NEED,
                    shape: $shape,
                },)*
            ];

            fn read(given: &mut crate::reading::Given) -> Result<Self, crate::ReadError> {
                // A command without options takes nothing from it.
                let _ = &given;
                Ok(Self { $($field: given.take($name)?,)* })
            }

            fn write(&self) -> Vec<(&'static str, crate::surface::Raw)> {
                let options: Vec<(&'static str, Option<crate::surface::Raw>)> =
                    vec![$(($name, crate::surface::Value::to_raw(&self.$field)),)*];
                options.into_iter().filter_map(|(name, raw)| Some((name, raw?))).collect()
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $enum:ident {
            $($(#[$variant_meta:meta])* $variant:ident($type:ty) = $tag:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "command")]
        pub enum $enum {
            $($(#[$variant_meta])* #[serde(rename = $tag)] $variant($type),)+
        }

        /// Every command, in the order of the reference.
        pub(crate) static ROSTER: &[crate::surface::Entry] = &[
            $(crate::surface::Entry {
                name: <$type as crate::surface::Surface>::NAME,
                group: <$type as crate::surface::Surface>::GROUP,
                about: <$type as crate::surface::Surface>::ABOUT,
                permission: <$type as crate::surface::Surface>::PERMISSION,
                options: <$type as crate::surface::Surface>::OPTIONS,
                read: |given| <$type as crate::surface::Surface>::read(given).map($enum::$variant),
            },)+
        ];

        impl $enum {
            /// The command as people type it: `/agent clone`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$type as crate::surface::Surface>::NAME,)+
                }
            }

            /// The command as it is stored and audited: `agent.clone`.
            #[must_use]
            pub const fn key(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $tag,)+
                }
            }

            /// What one must be allowed to do; `None`: everybody may.
            #[must_use]
            pub const fn permission(&self) -> Option<crate::Permission> {
                match self {
                    $(Self::$variant(_) => <$type as crate::surface::Surface>::PERMISSION,)+
                }
            }

            /// The options that are filled in.
            fn options(&self) -> Vec<(&'static str, crate::surface::Raw)> {
                match self {
                    $(Self::$variant(command) => crate::surface::Surface::write(command),)+
                }
            }
        }
    };
}
pub(crate) use surface;

/// What `surface!` makes of a struct.
pub(crate) trait Surface: Sized {
    /// As people type it: `/agent clone`.
    const NAME: &'static str;
    /// The command it is a subcommand of.
    const GROUP: Option<&'static Group>;
    /// What it does, in at most 100 characters.
    const ABOUT: &'static str;
    /// What one must be allowed to do.
    const PERMISSION: Option<Permission>;
    /// Its options, required ones first.
    const OPTIONS: &'static [OptionSpec];

    /// Takes its options from what was given and already checked.
    fn read(given: &mut Given) -> Result<Self, ReadError>;

    /// The options that are filled in.
    fn write(&self) -> Vec<(&'static str, Raw)>;
}

/// A command that only holds subcommands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Its name, without the slash.
    pub(crate) name: &'static str,
    /// What its subcommands are about, in at most 100 characters.
    pub(crate) about: &'static str,
}

/// One line of the roster.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) group: Option<&'static Group>,
    pub(crate) about: &'static str,
    pub(crate) permission: Option<Permission>,
    pub(crate) options: &'static [OptionSpec],
    pub(crate) read: fn(&mut Given) -> Result<Command, ReadError>,
}

impl Entry {
    /// The last word of the name: what Discord calls the command or subcommand.
    pub(crate) fn leaf(&self) -> &'static str {
        self.name.rsplit([' ', '/']).next().unwrap_or(self.name)
    }
}

/// One option of a command.
#[derive(Debug)]
pub(crate) struct OptionSpec {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) need: Need,
    pub(crate) shape: Shape,
}

/// Whether an option must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// What an option takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// One line of at most `max` characters.
    Text { max: u16, blank: Blank, completes: Option<CompletedOption> },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number between the two, both included.
    Number { min: i64, max: i64 },
    /// A member of the guild.
    User,
}

/// Whether a text may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blank {
    /// It says nothing and is refused.
    Refused,
    /// It empties a field.
    Clears,
}

/// One line of at most `max` characters, not empty.
pub(crate) const fn text(max: u16) -> Shape {
    Shape::Text { max, blank: Blank::Refused, completes: None }
}

/// One line of at most `max` characters; an empty one empties the field.
pub(crate) const fn clearable(max: u16) -> Shape {
    Shape::Text { max, blank: Blank::Clears, completes: None }
}

/// One line of at most `max` characters, with suggestions while it is typed.
pub(crate) const fn completed(max: u16, what: CompletedOption) -> Shape {
    Shape::Text { max, blank: Blank::Refused, completes: Some(what) }
}

/// A whole number from `min` to `max`.
pub(crate) const fn number(min: i64, max: i64) -> Shape {
    Shape::Number { min, max }
}

/// An option's value, as Discord sends it, after it was checked against its [`Shape`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Raw {
    Text(String),
    Number(i64),
    User(UserId),
}

/// What can stand in a command's field.
pub(crate) trait Value: Sized {
    const NEED: Need;

    /// `None`: that is not what the option's shape promised.
    fn from_raw(raw: Option<Raw>) -> Option<Self>;

    /// `None`: not filled in.
    fn to_raw(&self) -> Option<Raw>;

    fn is_absent(&self) -> bool {
        self.to_raw().is_none()
    }
}

/// What can stand in an option.
pub(crate) trait Single: Sized {
    fn from_one(raw: Raw) -> Option<Self>;
    fn to_one(&self) -> Raw;
}

impl<T: Single> Value for T {
    const NEED: Need = Need::Required;

    fn from_raw(raw: Option<Raw>) -> Option<Self> {
        raw.and_then(T::from_one)
    }

    fn to_raw(&self) -> Option<Raw> {
        Some(self.to_one())
    }
}

impl<T: Single> Value for Option<T> {
    const NEED: Need = Need::Optional;

    fn from_raw(raw: Option<Raw>) -> Option<Self> {
        match raw {
            None => Some(None),
            Some(raw) => T::from_one(raw).map(Some),
        }
    }

    fn to_raw(&self) -> Option<Raw> {
        self.as_ref().map(T::to_one)
    }
}

impl Single for String {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::Text(text) = raw { Some(text) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.clone())
    }
}

impl Single for AgentText {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).map(Self)
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.0.clone())
    }
}

impl Single for StateFilter {
    fn from_one(raw: Raw) -> Option<Self> {
        String::from_one(raw).and_then(|word| Self::from_word(&word))
    }

    fn to_one(&self) -> Raw {
        Raw::Text(self.word().to_owned())
    }
}

impl Single for i64 {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::Number(number) = raw { Some(number) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::Number(*self)
    }
}

impl Single for UserId {
    fn from_one(raw: Raw) -> Option<Self> {
        if let Raw::User(user) = raw { Some(user) } else { None }
    }

    fn to_one(&self) -> Raw {
        Raw::User(*self)
    }
}
