//! Discord's markdown as a person sees it in a terminal: escapes and stars gone, mentions as names, times in words.
//! Spoilers and code keep their marks; what stands in code is left as it is.

use crate::discord::{
    ids::{ChannelId, RoleId, UserId},
    state::{Channel, State},
};

/// Units of time with their length in seconds and what one of them is called, longest first.
const UNITS: [(i64, &str, &str); 6] = [
    (31_536_000, "year", "a year"),
    (2_592_000, "month", "a month"),
    (86_400, "day", "a day"),
    (3_600, "hour", "an hour"),
    (60, "minute", "a minute"),
    (1, "second", "a second"),
];

/// Shows `text` at the Unix time `now`.
pub(crate) fn shown(text: &str, state: &State, now: i64) -> String {
    let mut out = String::new();
    let mut rest = text;
    // Marks whose partner is still to come.
    let mut open: Vec<&str> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let taken = if first == '\\' {
            escape(rest, &mut out)
        } else if let Some(code) = code(rest) {
            out.push_str(code);
            code.len()
        } else if let Some((token, inner)) = bracketed(rest)
            && let Some(words) = words(inner, state, now)
        {
            out.push_str(&words);
            token.len()
        } else if let Some(mark) = ["**", "__", "~~"].into_iter().find(|mark| rest.starts_with(mark)) {
            if open.last() == Some(&mark) {
                open.pop();
            } else if rest[mark.len()..].contains(mark) {
                open.push(mark);
            } else {
                out.push_str(mark);
            }
            mark.len()
        } else {
            out.push(first);
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

/// A backslash hides itself before punctuation, and stands for itself elsewhere.
fn escape(rest: &str, out: &mut String) -> usize {
    if let Some(next) = rest.chars().nth(1).filter(char::is_ascii_punctuation) {
        out.push(next);
        2
    } else {
        out.push('\\');
        1
    }
}

/// A code block or a piece of code at the start of `rest`, marks included.
fn code(rest: &str) -> Option<&str> {
    let mark = ["```", "`"].into_iter().find(|mark| rest.starts_with(mark))?;
    let end = rest[mark.len()..].find(mark)?;
    rest.get(..end + 2 * mark.len())
}

/// `<…>` at the start of `rest`: all of it, and what stands inside.
fn bracketed(rest: &str) -> Option<(&str, &str)> {
    let inner = rest.strip_prefix('<')?;
    let inner = &inner[..inner.find('>')?];
    Some((rest.get(..inner.len() + 2)?, inner))
}

/// What a mention or a time reads as; none if it is neither.
fn words(inner: &str, state: &State, now: i64) -> Option<String> {
    if let Some(id) = inner.strip_prefix("@&") {
        let id = RoleId(id.parse().ok()?);
        let name = state.roles.iter().find(|role| role.id == id).map(|role| role.name.as_str());
        return Some(format!("@{}", name.unwrap_or("unknown-role")));
    }
    if let Some(id) = inner.strip_prefix("@!").or_else(|| inner.strip_prefix('@')) {
        let id = UserId(id.parse().ok()?);
        return Some(format!("@{}", state.accounts.get(&id).map_or("unknown-user", |it| it.display_name.as_str())));
    }
    if let Some(id) = inner.strip_prefix('#') {
        return Some(match state.channels.get(&ChannelId(id.parse().ok()?)) {
            Some(Channel::Text { name, .. }) => format!("#{name}"),
            Some(Channel::Direct { .. }) | None => "#unknown".to_owned(),
        });
    }
    let (at, style) = inner.strip_prefix("t:")?.split_once(':')?;
    let at: i64 = at.parse().ok()?;
    let time = time::OffsetDateTime::from_unix_timestamp(at).ok()?;
    let clock = format!("{:02}:{:02} UTC", time.hour(), time.minute());
    match style {
        "R" => Some(relative(at - now)),
        "t" => Some(clock),
        "f" => Some(format!("{} {} {} {clock}", time.day(), time.month(), time.year())),
        _ => None,
    }
}

/// "in 10 minutes", "an hour ago".
fn relative(seconds: i64) -> String {
    let size = seconds.abs();
    // Half a unit more is rounded up, so that what is due in 59:59 minutes reads "in an hour".
    let unit = UNITS.into_iter().find(|(length, ..)| size + (length / 60).min(1_800) >= *length);
    let Some((length, many, one)) = unit else { return "now".to_owned() };
    let count = (size + length / 2) / length;
    let amount = if count <= 1 { one.to_owned() } else { format!("{count} {many}s") };
    if seconds < 0 { format!("{amount} ago") } else { format!("in {amount}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, guild};

    fn shows(text: &str) -> String {
        let mut state = guild::empty(&Options::default());
        let role = guild::add_role(&mut state, "Support lead");
        let person = guild::add_person(&mut state, "Olha **Koval**", &[role]);
        let channel = guild::add_channel(&mut state, "log");
        let text = text.replace("PERSON", &person.to_string()).replace("ROLE", &role.to_string());
        shown(&text.replace("CHANNEL", &channel.to_string()), &state, 1_000_000)
    }

    #[test]
    fn marks_go_and_what_was_escaped_stays() {
        assert_eq!(shows(r"**ivan.ivanov** \*is\* __here__ 2 ** 3"), "ivan.ivanov *is* here 2 ** 3");
        assert_eq!(shows(r"a\b \\ \<@1\>"), r"a\b \ <@1>");
    }

    #[test]
    fn mentions_are_names() {
        assert_eq!(
            shows("<@PERSON> and <@!PERSON> of <@&ROLE> in <#CHANNEL>"),
            "@Olha **Koval** and @Olha **Koval** of @Support lead in #log"
        );
        assert_eq!(shows("<@1> <@&1> <x> < 3"), "@unknown-user @unknown-role <x> < 3");
    }

    #[test]
    fn times_are_words() {
        assert_eq!(
            shows("<t:1000600:R>, <t:999999:R>, <t:1086399:R>, <t:1003599:R>"),
            "in 10 minutes, a second ago, in a day, in an hour"
        );
        assert_eq!(
            shows("<t:1000000:R> <t:1007200:R> <t:1000000:t> <t:1000000:f>"),
            "now in 2 hours 13:46 UTC 12 January 1970 13:46 UTC"
        );
    }

    #[test]
    fn spoilers_and_code_keep_their_marks_and_their_text() {
        assert_eq!(shows("||```\n**<@1>\\_\n```|| `**x**`"), "||```\n**<@1>\\_\n```|| `**x**`");
    }
}
