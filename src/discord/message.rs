//! A message within Discord's limits, with every mention closed.

use serde_json::{Value, json};
use serenity::builder::{CreateActionRow, CreateButton, CreateSelectMenu};
use serenity::model::id::{MessageId, RoleId};

use super::text::cut;

/// Discord's limits, in UTF-16 units or pieces (Discord, "Message Resource", "Embed Limits").
const CONTENT_MAX: usize = 2000;
const TITLE_MAX: usize = 256;
const DESCRIPTION_MAX: usize = 4096;
const FIELDS_MAX: usize = 25;
const FIELD_NAME_MAX: usize = 256;
pub(crate) const FIELD_VALUE_MAX: usize = 1024;
const FOOTER_MAX: usize = 2048;
/// A line of a field: one long line must not push out all others.
const LINE_MAX: usize = 900;
/// All of an embed's text together.
const EMBED_MAX: usize = 6000;
/// Buttons in a row.
pub(crate) const ROW_MAX: usize = 5;
/// Rows in a message.
const ROWS_MAX: usize = 5;
/// A button's label.
pub(crate) const LABEL_MAX: usize = 80;

/// What a message's colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something to read.
    Plain,
    /// Something to decide.
    Question,
    /// It was done.
    Good,
    /// It was not done, or needs care.
    Bad,
}

impl Tone {
    const fn colour(self) -> u32 {
        match self {
            Self::Plain => 0x0058_65F2,
            Self::Question => 0x00F0_B232,
            Self::Good => 0x0023_A55A,
            Self::Bad => 0x00DA_373C,
        }
    }
}

/// A message. Texts given to it are markdown: what comes from people or phone systems goes through
/// [`super::text::escaped`] first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    content: String,
    embed: Option<Embed>,
    rows: Vec<CreateActionRow>,
    pings: Vec<RoleId>,
    answers: Option<MessageId>,
}

/// The card of a message.
#[derive(Debug, Clone)]
struct Embed {
    title: String,
    tone: Tone,
    description: String,
    fields: Vec<(String, String)>,
    footer: String,
}

impl Message {
    /// A message of one text.
    #[must_use]
    pub(crate) fn text(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A message with a card.
    #[must_use]
    pub(crate) fn card(tone: Tone, title: impl Into<String>) -> Self {
        let embed =
            Embed { title: title.into(), tone, description: String::new(), fields: Vec::new(), footer: String::new() };
        Self { embed: Some(embed), ..Self::default() }
    }

    /// Adds a paragraph to the card.
    #[must_use]
    pub(crate) fn says(mut self, paragraph: impl AsRef<str>) -> Self {
        if paragraph.as_ref().is_empty() {
            return self;
        }
        match &mut self.embed {
            Some(embed) => push_paragraph(&mut embed.description, paragraph.as_ref()),
            None => push_paragraph(&mut self.content, paragraph.as_ref()),
        }
        self
    }

    /// Adds a titled part to the card.
    #[must_use]
    pub(crate) fn part(mut self, title: impl Into<String>, lines: &[String]) -> Self {
        if let (Some(embed), false) = (&mut self.embed, lines.is_empty()) {
            embed.fields.push((title.into(), whole_lines(lines)));
        }
        self
    }

    /// Adds a titled part that is written already, within [`FIELD_VALUE_MAX`].
    #[must_use]
    pub(crate) fn field(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        if let Some(embed) = &mut self.embed {
            embed.fields.push((title.into(), text.into()));
        }
        self
    }

    /// How many UTF-16 units fit into the card beside what it holds.
    #[must_use]
    pub(crate) fn room(&self) -> usize {
        let Some(embed) = &self.embed else { return 0 };
        let units = |text: &str, max: usize| text.encode_utf16().count().min(max);
        let fields =
            embed.fields.iter().map(|(name, value)| units(name, FIELD_NAME_MAX) + units(value, FIELD_VALUE_MAX));
        let held = units(&embed.title, TITLE_MAX)
            + units(&embed.description, DESCRIPTION_MAX)
            + units(&embed.footer, FOOTER_MAX)
            + fields.sum::<usize>();
        EMBED_MAX.saturating_sub(held)
    }

    /// Sets the small print.
    #[must_use]
    pub(crate) fn footer(mut self, footer: impl Into<String>) -> Self {
        if let Some(embed) = &mut self.embed {
            embed.footer = footer.into();
        }
        self
    }

    /// Adds buttons, as many rows as they need.
    #[must_use]
    pub(crate) fn buttons(mut self, buttons: &[CreateButton]) -> Self {
        for row in buttons.chunks(ROW_MAX) {
            if self.rows.len() < ROWS_MAX {
                self.rows.push(CreateActionRow::Buttons(row.to_vec()));
            }
        }
        self
    }

    /// Adds a select menu.
    #[must_use]
    pub(crate) fn menu(mut self, menu: CreateSelectMenu) -> Self {
        if self.rows.len() < ROWS_MAX {
            self.rows.push(CreateActionRow::SelectMenu(menu));
        }
        self
    }

    /// Pings these roles, and nobody else; only for cards (rule 7 of the design).
    #[must_use]
    pub(crate) fn pinging(mut self, roles: &[RoleId]) -> Self {
        self.pings = roles.to_vec();
        // Discord pings whom the text mentions, not whom a card does.
        let mentions: Vec<String> = roles.iter().map(|role| format!("<@&{role}>")).collect();
        self.content =
            [mentions.join(" "), self.content].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        self
    }

    /// Stands as an answer under another message of the same channel, if that is still there.
    #[must_use]
    pub(crate) const fn answering(mut self, message: MessageId) -> Self {
        self.answers = Some(message);
        self
    }

    /// As Discord takes it, within its limits. Everything is named, so that an edit leaves nothing of what stood there.
    #[must_use]
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "content": cut(&self.content, CONTENT_MAX),
            "embeds": self.embed.iter().map(Embed::to_json).collect::<Vec<_>>(),
            "components": self.rows,
            "allowed_mentions": { "parse": [] },
        })
    }

    /// The same, only for the person who asked.
    #[must_use]
    pub(crate) fn to_ephemeral(&self) -> Value {
        let mut body = self.to_json();
        body["flags"] = json!(64);
        body
    }

    /// The same, with a nonce that Discord enforces: sent twice, it is there once.
    #[must_use]
    pub(crate) fn to_json_once(&self, nonce: &str) -> Value {
        let mut body = self.to_json();
        body["nonce"] = json!(nonce);
        body["enforce_nonce"] = json!(true);
        // Only a message that is posted can ping and answer; an edit does neither.
        if !self.pings.is_empty() {
            body["allowed_mentions"]["roles"] = json!(self.pings);
        }
        if let Some(message) = self.answers {
            body["message_reference"] = json!({ "message_id": message, "fail_if_not_exists": false });
        }
        body
    }
}

