//! Files that people attach: what lies at hand, what was uploaded, its signed address and its JSON.
//! See [Discord Docs/Attachment Object] and [Discord Docs/Signed Attachment CDN URLs]. Who fetches one is answered in
//! `rest/files.rs`.

use super::{
    ids::{AttachmentId, ChannelId, UserId, made_at},
    state::State,
};
use rand::Rng as _;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// Bytes that a person may upload with an interaction; Discord's default.
pub(crate) const LARGEST: usize = 10 * 1024 * 1024;

/// How long an address works, as Discord's do.
const LINK_LIFE: Duration = Duration::from_hours(24);

/// Where on the content host the files of commands lie.
pub(crate) const FOLDER: &str = "/attachments/";

/// What goes wrong when an attached file is fetched. Its announcement in the interaction is right; see
/// [`crate::Person::forges_file`] for those that are not.
#[derive(Clone, Debug)]
pub enum FileFault {
    /// Other bytes come than were announced.
    OtherBytes(Vec<u8>),
    /// So many bytes come after those that were announced, and no `Content-Length` warns of them.
    MoreBytes(u64),
    /// Nothing comes for this long, then all is as usual.
    Slow(Duration),
    /// Another place is named, with 302.
    Redirected(String),
    /// The file is gone: 404, as after its time.
    Gone,
    /// Half of it comes, then the connection is cut.
    HalfThenCut,
}

/// A file beside the person's keyboard.
#[derive(Clone, Debug)]
pub(crate) struct AtHand {
    pub(crate) bytes: Vec<u8>,
    /// Members of the attachment object that are put in place of the true ones.
    pub(crate) forged: Value,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: AttachmentId,
    pub(crate) bytes: Vec<u8>,
    pub(crate) filename: String,
    /// What it was called before Discord made a plain name of it, without the ending; `None` if that is the same.
    title: Option<String>,
    channel: ChannelId,
    /// `ex`, `is` and `hm`: until when, since when, and the mark that nobody can make up.
    query: [(&'static str, String); 3],
    expires: time::OffsetDateTime,
    forged: Value,
}

/// All files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) at_hand: BTreeMap<(UserId, String), AtHand>,
    pub(crate) uploaded: BTreeMap<AttachmentId, File>,
    /// How often which fault is still to happen.
    pub(crate) faults: Vec<(u32, FileFault)>,
}

impl Files {
    /// The fault that this fetch meets, used up once.
    pub(crate) fn fault(&mut self) -> Option<FileFault> {
        let (times, fault) = self.faults.first_mut()?;
        let happens = fault.clone();
        *times -= 1;
        if *times == 0 {
            self.faults.remove(0);
        }
        Some(happens)
    }

    /// The file with this path and this query; `None` unless each part is as it was signed and the time is not over.
    pub(crate) fn signed(&self, path: &str, query: &BTreeMap<String, String>) -> Option<&File> {
        let id = path.strip_prefix(FOLDER)?.split('/').nth(1)?.parse().ok()?;
        let file = self.uploaded.get(&id)?;
        let carries = file.query.iter().all(|(name, value)| query.get(*name) == Some(value));
        (file.path() == path && carries && file.expires > time::OffsetDateTime::now_utc()).then_some(file)
    }

    /// Whether a file lies at this path whose time is over.
    pub(crate) fn expired(&self, path: &str) -> bool {
        let now = time::OffsetDateTime::now_utc();
        self.uploaded.values().any(|file| file.expires <= now && file.path() == path)
    }

    /// Makes all addresses so far worth nothing, as a day does.
    pub(crate) fn expire(&mut self) {
        self.uploaded.values_mut().for_each(|file| file.expires = time::OffsetDateTime::UNIX_EPOCH);
    }
}

impl File {
    /// Uploads what somebody has at hand under this name, into this channel; nothing if there is no such file.
    pub(crate) fn upload(state: &mut State, from: UserId, name: &str, channel: ChannelId) -> Option<Self> {
        let AtHand { bytes, forged } = state.files.at_hand.get(&(from, name.to_owned()))?.clone();
        let id = AttachmentId(state.mint.next());
        let issued = made_at(id.0);
        let expires = issued + LINK_LIFE;
        let seconds = |at: time::OffsetDateTime| format!("{:x}", at.unix_timestamp());
        let [high, low] = rand::rng().random::<[u128; 2]>();
        let mark = format!("{high:032x}{low:032x}");
        let query = [("ex", seconds(expires)), ("is", seconds(issued)), ("hm", mark)];
        let filename = plain(name);
        let title = (filename != name).then(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned());
        Some(Self { id, bytes, filename, title, channel, query, expires, forged })
    }

    fn path(&self) -> String {
        format!("{FOLDER}{}/{}/{}", self.channel, self.id, self.filename)
    }

    /// Where it can be fetched. The last `&` is Discord's own.
    fn url(&self, origin: &str) -> String {
        let [(ex, until), (is, since), (hm, mark)] = &self.query;
        format!("{origin}{}?{ex}={until}&{is}={since}&{hm}={mark}&", self.path())
    }

    /// Discord's guess by the name's ending; none for what it does not know.
    pub(crate) fn content_type(&self) -> Option<&'static str> {
        let (_, ending) = self.filename.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some("text/csv; charset=utf-8"),
            "txt" => Some("text/plain; charset=utf-8"),
            "json" => Some("application/json; charset=utf-8"),
            "zip" => Some("application/zip"),
            "xlsx" => Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            _ => None,
        }
    }

    /// The attachment object, with every documented member that a file has that is neither picture nor sound.
    pub(crate) fn json(&self, origin: &str) -> Value {
        let url = self.url(origin);
        let mut value = json!({
            "id": self.id,
            "filename": self.filename,
            "size": self.bytes.len(),
            "url": url,
            "proxy_url": url,
            "ephemeral": true,
        });
        if let Some(kind) = self.content_type() {
            value["content_type"] = json!(kind);
        }
        if let Some(title) = &self.title {
            value["title"] = json!(title);
        }
        for (name, forged) in self.forged.as_object().into_iter().flatten() {
            value[name] = forged.clone();
        }
        value
    }
}

/// A name as Discord keeps it: blanks become `_`, and of the rest only what needs no escape stays.
fn plain(name: &str) -> String {
    let kept = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let plain: String =
        name.chars().map(|it| if it.is_whitespace() { '_' } else { it }).filter(|it| kept(*it)).collect();
    match plain.trim_start_matches('.') {
        "" => "unknown".to_owned(),
        named if plain.starts_with('.') => format!("unknown.{named}"),
        named => named.to_owned(),
    }
}
