//! One immutable list of agents, laid out for searching: sorted logins, sorted words and one contiguous text.
//!
//! It never changes once built; what changed since lies beside it in [`list`](super::list). A rank is an agent's
//! place in the order of logins, so hits of one tier come out sorted by walking ranks.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use memchr::memmem;
use rollcall_telephony::{Agent, AgentId};

use super::fold::{fold, word_places, words};
use super::marks::Marks;

/// How well an agent fits; better ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The login begins with what was typed.
    Login,
    /// A word of the surname does.
    Surname,
    /// Another word of the login or the name does.
    Word,
    /// It stands somewhere within.
    Within,
}

/// What was typed, folded once.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) text: String,
    words: Vec<String>,
}

impl Query {
    pub(super) fn new(typed: &str) -> Self {
        let text = fold(typed);
        let mut words: Vec<String> = words(&text).map(str::to_owned).collect();
        // Longest first: the word that finds the fewest, and the order in which [`fits_words`] hands words out.
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Self { text, words }
    }
}

/// A word and whose it is.
#[derive(Debug)]
struct Word {
    at: Range<usize>,
    rank: usize,
}

/// Lines of text with the rank each belongs to.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    starts: Vec<(usize, usize)>,
}

impl Lines {
    fn push(&mut self, rank: usize, line: &str) -> Range<usize> {
        let start = self.text.len();
        self.starts.push((start, rank));
        self.text.push_str(line);
        self.text.push('\n');
        start..start + line.len()
    }

    /// The ranks of the lines that hold `needle`, each once, in order; found one by one, as they are asked for.
    fn holding<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
        let finder = memmem::Finder::new(needle);
        let mut from = 0;
        std::iter::from_fn(move || {
            let hit = from + finder.find(self.text.as_bytes().get(from..)?)?;
            let line = self.starts.partition_point(|(start, _)| *start <= hit) - 1;
            from = self.starts.get(line + 1).map_or(self.text.len(), |(next, _)| *next);
            Some(self.starts[line].1)
        })
    }
}

/// A list of agents, ready to be searched.
#[derive(Debug, Default)]
pub(super) struct Index {
    agents: Vec<Arc<Agent>>,
    /// Each agent's line in `text`.
    lines: Vec<Range<usize>>,
    /// How long the login is that the line begins with.
    logins: Vec<usize>,
    /// `login \x1f name`, an e-mail's domain left out.
    text: Lines,
    /// Whole e-mails; looked through only for what has an `@`.
    mails: Lines,
    /// Words of the login's part after its first dot, sorted.
    surnames: Vec<Word>,
    /// Every word of login and name, sorted.
    words: Vec<Word>,
    by_id: HashMap<AgentId, usize>,
    /// By login in lower case.
    by_login: HashMap<String, Vec<usize>>,
}

impl Index {
    /// Lays out a list. Where an id stands twice, the later one counts.
    pub(super) fn new(agents: impl IntoIterator<Item = Arc<Agent>>) -> Self {
        let unique: HashMap<AgentId, Arc<Agent>> = agents.into_iter().map(|a| (a.id.clone(), a)).collect();
        let mut sorted: Vec<(String, Arc<Agent>)> = unique.into_values().map(|a| (fold(&a.login), a)).collect();
        sorted.sort_unstable_by(|(a, x), (b, y)| {
            a.cmp(b).then_with(|| x.login.cmp(&y.login)).then_with(|| x.id.cmp(&y.id))
        });
        let mut index = Self::default();
        for (rank, (login, agent)) in sorted.into_iter().enumerate() {
            index.push(rank, &login, agent);
        }
        let text = &index.text.text;
        let order = |a: &Word, b: &Word| text[a.at.clone()].cmp(&text[b.at.clone()]).then_with(|| a.rank.cmp(&b.rank));
        index.surnames.sort_unstable_by(order);
        index.words.sort_unstable_by(order);
        index
    }

    fn push(&mut self, rank: usize, login: &str, agent: Arc<Agent>) {
        let name = fold(&agent.name);
        let person = match mail_local_part(&name) {
            Some(local) => {
                self.mails.push(rank, &name);
                local
            }
            None => &name,
        };
        let line = if person == login || person.is_empty() {
            self.text.push(rank, login)
        } else {
            self.text.push(rank, &format!("{login}\x1f{person}"))
        };
        let surname = surname_start(login).map_or(0..0, |start| start..login.len());
        for place in word_places(&self.text.text[line.clone()]) {
            let at = line.start + place.start..line.start + place.end;
            if surname.contains(&place.start) {
                self.surnames.push(Word { at: at.clone(), rank });
            }
            self.words.push(Word { at, rank });
        }
        self.by_id.insert(agent.id.clone(), rank);
        self.by_login.entry(agent.login.to_lowercase()).or_default().push(rank);
        self.lines.push(line);
        self.logins.push(login.len());
        self.agents.push(agent);
    }

    pub(super) fn len(&self) -> usize {
        self.agents.len()
    }

    pub(super) fn agents(&self) -> &[Arc<Agent>] {
        &self.agents
    }