impl Embed {
    fn to_json(&self) -> Value {
        let mut left = EMBED_MAX;
        let mut take = |text: &str, max: usize| {
            let text = cut(text, max.min(left));
            left -= text.encode_utf16().count();
            text
        };
        let title = take(&self.title, TITLE_MAX);
        let footer = take(&self.footer, FOOTER_MAX);
        let description = take(&self.description, DESCRIPTION_MAX);
        let mut fields = Vec::new();
        for (name, value) in self.fields.iter().take(FIELDS_MAX) {
            let (name, value) = (take(name, FIELD_NAME_MAX), take(value, FIELD_VALUE_MAX));
            // A field with an empty half is refused; when the card is full the rest stays out.
            if name.is_empty() || value.is_empty() {
                break;
            }
            fields.push(json!({ "name": name, "value": value, "inline": false }));
        }
        let mut embed = json!({ "color": self.tone.colour(), "title": title, "fields": fields });
        if !description.is_empty() {
            embed["description"] = json!(description);
        }
        if !footer.is_empty() {
            embed["footer"] = json!({ "text": footer });
        }
        embed
    }
}

fn push_paragraph(text: &mut String, paragraph: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(paragraph);
}

/// As many whole lines as fit into a field, and how many more there are.
fn whole_lines(lines: &[String]) -> String {
    let mut text = String::new();
    let mut units = 0;
    for (i, line) in lines.iter().enumerate() {
        let line = cut(line, LINE_MAX);
        let more = format!("… and {} more", lines.len() - i);
        if units + line.encode_utf16().count() + 1 + more.len() + 1 > FIELD_VALUE_MAX {
            push_paragraph(&mut text, &more);
            return text;
        }
        units += line.encode_utf16().count() + 1;
        push_paragraph(&mut text, &line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_discords_limits_whatever_is_put_in() {
        let long = "x".repeat(10_000);
        let mut message = Message::card(Tone::Plain, &long).says(&long).footer(&long);
        for _ in 0..40 {
            message = message.part(&long, &vec![long.clone(); 50]);
        }
        let body = message.to_json();
        let embed = &body["embeds"][0];
        let length = |v: &Value| v.as_str().map_or(0, |text| text.encode_utf16().count());
        let fields = embed["fields"].as_array().unwrap();
        let total = length(&embed["title"])
            + length(&embed["description"])
            + length(&embed["footer"]["text"])
            + fields.iter().map(|f| length(&f["name"]) + length(&f["value"])).sum::<usize>();
        assert!(fields.len() <= FIELDS_MAX);
        assert!(total <= EMBED_MAX, "{total}");
    }

    #[test]
    fn lines_that_do_not_fit_are_counted() {
        let lines = vec!["y".repeat(100); 30];
        let text = whole_lines(&lines);
        assert!(text.encode_utf16().count() <= FIELD_VALUE_MAX);
        assert!(text.ends_with("more"), "{text}");
    }

    #[test]
    fn mentions_are_closed() {
        assert_eq!(Message::text("@everyone").to_json()["allowed_mentions"], json!({ "parse": [] }));
    }
}
