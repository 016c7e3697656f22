//! One documented struct, four outputs: `surface!` turns it into the definition that is registered, the reader, the
//! stored shape, and the writer that tests use to type commands.
//!
//! What a definition becomes on the wire is in `definitions.rs`; how hostile options are refused is in `reading.rs`.

mod shape;
mod value;

pub(crate) use shape::{Blank, Need, OptionSpec, Shape, clearable, clearable_completed, completed, number, text};
pub(crate) use value::{Raw, Value, typed};

use crate::reading::{Given, ReadError};
use crate::{Command, Permission};

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