    pub(super) fn rank_of(&self, id: &AgentId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Who has this login, blind to case.
    pub(super) fn with_login(&self, login: &str) -> &[usize] {
        self.by_login.get(&login.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// An agent's login, folded.
    pub(super) fn login(&self, rank: usize) -> &str {
        let start = self.lines[rank].start;
        &self.text.text[start..start + self.logins[rank]]
    }

    /// How many surnames in logins are exactly this word.
    pub(super) fn surnames_like(&self, word: &str) -> usize {
        self.starting(&self.surnames, word).iter().take_while(|w| self.word(w) == word).count()
    }

    /// The logins that begin with this text.
    pub(super) fn logins_like(&self, prefix: &str) -> Range<usize> {
        // A line sorts as its login does: \x1f is smaller than anything that stands in a folded text.
        let line = |line: &Range<usize>| &self.text.text[line.clone()];
        let from = self.lines.partition_point(|l| line(l) < prefix);
        from..from + self.lines[from..].partition_point(|l| line(l).starts_with(prefix))
    }

    fn word(&self, word: &Word) -> &str {
        &self.text.text[word.at.clone()]
    }

    /// The best `limit` agents for a query, best first; those in `hidden` do not count, nor those not `wanted`.
    pub(super) fn find(
        &self,
        query: &Query,
        hidden: &Marks,
        wanted: impl Fn(&Agent) -> bool,
        limit: usize,
    ) -> Vec<(Tier, usize)> {
        let mut found = Found { index: self, seen: hidden.clone(), wanted, limit, hits: Vec::new() };
        if limit > 0 {
            // Breaking off means that the hits are full: there is nothing more to do either way.
            let _ = self.collect(query, &mut found);
        }
        found.hits
    }

    fn collect<W: Fn(&Agent) -> bool>(&self, query: &Query, found: &mut Found<'_, W>) -> ControlFlow<()> {
        for rank in self.logins_like(&query.text) {
            found.take(Tier::Login, rank)?;
        }
        match query.words.as_slice() {
            [] => {}
            [word] => {
                for (tier, words) in [(Tier::Surname, &self.surnames), (Tier::Word, &self.words)] {
                    for rank in self.ranks_starting(words, word).iter() {
                        found.take(tier, rank)?;
                    }
                }
            }
            [longest, ..] => {
                let mut others = Vec::new();
                for rank in self.ranks_starting(&self.words, longest).iter() {
                    match self.fits_words(rank, &query.words) {
                        Some(Tier::Surname) => found.take(Tier::Surname, rank)?,
                        Some(Tier::Login | Tier::Word | Tier::Within) => others.push(rank),
                        None => {}
                    }
                }
                for rank in others {
                    found.take(Tier::Word, rank)?;
                }
            }
        }
        if query.text.is_empty() {
            return ControlFlow::Continue(());
        }
        let mut text = self.text.holding(&query.text).peekable();
        let mut mails =
            query.text.contains('@').then(|| self.mails.holding(&query.text)).into_iter().flatten().peekable();
        // Both come in order of rank, so the best are there long before the last line is looked at.
        loop {
            let next = match (text.peek(), mails.peek()) {
                (Some(one), Some(other)) if other < one => mails.next(),
                (Some(_), _) => text.next(),
                (None, _) => mails.next(),
            };
            let Some(rank) = next else { return ControlFlow::Continue(()) };
            found.take(Tier::Within, rank)?;
        }
    }

    /// The words that begin with `prefix`.
    fn starting<'a>(&self, sorted: &'a [Word], prefix: &str) -> &'a [Word] {
        let from = sorted.partition_point(|word| self.word(word) < prefix);
        let rest = &sorted[from..];
        &rest[..rest.partition_point(|word| self.word(word).starts_with(prefix))]
    }

    fn ranks_starting(&self, words: &[Word], prefix: &str) -> Marks {
        let mut marks = Marks::default();
        for word in self.starting(words, prefix) {
            marks.set(word.rank);
        }
        marks
    }

    /// Whether each typed word begins a word of its own, and whether one of those is of the surname.
    ///
    /// Longest first, any free word will do: what a longer word can take, every shorter one that begins alike can
    /// take as well, so nothing is gained by choosing.
    fn fits_words(&self, rank: usize, typed: &[String]) -> Option<Tier> {
        let line = &self.text.text[self.lines[rank].clone()];
        let mut free: Vec<&str> = words(line).collect();
        free.sort_unstable();
        free.dedup();
        for word in typed {
            free.swap_remove(free.iter().position(|own| own.starts_with(word.as_str()))?);
        }
        let login = self.login(rank);
        let surname = surname_start(login).map_or("", |start| &login[start..]);
        let of_surname = words(surname).any(|own| typed.iter().any(|word| own.starts_with(word.as_str())));
        Some(if of_surname { Tier::Surname } else { Tier::Word })
    }
}

/// Where the surname begins in `name.surname`.
pub(super) fn surname_start(login: &str) -> Option<usize> {
    login.find('.').map(|dot| dot + 1)
}

/// The part before the `@` where a name is an e-mail.
pub(super) fn mail_local_part(name: &str) -> Option<&str> {
    let (local, domain) = name.split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains([' ', '@']);
    (plain(local) && plain(domain)).then_some(local)
}

struct Found<'a, W> {
    index: &'a Index,
    seen: Marks,
    wanted: W,
    limit: usize,
    hits: Vec<(Tier, usize)>,
}

impl<W: Fn(&Agent) -> bool> Found<'_, W> {
    fn take(&mut self, tier: Tier, rank: usize) -> ControlFlow<()> {
        if self.seen.set(rank) && (self.wanted)(&self.index.agents[rank]) {
            self.hits.push((tier, rank));
        }
        if self.hits.len() < self.limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// The order in which hits of several lists stand together.
pub(super) fn order(a: (Tier, &str, &Agent), b: (Tier, &str, &Agent)) -> Ordering {
    (a.0, a.1, &a.2.login, &a.2.id).cmp(&(b.0, b.1, &b.2.login, &b.2.id))
}
