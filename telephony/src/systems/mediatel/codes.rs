//! The numbers that `error.code` may hold, as the documents' table names them, and what they mean where no reason is given.
//!
//! Success and what is told apart by kind (no credentials, not found, too many …) is the envelope's business.

/// What a code says, as a sentence's middle that ends with what to do.
pub(super) fn sentence(code: i64) -> String {
    let named = match name(code) {
        Some(name) => format!("\"{name}\", code {code}"),
        None => format!("code {code}, which its documents do not have"),
    };
    match code {
        100..=199 | 300..=399 => format!("that is no answer to this ({named}); have base_url checked"),
        402 | 451 => format!("it does not do that for this account ({named}); ask whoever looks after it"),
        405 | 406 | 411 | 412 | 414..=418 | 421 | 424 | 426 | 428 | 431 => format!(
            "it does not take the request as I put it ({named}), which is no mistake of yours; tell whoever looks after \
             the bot"
        ),
        407 => format!("a server on the way to it asks for credentials ({named}); have base_url checked"),
        409 => format!("that conflicts with what it already has ({named}); look at what is there, then ask again"),
        413 => format!("that is too much at once for it ({named}); send less"),
        423 => format!("somebody else holds it at the moment ({named}); ask again in a while"),
        _ => format!("it gives no reason ({named}); ask whoever looks after it"),
    }
}

/// The table's own words; those of 306 and 307 are misnumbered there, and taken as they stand.
const fn name(code: i64) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        306 => "Temporary Redirect",
        307 => "Permanent Redirect",
        402 => "Payment Required",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        409 => "Conflict",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Payload Too Large",
        414 => "Request URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        417 => "Expectation Failed",
        418 => "I'm a teapot",
        421 => "Misdirected Request",
        423 => "Locked",
        424 => "Failed Dependency",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        _ => return None,
    })
}
