//! From the environment to everything the bot needs to start, or to all that is wrong.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rollcall_telephony::settings::Secrets;
use rollcall_telephony::systems::{ROSTER, System};
use rollcall_telephony::{Clock, Connected, ConnectionName};
use secrecy::ExposeSecret;
use toml::de::DeTable;

use super::connections::{Placed, Soundness};
use super::environment::{Environment, ROLLCALL_CONFIG};
use super::problem::{Place, Problem, Problems};
use super::reader::{Form, Reader, Section, line_and_column};
use super::{Config, DiscordAccess, StoreAccess, account};

/// Everything the bot needs to start.
pub struct Loaded {
    /// The TOML file.
    pub config: Config,
    /// How Discord is reached.
    pub discord: DiscordAccess,
    /// Where the store is.
    pub store: StoreAccess,
    /// The secrets that the TOML file names, by variable.
    pub secrets: Secrets,
    /// The phone systems, made but not asked yet: one for each of [`Config::in_use`], in its order.
    pub connected: Vec<(ConnectionName, Connected)>,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Reads the variables, the TOML file and the secrets it names, and makes the connections. Asks nobody on the network.
///
/// # Errors
/// [`Problems`]: everything that is wrong, at once.
pub fn load(environment: &Environment, clock: &Arc<dyn Clock>) -> Result<Loaded, Problems> {
    load_with(environment, clock, ROSTER)
}

/// Reads only what concerns the store, for `rollcall audit`, which needs neither Discord nor the TOML file.
///
/// # Errors
/// [`Problems`]: everything that is wrong, at once.
pub fn load_store(environment: &Environment) -> Result<StoreAccess, Problems> {
    let mut problems = Vec::new();
    account::log(environment, &mut problems);
    let store = account::store(environment, &mut problems);
    Problems::check(problems, store)
}

pub(super) fn load_with(
    environment: &Environment,
    clock: &Arc<dyn Clock>,
    roster: &'static [System],
) -> Result<Loaded, Problems> {
    let mut problems = Vec::new();
    let discord = account::discord(environment, &mut problems);
    let store = account::store(environment, &mut problems);
    account::log(environment, &mut problems);
    let path = environment.known(ROLLCALL_CONFIG, &mut problems).map(|path| PathBuf::from(path.expose_secret()));
    let read = path.and_then(|path| read(&path, environment, clock, roster, &mut problems));
    let loaded = match (discord, store, read) {
        (Some(discord), Some(store), Some((config, secrets, connected))) => {
            Some(Loaded { config, discord, store, secrets, connected })
        }
        _ => None,
    };
    Problems::check(problems, loaded)
}

type Read = (Config, Secrets, Vec<(ConnectionName, Connected)>);

fn read(
    path: &Path,
    environment: &Environment,
    clock: &Arc<dyn Clock>,
    roster: &'static [System],
    problems: &mut Vec<Problem>,
) -> Option<Read> {
    let file = path.display().to_string();
    let source = match std::fs::read_to_string(path) {
        Ok(source) => source,
        Err(error) => {
            let text = match error.kind() {
                std::io::ErrorKind::NotFound => {
                    "there is no such file; copy rollcall.example.toml there, or name another by ROLLCALL_CONFIG".into()
                }
                std::io::ErrorKind::InvalidData => "it is not text in UTF-8".into(),
                _ => format!("it cannot be read: {error}"),
            };
            problems.push(Problem::new(Place::File(file), text));
            return None;
        }
    };
    let (table, torn) = DeTable::parse_recoverable(&source);
    for error in &torn {
        let (line, column) = line_and_column(&source, error.span().map_or(0, |span| span.start));
        // The parser's message alone: its longer form quotes the line, which may hold a secret.
        let text = format!("this is no TOML: {}", error.message().lines().collect::<Vec<_>>().join(", "));
        problems.push(Problem::new(Place::Line { file: file.clone(), line, column, key: String::new() }, text));
    }
    let form = if torn.is_empty() { Form::Whole } else { Form::Torn };
    let mut reader = Reader::new(&file, &source, form, environment);
    let root = Section::root(&table);
    let (config, placed) = reader.config(path, root, roster);
    let connected = connect(&mut reader, &placed, clock);
    problems.append(&mut reader.problems);
    config.map(|config| (config, reader.secrets, connected))
}

/// Makes each connection whose table is sound: what a phone system finds wrong itself belongs to the same list.
fn connect(reader: &mut Reader<'_>, placed: &[Placed], clock: &Arc<dyn Clock>) -> Vec<(ConnectionName, Connected)> {
    let mut connected = Vec::new();
    for Placed { settings, span, soundness } in placed {
        let Some(connect) = settings.system.connect.filter(|_| *soundness == Soundness::Sound) else { continue };
        match connect(settings.name.clone(), &settings.table, &reader.secrets, Arc::clone(clock)) {
            Ok(connection) => connected.push((settings.name.clone(), connection)),
            Err(wrong) => {
                for text in wrong {
                    reader.wrong(span, &format!("connection {}", settings.name), text);
                }
            }
        }
    }
    connected
}
